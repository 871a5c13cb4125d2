import { relative } from "node:path";
import { ChangedFiles } from "../corpus/lake/changed-files.js";
import { UserError } from "../errors.js";
import { IndexWatch, type WatchReport } from "../index/watch.js";
import type { Context } from "./context.js";
import {
  type BuildRequest,
  buildOptions,
  buildTelling,
  describeBuild,
  openEmbedder,
} from "./run-build.js";

/** After a change that could not be taken in, it is tried again so much later, in ms. */
const RETRY_MS = 2000;

/**
 * Builds an index of Lake projects and keeps it in line with their files until Ctrl-C.
 *
 * @throws UserError as `IndexWatch.start` does; later failures are told, and tried again.
 */
export async function watchIndex(
  context: Context,
  request: BuildRequest,
  { json }: { readonly json: boolean },
): Promise<void> {
  const embedder = await openEmbedder(context, request);
  let telling = buildTelling(context);
  let begun = Date.now();
  // Whatever index there was, only the first build starts from nothing.
  let { rebuild } = request;
  const options = () => {
    telling.end();
    telling = buildTelling(context);
    begun = Date.now();
    const options = buildOptions(context, { ...request, rebuild }, embedder);
    rebuild = false;
    return { ...options, ...telling.listener };
  };
  try {
    const { watch, report } = await IndexWatch.start(options);
    try {
      telling.tell();
      if (json) context.print(JSON.stringify({ index: request.path, ...report }));
      else describeBuild(context, request.path, report);
      await follow(context, watch, {
        lastBuild: () => begun,
        tell: (change) => {
          if (change.how === "build") telling.tell();
          tellChange(context, request.path, change, json);
        },
        endProgress: () => telling.end(),
      });
    } finally {
      watch.close();
    }
  } finally {
    telling.end();
    await embedder?.close();
  }
}

interface FollowListener {
  /** When the last build began, in ms. */
  readonly lastBuild: () => number;
  readonly tell: (report: WatchReport) => void;
  readonly endProgress: () => void;
}

/** Takes changes in, one batch after the other, until the signal. */
async function follow(
  context: Context,
  watch: IndexWatch,
  { lastBuild, tell, endProgress }: FollowListener,
): Promise<void> {
  const { signal } = context;
  const isOver = (): boolean => signal.aborted;
  // What was saved after it was read and before anybody watched.
  const missed = (): string[] => watch.changedSince(lastBuild(), files.present);
  let folders = watch.folders;
  let files = await ChangedFiles.of(folders);
  context.notice(`Watching ${folders.join(", ")}; Ctrl-C ends.`);
  let pending = missed();
  let isCatchingUp = true;
  let toldProblems = "[]";
  let toldFailure = "";
  let hasFailed = false;
  try {
    while (!isOver()) {
      if (pending.length > 0) {
        const paths = pending;
        hasFailed = false;
        pending = [];
        isCatchingUp ||= files.hasLostFolder;
        try {
          const report = await watch.change(paths, signal);
          endProgress();
          const problems = JSON.stringify(report?.how === "update" ? report.problems : []);
          // Editors save in several steps, of which only some change anything.
          const isNew = !isCatchingUp && problems !== "[]" && problems !== toldProblems;
          if (report !== undefined && (isNew || isNews(report, isCatchingUp))) tell(report);
          toldProblems = problems;
          toldFailure = "";
        } catch (error) {
          if (isOver()) return;
          if (!(error instanceof UserError)) throw error;
          endProgress();
          if (error.message !== toldFailure) context.notice(error.message);
          toldFailure = error.message;
          pending = paths;
          hasFailed = true;
        }
        isCatchingUp = false;
        const isUnwatched = files.hasLostFolder && !hasFailed;
        if (isUnwatched || folders.join() !== watch.folders.join()) {
          pending.push(...(await files.next(signal, 0)));
          await files.close();
          folders = watch.folders;
          files = await ChangedFiles.of(folders);
          pending = [...new Set([...pending, ...missed()])];
          isCatchingUp = true;
        }
      }
      const more = await files.next(signal, waitMs(pending, hasFailed));
      pending = [...new Set([...pending, ...more])];
    }
  } finally {
    await files.close();
  }
}

/** How long to wait for more changes, in ms; undefined: until there are some. */
function waitMs(pending: readonly string[], hasFailed: boolean): number | undefined {
  if (hasFailed) return RETRY_MS;
  return pending.length > 0 ? 0 : undefined;
}

/** Whether a change came to anything; people want to know of a lakefile that they changed in any case. */
function isNews(report: WatchReport, isCatchingUp: boolean): boolean {
  if (report.how === "build") return report.report.written || !isCatchingUp;
  return report.added + report.changed + report.removed > 0;
}

/** Says in a line what a change came to. */
function tellChange(context: Context, path: string, change: WatchReport, json: boolean): void {
  if (json) {
    context.print(JSON.stringify({ index: path, ...change }));
    return;
  }
  if (change.how === "build") {
    describeBuild(context, path, change.report);
    return;
  }
  for (const problem of change.problems) {
    context.notice(`${problem.path}, line ${problem.line}: ${problem.message}.`);
  }
  const { added, changed, removed, elapsedMs } = change;
  const counts = [
    [added, "added"],
    [changed, "changed"],
    [removed, "removed"],
  ] as const;
  const told = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  // A save that changes no declaration is not worth a line.
  if (told.length === 0) return;
  const where = change.paths.map((each) => relative(process.cwd(), each));
  const shown = where.length > 3 ? `${where.length} files` : where.join(", ");
  context.print(`${shown}: ${told.join(", ")} (${Math.round(elapsedMs)} ms)`);
}
