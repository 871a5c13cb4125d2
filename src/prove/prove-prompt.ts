import type { FilledPrompt, Prompt } from "../llm/prompt.js";
import type { Attempt } from "./attempt.js";
import { problemsOf } from "./problems.js";
import type { Problem } from "./problem.js";
import type { Finding, StartingPremises } from "./retriever.js";

/** What came before a question to the prover, in the same candidate. */
export interface Earlier {
  readonly last: Attempt;
  /** The attempt that came closest, where it is another one. */
  readonly closer: Attempt | undefined;
  /** What the library has for the last attempt's problems. */
  readonly findings: readonly Finding[];
  /** Whether the last attempt was a file that had been sent before. */
  readonly isRepeated: boolean;
}

export interface ProveQuestion {
  readonly problem: Problem;
  readonly starting: StartingPremises;
  /** Undefined for the first attempt. */
  readonly earlier: Earlier | undefined;
  /** Which candidate is asked for, from 1, and how many there are. */
  readonly candidate: number;
  readonly candidates: number;
  /** Which attempt of the candidate this is, from 1, and how many there may be. */
  readonly round: number;
  readonly rounds: number;
}

const NOTHING = "(none)";

/** The question for a proof: the file, what may help, and what was wrong before. */
export function proveQuestion(prompt: Prompt, question: ProveQuestion): FilledPrompt {
  const { problem, starting, candidate, candidates } = question;
  const { statement, theorem } = problem;
  const plan = starting.plan.map((step, at) => `${at + 1}. ${step}`);
  const declarations = starting.premises.map(({ text }) => `- ${text}`);
  return prompt.fill({
    statement: statement.trimEnd(),
    informal: theorem.informal || NOTHING,
    proof: theorem.informalProof || NOTHING,
    plan: plan.length === 0 ? "" : prompt.section("Plan", { steps: plan.join("\n") }),
    premises:
      declarations.length === 0
        ? ""
        : prompt.section("Premises", { declarations: declarations.join("\n") }),
    earlier: earlierText(prompt, question),
    // Candidates that are asked the same would be answered the same, by a cache above all.
    route:
      candidate === 1
        ? ""
        : prompt.section("Route", { number: String(candidate), count: String(candidates) }),
  });
}

function earlierText(prompt: Prompt, { earlier, round, rounds }: ProveQuestion): string {
  if (earlier === undefined) return "";
  const { last, closer, findings, isRepeated } = earlier;
  const count = { attempt: String(round), attempts: String(rounds) };
  const closerText = closer === undefined ? "" : prompt.section("Closer", shown(closer));
  if (last.code === undefined) {
    return prompt.section("Unread", { ...count, problem: last.problem, closer: closerText });
  }
  const found = findings.map(
    ({ asked, premises }) => `For ${asked}:\n${premises.map(({ text }) => `- ${text}`).join("\n")}`,
  );
  const parts = [
    prompt.section("Earlier", {
      ...count,
      ...shown(last),
      closer: closerText,
      found: found.length === 0 ? "" : prompt.section("Found", { found: found.join("\n\n") }),
    }),
    ...(isRepeated ? [prompt.section("Repeated")] : []),
  ];
  return parts.join("\n\n");
}

function shown({ code = "", verdict }: Attempt): { code: string; problems: string } {
  return {
    code: code.trimEnd(),
    problems: verdict === undefined ? "" : problemsOf(code, verdict),
  };
}
