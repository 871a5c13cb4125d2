import { z } from "zod";
import { briefDescription, briefStatement, place, shortened } from "../service/brief.js";
import type { PremisesFound } from "../service/premises/premise-service.js";
import { evidenceWords, originWords } from "../service/premises/premise-words.js";
import type { Answer, Size } from "./context-budget.js";

const premise = z.object({
  rank: z.number().describe("From 1, the likeliest first."),
  name: z.string().describe("The full name, as to be written in Lean."),
  module: z.string().describe("The module to import, and the line where known."),
  statement: z.string().describe("In Lean; '…' where it was shortened."),
  description: z.string().optional(),
  steps: z.array(z.number()).optional().describe("The steps that it serves, from 1."),
  evidence: z.string().optional().describe("Why it is here."),
});

const step = z.object({
  step: z.number().describe("From 1."),
  what: z.string(),
  supported: z
    .boolean()
    .describe("False: nothing found carries it; split it, reword it or find another way."),
  premises: z.array(z.number()).describe("Ranks of the premises shown that serve it."),
});

/** What both premise tools answer with. */
export const premiseOutput = z.object({
  language_model: z
    .enum(["configured", "client", "none"])
    .describe(
      "Whose language model planned the proof: the server's, yours by sampling, or nobody's.",
    ),
  outcome: z.string().describe("How the run ended, in a word or two."),
  summary: z.string().describe("Where the premises come from and how the run ended."),
  premises: z.array(premise).describe("Best first."),
  left_out: z.number().optional().describe("Premises found but left out to save room."),
  steps: z.array(step).describe("The plan's steps; empty where there was no plan."),
  unknown_names: z
    .array(
      z.object({
        name: z.string(),
        near: z.array(z.string()).describe("Existing names like it, most alike first."),
      }),
    )
    .describe("Guessed names that do NOT exist: do not use them."),
  notes: z.array(z.string()).optional().describe("What went wrong, and what was left out."),
});

type Output = z.infer<typeof premiseOutput>;

/** How long a piece of evidence, a note and a step's text may be, beside a statement's room. */
const EVIDENCE_SHARE = 0.3;
const NOTE_LENGTH = 200;
const NOTES = 3;

/** Writes what a run found in a size. */
export function writePremises(found: PremisesFound, size: Size): Answer<Output> {
  const shown = found.premises.slice(0, size.entries);
  const leftOut = found.premises.length - shown.length;
  const near = size.description === 0 ? 2 : 5;
  const steps = found.sketch?.steps ?? [];
  const fewer = 2 * size.entries;
  const notes = [...cutNotes(found, fewer), ...notesOf(found.notes)];
  const structured: Output = {
    language_model: found.languageModel,
    outcome: found.outcome,
    summary: originWords(found),
    premises: shown.map((item, at) => asPremise(item, at, size)),
    ...(leftOut > 0 ? { left_out: leftOut } : {}),
    steps: steps.slice(0, fewer).map(({ what }, at) => ({
      step: at + 1,
      what: shortened(what.replaceAll(/\s+/g, " "), Math.min(160, size.statement / 2)),
      supported: !found.unsupportedSteps.includes(at),
      premises: shown.flatMap(({ steps }, rank) => (steps.includes(at) ? [rank + 1] : [])),
    })),
    unknown_names: found.unknownNames
      .slice(0, fewer)
      .map((unknown) => ({ name: unknown.name, near: unknown.near.slice(0, near) })),
    ...(notes.length === 0 ? {} : { notes }),
  };
  return { structured, text: asText(structured) };
}

function asPremise(
  { declaration, steps, evidence }: PremisesFound["premises"][number],
  at: number,
  size: Size,
): Output["premises"][number] {
  const description = briefDescription(declaration, size.description);
  // The barest sizes tell what a premise serves, and no more.
  const length = size.description === 0 ? 0 : Math.min(120, size.statement * EVIDENCE_SHARE);
  const why = evidenceWords(evidence, length);
  return {
    rank: at + 1,
    name: declaration.name,
    module: place(declaration),
    statement: briefStatement(declaration, size.statement),
    ...(description === "" ? {} : { description }),
    ...(steps.length === 0 ? {} : { steps: steps.map((one) => one + 1) }),
    ...(why === "" ? {} : { evidence: why }),
  };
}

/** What is not shown of the steps and names, so that nobody takes them for good. */
function cutNotes({ sketch, unknownNames, unsupportedSteps }: PremisesFound, shown: number) {
  const steps = (sketch?.steps.length ?? 0) - shown;
  const unsupported = unsupportedSteps.filter((step) => step >= shown).map((step) => step + 1);
  const names = unknownNames.length - shown;
  return [
    ...(steps > 0 ? [`${steps} more steps are not shown.`] : []),
    ...(unsupported.length > 0 ? [`Of these not supported: ${unsupported.join(", ")}.`] : []),
    ...(names > 0
      ? [`${names} more guessed names do NOT exist; raise max_tokens to see them.`]
      : []),
  ];
}

function notesOf(notes: readonly string[]): string[] {
  const told = notes.slice(0, NOTES).map((note) => shortened(note, NOTE_LENGTH));
  const rest = notes.length - told.length;
  return rest > 0 ? [...told, `And ${rest} more notes.`] : told;
}

function asText(answer: Output): string {
  const { summary, premises, left_out: leftOut, steps, unknown_names: unknown, notes } = answer;
  const lines = [summary, ...(notes ?? [])];
  if (premises.length === 0) lines.push("Nothing was found: say more of the theorem.");
  for (const one of premises) {
    const serves = one.steps === undefined ? "" : `; step ${one.steps.join(", ")}`;
    lines.push(`${one.rank}. ${one.name}  [${one.module}${serves}]`, `   ${one.statement}`);
    if (one.description !== undefined) lines.push(`   ${one.description}`);
    if (one.evidence !== undefined) lines.push(`   (${one.evidence})`);
  }
  if (leftOut !== undefined) lines.push(`(${leftOut} more: raise max_tokens to see them)`);
  for (const { step: number, what, supported } of steps) {
    if (!supported) lines.push(`Step ${number} is NOT supported by anything found: ${what}`);
  }
  for (const { name, near } of unknown) {
    const others = near.length === 0 ? "" : `; near it: ${near.join(", ")}`;
    lines.push(`${name}: does NOT exist${others}.`);
  }
  return lines.join("\n");
}
