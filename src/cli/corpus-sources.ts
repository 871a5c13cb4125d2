import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { isLakeProject, type ProjectProblem } from "../corpus/lake/lake-project.js";
import { lakeSourceText, namesIn, parseLakeSource } from "../corpus/lake/lake-source.js";
import type { SkippedLine } from "../corpus/read.js";
import type { SourceListener } from "../corpus/read-source.js";
import { UserError } from "../errors.js";
import type { Context } from "./context.js";

/** What a command says of the sources that it takes. */
export const SOURCES_HELP =
  "Lake projects (folders with a lakefile), JSONL corpora (.jsonl, .jsonl.gz, .jsonl.br), - for standard input, or starter";

/** The flags that choose within a Lake project. */
export const DEPS_FLAG = [
  "--deps [NAMES]",
  "of a Lake project, also what it depends on: all, or only these packages (joined by commas)",
] as const;
export const LIBS_FLAG = [
  "--libs <NAMES>",
  "of a Lake project, also these libraries that are not built by default",
] as const;

/**
 * Sources as they are remembered: from any folder, they mean the same.
 *
 * @throws UserError for choices within a Lake project where no source is one: `badInput` where a
 * source is missing, else `usage`.
 */
export function placedSources(
  sources: readonly string[],
  { deps, libs }: { deps?: true | string | undefined; libs?: string | undefined },
): string[] {
  const choices = {
    dependencies: deps === undefined ? "none" : deps === true ? "all" : namesIn(deps),
    libraries: libs === undefined ? [] : namesIn(libs),
  } as const;
  const placed = sources.map((source) => {
    if (isNoFile(source)) return source;
    return isLakeProject(source) ? lakeSourceText({ folder: source, ...choices }) : resolve(source);
  });
  const flag = deps === undefined ? "--libs" : "--deps";
  if ((deps ?? libs) !== undefined && !placed.some((source) => parseLakeSource(source))) {
    const missing = sources.find((source) => !isNoFile(source) && !existsSync(source));
    if (missing !== undefined) {
      throw new UserError("badInput", `There is no folder ${resolve(missing)}: check the path.`);
    }
    throw new UserError(
      "usage",
      `${flag} chooses within a Lake project: name its folder before it, such as lemmascope index . ${flag}.`,
    );
  }
  return placed;
}

/** Whether a source stands for something else than a file or folder. */
function isNoFile(source: string): boolean {
  return source === "-" || source === "starter";
}

/** How many places that were left out are shown one by one. */
const SHOWN = 10;

/** What could not be read of sources, the first of each sort kept to be told. */
export class UnreadPlaces {
  readonly listener: Required<Pick<SourceListener, "onSkip" | "onProblem" | "onUnread">>;
  readonly #skips: SkippedLine[] = [];
  readonly #problems: ProjectProblem[] = [];
  readonly #libraries: string[] = [];
  #skipped = 0;
  #problemCount = 0;

  constructor() {
    this.listener = {
      onSkip: (skip) => {
        this.#skipped += 1;
        if (this.#skips.length < SHOWN) this.#skips.push(skip);
      },
      onProblem: (problem) => {
        this.#problemCount += 1;
        if (this.#problems.length < SHOWN) this.#problems.push(problem);
      },
      onUnread: (libraries) => void this.#libraries.push(...libraries),
    };
  }

  /** Says in notices what was left out. */
  tell(context: Context): void {
    for (const { source, line, reason } of this.#skips) {
      context.notice(`Left out ${source}, line ${line}: ${reason}.`);
    }
    const more = this.#skipped - this.#skips.length;
    if (more > 0) context.notice(`Left out ${more} more malformed lines.`);
    for (const { path, line, message } of this.#problems) {
      context.notice(`${path}, line ${line}: ${message}.`);
    }
    const moreProblems = this.#problemCount - this.#problems.length;
    if (moreProblems > 0) context.notice(`${moreProblems} more places could not be read.`);
    if (this.#libraries.length > 0) {
      context.notice(
        `Not read, as lake does not build them by default: ${this.#libraries.join(", ")} (--libs reads them).`,
      );
    }
  }
}
