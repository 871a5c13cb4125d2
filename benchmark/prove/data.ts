import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../../src/errors.js";
import { type Problem, readProblem } from "../../src/prove/problem.js";
import { readStatement } from "../../src/verify/source/statement.js";
import { checkShape, readJson } from "../files.js";

/** FATE-H (100 problems of algebra) and MathlibMPR-Prop (50 theorems of recent Mathlib). */
export const PROBLEM_SETS = ["FATE-H", "MathlibMPR-Prop"] as const;
export type ProblemSet = (typeof PROBLEM_SETS)[number];

/** A theorem of the benchmark. */
export interface BenchmarkProblem {
  /** `FATE-H/Problem_1`, `mathlibmpr_003`. */
  readonly id: string;
  readonly set: ProblemSet;
  readonly problem: Problem;
  /** The full name that the library has the theorem under; undefined where it does not have it. */
  readonly inLibrary: string | undefined;
}

const FATE_FILE = "FATE-H.jsonl";
const MPR_FILE = "MathlibMPR.json";
const MPR_IDS = "MathlibMPR_Prop_ids.txt";

const ADVICE = `get ${MPR_FILE}, ${MPR_IDS} and ${FATE_FILE} from the folder benchmark/ of https://github.com/frenzymath/LeanSearch-v2, and name the folder that holds the files`;

/**
 * The name that a theorem of MathlibMPR is asked for under. By now Mathlib has it under its own: a file
 * that declares it again would not compile, and its name would tell the prover what to cite.
 */
const ASKED_NAME = "asked_theorem";

const fateSchema = z.object({
  name: z.string().min(1),
  header: z.string(),
  formal_statement: z.string(),
  informal_statement: z.string(),
});

const mprSchema = z.array(
  z.object({
    id: z.string().min(1),
    formal_main_result: z.string().trim().min(1),
    NL_main_result: z.string().default(""),
    formal_statement: z.string(),
  }),
);

/**
 * The problems of the sets whose files are there.
 *
 * @param folder the folder that holds the files.
 * @param sets which sets are wanted; those whose files are there where undefined.
 * @throws UserError `badInput` where files are missing, which says where to get them, or where a file is
 *   not in the published form.
 */
export async function readProblems(
  folder: string,
  sets?: readonly ProblemSet[],
): Promise<BenchmarkProblem[]> {
  const isThere = (set: ProblemSet): boolean =>
    existsSync(join(folder, set === "FATE-H" ? FATE_FILE : MPR_FILE));
  const wanted = sets ?? PROBLEM_SETS.filter(isThere);
  if (wanted.length === 0) {
    throw new UserError("badInput", `${folder} has no ${FATE_FILE} and no ${MPR_FILE}: ${ADVICE}.`);
  }
  const problems: BenchmarkProblem[] = [];
  if (wanted.includes("FATE-H")) problems.push(...(await readFate(join(folder, FATE_FILE))));
  if (wanted.includes("MathlibMPR-Prop")) problems.push(...(await readProp(folder)));
  const ids = new Set<string>();
  for (const { id } of problems) {
    if (ids.has(id)) {
      throw new UserError("badInput", `${folder} has two problems ${id}: ${ADVICE}.`);
    }
    ids.add(id);
  }
  return problems;
}

/** The statement in words goes to the prover; the published proof in words does not. */
async function readFate(path: string): Promise<BenchmarkProblem[]> {
  const lines = (await readText(path)).split("\n");
  const problems = lines.flatMap((line, at): BenchmarkProblem[] => {
    if (line.trim() === "") return [];
    const place = `${path}, line ${at + 1},`;
    const entry = checkShape(parsedJson(line), fateSchema, place, ADVICE);
    const { name, header, formal_statement, informal_statement: informal } = entry;
    return [
      {
        id: `FATE-H/${name}`,
        set: "FATE-H",
        problem: problemOf(`${header}${formal_statement}`, informal, place),
        inLibrary: undefined,
      },
    ];
  });
  if (problems.length > 0) return problems;
  throw new UserError("badInput", `${path} holds no problem: ${ADVICE}.`);
}

async function readProp(folder: string): Promise<BenchmarkProblem[]> {
  const path = join(folder, MPR_FILE);
  const entries = checkShape(await readJson(path, ADVICE), mprSchema, path, ADVICE);
  const ids = (await readText(join(folder, MPR_IDS)))
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  if (ids.length === 0) {
    throw new UserError("badInput", `${join(folder, MPR_IDS)} holds no id: ${ADVICE}.`);
  }
  return ids.map((id) => {
    const entry = entries.find((one) => one.id === id);
    if (entry === undefined) {
      throw new UserError("badInput", `${path} has no theorem ${id}: ${ADVICE}.`);
    }
    const { formal_statement, NL_main_result, formal_main_result: inLibrary } = entry;
    const place = `${path} at ${id}`;
    const problem = problemOf(renamed(formal_statement, place), NL_main_result, place);
    // Retrieval has to know the theorem by the name that the library gives it, so as not to find it.
    const theorem = { ...problem.theorem, name: inLibrary };
    return { id, set: "MathlibMPR-Prop", problem: { ...problem, theorem }, inLibrary };
  });
}

/** The same file with the theorem under another name, without its docstring and attributes. */
function renamed(source: string, place: string): string {
  try {
    const statement = readStatement(source);
    const imports = statement.imports.map((module) => `import ${module}\n`).join("");
    return `${imports}\n${statement.restate(ASKED_NAME).trim()}\n`;
  } catch (error) {
    throw unusable(place, error);
  }
}

function problemOf(source: string, informal: string, place: string): Problem {
  try {
    return readProblem(source, { source: "The statement", informal });
  } catch (error) {
    throw unusable(place, error);
  }
}

function unusable(place: string, error: unknown): unknown {
  if (!(error instanceof UserError)) return error;
  return new UserError("badInput", `${place} cannot be used: ${error.message}`, { cause: error });
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new UserError("badInput", `${path} cannot be read: ${ADVICE}.`, { cause: error });
  }
}

function parsedJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/**
 * A checksum of what is asked. The order of the problems does not matter.
 *
 * @returns `sha256:` and 64 hexadecimal digits.
 */
export function fingerprintProblems(problems: readonly BenchmarkProblem[]): string {
  const lines = problems
    .map(({ id, problem: { statement, theorem } }) =>
      JSON.stringify([id, statement, theorem.informal]),
    )
    .sort();
  return `sha256:${createHash("sha256").update(lines.join("\n")).digest("hex")}`;
}
