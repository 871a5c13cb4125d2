import type { DeclarationIndex } from "../../index/declaration-index.js";
import type { Evidence, RankedPremise } from "../../premises/evidence.js";
import type { PremiseReport } from "../../premises/premise-run.js";
import { nearNames } from "../../search/near-names.js";
import { shortened } from "../brief.js";
import type { FoundPremise, ModelSource, PremisesFound } from "./premise-service.js";

/** How far down the results of a step's query a declaration still serves the step, unless it was kept. */
const SERVING_RANK = 10;

/** How many pieces of evidence a premise is told with, and how much of what was asked, in characters. */
const MOST_EVIDENCE = 30;
const ASKED_LENGTH = 300;

/** How many names are named where one does not exist, and for how many that is done. */
const NEAR_NAMES = 5;
const NAMES_WITH_NEAR = 40;

/** A run's report with all that a client may want to know of what it names. */
export function foundPremises(
  report: PremiseReport,
  index: DeclarationIndex,
  origin: {
    readonly languageModel: ModelSource;
    readonly isCallersSketch: boolean;
    /** Told before the run's own notes. */
    readonly notes: readonly string[];
  },
): PremisesFound {
  const { outcome, sketch, rounds, unsupportedSteps, usage } = report;
  return {
    outcome,
    languageModel: origin.languageModel,
    isCallersSketch: origin.isCallersSketch,
    premises: report.premises.flatMap((premise): FoundPremise[] => {
      const { facts, score, evidence } = premise;
      const declaration = index.declaration(facts.id);
      if (declaration === undefined) return [];
      const steps = stepsOf(premise, report);
      const told = strongest(evidence);
      return [{ declaration, usedBy: facts.usedBy, score, steps, evidence: told }];
    }),
    sketch,
    rounds,
    unsupportedSteps,
    unknownNames: report.unknownNames.map((name, place) => ({
      name,
      near: place < NAMES_WITH_NEAR ? nearNames(index, name, NEAR_NAMES) : [],
    })),
    notes: [...origin.notes, ...report.notes],
    usage,
  };
}

/** Of a long sketch's evidence, what matters: answers would have many megabytes. */
function strongest(evidence: readonly Evidence[]): Evidence[] {
  return [...evidence]
    .sort((a, b) => strength(b) - strength(a))
    .slice(0, MOST_EVIDENCE)
    .map((one) => ({ ...one, asked: shortened(one.asked, ASKED_LENGTH) }));
}

function strength({ kept, match, rank, channel }: Evidence): number {
  const read = kept === true ? 2 : kept === false ? -2 : 0;
  return read + (match === "exact" ? 2 : 0) + (channel === "theorem" ? 0 : 1) + 1 / rank;
}

/** The steps of the last sketch that a premise serves: found for them, or named in them. */
function stepsOf(
  { facts, evidence }: RankedPremise,
  { sketch, rounds }: Pick<PremiseReport, "sketch" | "rounds">,
): number[] {
  const steps = sketch?.steps ?? [];
  return [...steps.keys()].filter((step) => {
    const { what = "", why = "" } = steps[step] ?? {};
    if (facts.name.includes(".") && `${what} ${why}`.includes(facts.name)) return true;
    return evidence.some(
      ({ round, purpose, rank, kept = rank <= SERVING_RANK }) =>
        round === rounds && purpose.kind === "step" && purpose.step === step && kept,
    );
  });
}
