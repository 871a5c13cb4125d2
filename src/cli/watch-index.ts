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
      await follow(
        context,
        watch,
        () => begun,
        (change) => {
          if (change.how === "build") telling.tell();
          tellChange(context, request.path, change, json);
        },
      );
    } finally {
      watch.close();
    }
  } finally {
    telling.end();
    await embedder?.close();
  }
}

/** Takes changes in, one batch after the other, until the signal. */
async function follow(
  context: Context,
  watch: IndexWatch,
  lastBuild: () => number,
  tell: (report: WatchReport) => void,
): Promise<void> {
  const { signal } = context;
  const isOver = (): boolean => signal.aborted;
  let folders = watch.folders;
  let files = await ChangedFiles.of(folders);
  context.notice(`Watching ${folders.join(", ")}; Ctrl-C ends.`);
  // What was saved after it was read and before anybody watched; clocks of file systems are coarse.
  let pending = watch.changedSince(lastBuild() - 1000);
  let isCatchingUp = true;
  let toldProblems = "[]";
  try {
    while (!isOver()) {
      if (pending.length > 0) {
        const paths = pending;
        pending = [];
        try {
          const report = await watch.change(paths, signal);
          const problems = JSON.stringify(report?.how === "update" ? report.problems : []);
          // Editors save in several steps, of which only some change anything.
          const isNew = !isCatchingUp && problems !== "[]" && problems !== toldProblems;
          if (report !== undefined && (isNew || isNews(report))) tell(report);
          isCatchingUp = false;
          toldProblems = problems;
        } catch (error) {
          if (isOver()) return;
          if (!(error instanceof UserError)) throw error;
          context.notice(error.message);
          pending = paths;
        }
        if (folders.join() !== watch.folders.join()) {
          await files.close();
          folders = watch.folders;
          files = await ChangedFiles.of(folders);
        }
      }
      const more = await files.next(signal, pending.length > 0 ? RETRY_MS : undefined);
      pending = [...new Set([...pending, ...more])];
    }
  } finally {
    await files.close();
  }
}

/** Whether a change came to anything. */
function isNews(report: WatchReport): boolean {
  return report.how === "build" || report.added + report.changed + report.removed > 0;
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
