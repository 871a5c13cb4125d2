import { join } from "node:path";
import type { Command } from "commander";
import { z } from "zod";
import { defaultIndex } from "../../config/settings.js";
import type { DownloadProgress } from "../../download/download.js";
import { pull } from "../../download/pull.js";
import { MATHLIB_DATA_SET } from "../../download/source.js";
import { type Context, contextOf, wholeNumber } from "../context.js";
import { progressDisplay, type ProgressDisplay } from "../progress.js";
import { describeBuild, runBuild } from "../run-build.js";

const flags = z.object({
  revision: z.string().optional(),
  stallTimeout: z.number().default(30),
  downloadOnly: z.boolean().default(false),
});

export function addPullCommand(program: Command): void {
  program
    .command("pull")
    .description("download a corpus of Mathlib and index it")
    .argument("[SOURCE]", `a Hugging Face data set, or an address (default: ${MATHLIB_DATA_SET})`)
    .option("--revision <REVISION>", "a branch, tag or commit of the data set")
    .option(
      "--stall-timeout <SECONDS>",
      "how long a connection may stand still before it is made anew (default: 30)",
      wholeNumber("--stall-timeout", 1, 3600),
    )
    .option("--download-only", "do not index")
    .addHelpText(
      "after",
      `
A download that was cut goes on where it was, and every file is checked against the size and hash
that the hub lists. HTTP_PROXY, HTTPS_PROXY, NO_PROXY, HF_ENDPOINT and HF_TOKEN are honoured.
Nothing but this command uses the network.

Examples:
  lemmascope pull
  lemmascope pull owner/data-set --index mathlib.sqlite
  lemmascope pull https://example.org/corpus.jsonl.gz`,
    )
    .action(async (source: string | undefined, _options: unknown, command: Command) => {
      const context = contextOf(command);
      const options = flags.parse(command.opts());
      const wanted = source ?? MATHLIB_DATA_SET;
      const paths = await fetchCorpus(context, wanted, options);
      if (options.downloadOnly) {
        for (const path of paths) context.print(path);
        return;
      }
      const path = context.settings.chosenIndex ?? defaultIndex(context.settings);
      const report = await runBuild(context, {
        path,
        sources: paths,
        strict: false,
        rebuild: false,
        embedder: undefined,
      });
      describeBuild(context, path, report);
    });
}

async function fetchCorpus(
  context: Context,
  wanted: string,
  options: z.infer<typeof flags>,
): Promise<string[]> {
  const directory = join(context.settings.dataDirectory, "downloads", folderName(wanted));
  context.notice(`Fetching ${wanted} into ${directory}`);
  const display = progressDisplay(context);
  try {
    const { files } = await pull(wanted, {
      directory,
      ...(options.revision === undefined ? {} : { revision: options.revision }),
      stallTimeoutMs: options.stallTimeout * 1000,
      signal: context.signal,
      onProgress: (progress) => showProgress(display, progress),
      onRetry: ({ reason, delayMs, failures }) =>
        context.logger.warn({ failures, delayMs: Math.round(delayMs) }, `trying again: ${reason}`),
    });
    return files.map((file) => file.path);
  } finally {
    display.end();
  }
}

function showProgress(display: ProgressDisplay, progress: DownloadProgress): void {
  const { file, receivedBytes, totalBytes, filesDone, filesTotal } = progress;
  const share = totalBytes === undefined ? undefined : receivedBytes / totalBytes;
  const size = totalBytes === undefined ? "" : ` of ${(totalBytes / 1e6).toFixed(1)}`;
  const place = `file ${Math.min(filesDone + 1, filesTotal)} of ${filesTotal}`;
  display.update(share, `${file}: ${(receivedBytes / 1e6).toFixed(1)}${size} MB, ${place}`);
}

/** A folder name of its own for each source, so that their files never mix. */
function folderName(source: string): string {
  return source.replaceAll(/[^\w.-]+/g, "-").replaceAll(/^[-.]+|-+$/g, "");
}
