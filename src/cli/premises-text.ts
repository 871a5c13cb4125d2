import { leanStatement } from "../declaration.js";
import type { DeclarationIndex } from "../index/declaration-index.js";
import type { Evidence, RankedPremise } from "../premises/evidence.js";
import type { Outcome, PremiseReport } from "../premises/premise-run.js";
import type { Purpose, Sketch } from "../premises/sketch.js";
import { outputColors as colors } from "./context.js";
import { location, shorten, shortenMiddle } from "./declaration-text.js";

/** How many pieces of evidence are shown for a premise. */
const SHOWN_EVIDENCE = 3;

const OUTCOMES: Readonly<Record<Outcome, string>> = {
  supported: "Every step of the plan is supported by what was found.",
  unsupported: "The plan is not fully supported by what was found.",
  sketched: "From a sketch that nobody judged.",
  "no language model": "No language model was used: these premises come from the statement alone.",
  "budget spent": "The budget ran out: this is what was found until then.",
  "stopped early": "The run stopped early: this is what was found until then.",
  interrupted: "Interrupted: this is what was found until then.",
};

/** A report for people: premises grouped by what they serve, numbered by their place. */
export function premiseLines(report: PremiseReport, index: DeclarationIndex): string[] {
  const lines = [OUTCOMES[report.outcome]];
  for (const { heading, premises } of groups(report)) {
    lines.push("", colors.bold(heading));
    for (const { premise, place } of premises) {
      lines.push(...premiseText(premise, place, index).map((line) => `  ${line}`));
    }
  }
  for (const step of report.unsupportedSteps) {
    lines.push("", colors.yellow(`Nothing found supports ${stepHeading(step, report.sketch)}`));
  }
  if (report.unknownNames.length > 0) {
    lines.push("", colors.dim(`Guessed, but no such name: ${report.unknownNames.join(", ")}`));
  }
  return lines;
}

interface Group {
  readonly heading: string;
  readonly premises: { readonly premise: RankedPremise; readonly place: number }[];
}

/** Groups in the order of the sketch: what serves the whole first, then step by step. */
function groups({ premises, sketch, rounds }: PremiseReport): Group[] {
  const byPurpose = new Map<string, Group & { readonly order: number }>();
  premises.forEach((premise, at) => {
    const { purpose, round } = mainEvidence(premise, rounds);
    const one = { premise, place: at + 1 };
    const isStep = purpose.kind === "step";
    // The steps of an earlier plan are not those of the last one, whatever their numbers.
    const isEarlier = isStep && round < rounds;
    const key = isEarlier ? "earlier" : isStep ? `step ${purpose.step}` : purpose.kind;
    const known = byPurpose.get(key);
    if (known !== undefined) {
      known.premises.push(one);
      return;
    }
    const order = isEarlier ? ORDER.earlier : isStep ? 10 + purpose.step : ORDER[purpose.kind];
    const heading = isEarlier ? HEADINGS.earlier : headingOf(purpose, sketch);
    byPurpose.set(key, { heading, order, premises: [one] });
  });
  return [...byPurpose.values()].sort((a, b) => a.order - b.order);
}

const ORDER = { theorem: 0, guess: 1, lemma: 2, definition: 3, earlier: 999, goal: 1000 } as const;

const HEADINGS = {
  theorem: "Theorems that lead towards the goal",
  guess: "By guessed names",
  lemma: "Like the lemmas wished for",
  definition: "Notions of the statement",
  earlier: "For steps of earlier plans",
  goal: "By the statement itself",
} as const;

function headingOf(purpose: Purpose, sketch: Sketch | undefined): string {
  if (purpose.kind === "step") return capital(stepHeading(purpose.step, sketch));
  return HEADINGS[purpose.kind];
}

function stepHeading(step: number, sketch: Sketch | undefined): string {
  const what = sketch?.steps[step]?.what ?? "";
  return `step ${step + 1}${what === "" ? "" : `: ${shorten(what, 160)}`}`;
}

