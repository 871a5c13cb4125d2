import { UserError } from "../errors.js";
import { buildIndex, type BuildOptions, type BuildReport } from "../index/build.js";
import type { Embedder } from "../models/embedder.js";
import { RemoteEmbedder } from "../models/remote-embedder.js";
import { StaticEmbedder } from "../models/static-embedder.js";
import type { Context } from "./context.js";
import { UnreadPlaces } from "./corpus-sources.js";
import { progressDisplay } from "./progress.js";

export const EMBEDDER_CHOICES = ["static", "remote", "none"] as const;
export type EmbedderChoice = (typeof EMBEDDER_CHOICES)[number];

/** What is to be built. */
export interface BuildRequest {
  /** Of the index. */
  readonly path: string;
  readonly sources: readonly string[];
  readonly strict: boolean;
  readonly rebuild: boolean;
  readonly embedder: EmbedderChoice | undefined;
  /** Another folder than the bundled `models/`. */
  readonly models?: string | undefined;
}

/** Builds with progress on standard error and the first places that could not be read named. */
export async function runBuild(context: Context, request: BuildRequest): Promise<BuildReport> {
  const embedder = await openEmbedder(context, request);
  const telling = buildTelling(context);
  try {
    const report = await buildIndex({
      ...buildOptions(context, request, embedder),
      ...telling.listener,
    });
    telling.tell();
    return report;
  } finally {
    telling.end();
    await embedder?.close();
  }
}

/** What a request means to `buildIndex`. */
export function buildOptions(
  context: Context,
  { path, sources, strict, rebuild }: BuildRequest,
  embedder: Embedder | undefined,
): BuildOptions {
  return {
    ...(embedder === undefined ? {} : { embedder }),
    ...{ index: path, sources, strict },
    fromScratch: rebuild,
    signal: context.signal,
  };
}

/** Tells of one build while it goes on, and afterwards of what could not be read. */
export function buildTelling(context: Context): {
  readonly listener: Partial<BuildOptions>;
  /** Ends the progress and names what could not be read. */
  readonly tell: () => void;
  /** Ends the progress. */
  readonly end: () => void;
} {
  const display = progressDisplay(context);
  const unread = new UnreadPlaces();
  return {
    listener: {
      onStart: (start) => {
        context.logger.debug({ start }, "building");
        if (start === "resume") context.notice("Going on with the interrupted build.");
      },
      onProgress: ({ phase, source, declarations, bytesRead, bytesTotal }) => {
        const share = bytesTotal === undefined ? undefined : bytesRead / bytesTotal;
        if (phase === "embedding") {
          display.update(share, `${bytesRead} of ${bytesTotal ?? 0} vectors by ${source}`);
        } else if (phase === "completing")
          display.update(1, `${declarations} declarations, completing`);
        else display.update(share, `${declarations} declarations, reading ${source}`);
      },
      ...unread.listener,
    },
    tell: () => {
      display.end();
      unread.tell(context);
    },
    end: () => {
      display.end();
    },
  };
}

/** The embedder that was asked for; undefined for none, and where the bundled one is missing. */
export async function openEmbedder(
  context: Context,
  choice: Pick<BuildRequest, "embedder" | "models">,
): Promise<Embedder | undefined> {
  const { embedder: remote } = context.settings;
  const which = choice.embedder ?? (remote === undefined ? "static" : "remote");
  if (which === "none") return undefined;
  if (which === "static") {
    const bundled = await StaticEmbedder.load(choice.models);
    if (bundled === undefined) {
      context.notice("The bundled models are missing: the index is made without vectors.");
    }
    return bundled;
  }
  if (remote === undefined) {
    throw new UserError(
      "usage",
      'No remote embedder is configured: set "embedder" in the configuration file, or LEMMASCOPE_EMBEDDER_URL and LEMMASCOPE_EMBEDDER_MODEL.',
    );
  }
  return RemoteEmbedder.connect(remote, { env: process.env, signal: context.signal });
}

/** Says in a few lines what a build did. */
export function describeBuild(context: Context, path: string, report: BuildReport): void {
  const { counts, removed, skippedLines, problems, declarations, elapsedMs, written } = report;
  if (!written) {
    context.print(`${path} is up to date: ${declarations} declarations.`);
    return;
  }
  context.print(
    `${path}: ${declarations} declarations indexed in ${(elapsedMs / 1000).toFixed(1)} s.`,
  );
  const details = [
    [counts.added, "added"],
    [counts.changed, "changed"],
    [counts.unchanged, "unchanged"],
    [removed, "removed"],
    [counts.duplicate, `duplicate ${counts.duplicate === 1 ? "name" : "names"} left out`],
    [skippedLines, skippedLines === 1 ? "malformed line left out" : "malformed lines left out"],
    [problems, `${problems === 1 ? "place" : "places"} that could not be read`],
  ] as const;
  const told = details.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  if (told.length > 0) context.print(`  ${told.join(", ")}`);
}