/**
 * The evidence of what a premise serves most: a step before the rest, the last plan before those that
 * were turned down, and above all what was kept before what was not.
 */
function mainEvidence(
  { evidence }: RankedPremise,
  rounds: number,
): Pick<Evidence, "purpose" | "round"> {
  const weight = ({ kept, purpose, match, rank, round }: Evidence): number => {
    const isStep = purpose.kind === "step" ? 4 : 0;
    const isLast = round === rounds ? 2 : 0;
    const standing = kept === true ? 16 : kept === false ? -16 : 0;
    const named = match === "exact" ? 3 : 0;
    return standing + isStep + isLast + named - rank / 8 - (purpose.kind === "goal" ? 6 : 0);
  };
  const [first, ...rest] = evidence;
  if (first === undefined) return { purpose: { kind: "goal" }, round: 0 };
  return rest.reduce((best, one) => (weight(one) > weight(best) ? one : best), first);
}

function premiseText(premise: RankedPremise, place: number, index: DeclarationIndex): string[] {
  const declaration = index.declaration(premise.facts.id);
  const number = String(place).padStart(2);
  const kind = colors.dim(premise.facts.kind);
  const lines = [`${number}. ${colors.bold(premise.facts.name)}  ${kind}`];
  if (declaration !== undefined) {
    lines.push(`    ${colors.cyan(shortenMiddle(leanStatement(declaration), 240))}`);
    const where = location(declaration);
    if (where !== "") lines.push(`    ${colors.dim(where)}`);
  }
  const shown = [...premise.evidence]
    .sort((a, b) => strength(b) - strength(a))
    .slice(0, SHOWN_EVIDENCE);
  lines.push(...shown.map((one) => colors.dim(`    ${evidenceText(one)}`)));
  return lines;
}

function strength({ kept, match, rank }: Evidence): number {
  return (kept === true ? 2 : 0) + (match === "exact" ? 2 : 0) + 1 / rank;
}

/** One piece of evidence in words. */
export function evidenceText({ channel, asked, rank, match, kept }: Evidence): string {
  const verdict = kept === true ? ", kept" : kept === false ? ", not kept" : "";
  switch (channel) {
    case "name":
      return match === "exact" ? "its name was guessed" : `guessed: ${asked} (${match ?? ""})`;
    case "theorem":
      return `number ${rank} for the statement itself`;
    case "statement":
      return `number ${rank} for a wished-for lemma${verdict}`;
    case "query":
      return `number ${rank} for "${shorten(asked, 100)}"${verdict}`;
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A report as JSON output shows it: in the form of the HTTP API, steps counted from 1. */
export function premisesJson(report: PremiseReport, index: DeclarationIndex): object {
  const { outcome, premises, sketch, rounds, unsupportedSteps, unknownNames, notes, usage } =
    report;
  return {
    outcome,
    premises: premises.map(({ facts, score, evidence }, at) => {
      const declaration = index.declaration(facts.id);
      return {
        rank: at + 1,
        name: facts.name,
        kind: facts.kind,
        module: facts.module,
        statement: declaration === undefined ? "" : leanStatement(declaration),
        score: Number(score.toFixed(6)),
        evidence: evidence.map(evidenceJson),
      };
    }),
    steps: (sketch?.steps ?? []).map((step, at) => ({
      step: at + 1,
      ...step,
      supported: !unsupportedSteps.includes(at),
    })),
    rounds,
    unknown_names: unknownNames,
    notes,
    usage: {
      calls: usage.calls,
      prompt_tokens: usage.promptTokens,
      completion_tokens: usage.completionTokens,
      cached_answers: usage.cachedAnswers,
    },
  };
}

function evidenceJson({ purpose, ...evidence }: Evidence): object {
  const step = purpose.kind === "step" ? { step: purpose.step + 1 } : {};
  return { ...evidence, purpose: purpose.kind, ...step };
}
