import type { Evidence } from "../../premises/evidence.js";
import type { Outcome, PremiseProgress } from "../../premises/premise-run.js";
import { shortened } from "../brief.js";
import type { PremisesFound } from "./premise-service.js";

const STAGES: Readonly<Record<PremiseProgress["stage"], string>> = {
  statement: "searching by the statement",
  sketch: "sketching a proof",
  retrieve: "searching for what the sketch needs",
  filter: "reading what was found",
  judge: "judging the plan",
  rank: "ordering the premises",
};

/** Where a run stands, in words. */
export function progressWords({ stage, round, done, total }: PremiseProgress): string {
  const count = total > 1 ? `, ${done} of ${total}` : "";
  const plan = round > 1 ? ` (plan ${round})` : "";
  return `${STAGES[stage]}${count}${plan}`;
}

const OUTCOMES: Readonly<Record<Outcome, string>> = {
  supported: "Every step of its plan is supported by what was found.",
  unsupported: "Its plan is not fully supported by what was found.",
  sketched: "Nobody read the results.",
  "no language model": "These premises come from the statement alone.",
  "budget spent": "The budget ran out: this is what was found until then.",
  "stopped early": "The run stopped early: this is what was found until then.",
  interrupted: "The server ended the run: this is what was found until then.",
};

/** Where premises come from and how the run ended, in sentences. */
export function originWords(found: PremisesFound): string {
  const { languageModel, isCallersSketch, outcome, sketch } = found;
  if (isCallersSketch) {
    const end = outcome === "sketched" ? "" : ` ${OUTCOMES[outcome]}`;
    return `From your sketch; no other language model was asked.${end}`;
  }
  if (languageModel === "none") return `No language model was used. ${OUTCOMES[outcome]}`;
  const model = {
    configured: "The server's language model",
    client: "Your own language model, asked by MCP sampling,",
  }[languageModel];
  const did = sketch === undefined ? "made no plan that could be used" : "planned the proof";
  return `${model} ${did}. ${OUTCOMES[outcome]}`;
}

/**
 * The strongest reason for a premise, in words.
 *
 * @param evidence the strongest first.
 * @param length how long it may be, in characters.
 */
export function evidenceWords(evidence: readonly Evidence[], length: number): string {
  const [best, ...rest] = evidence;
  if (best === undefined || length === 0) return "";
  const more = rest.length > 0 ? ` (and ${rest.length} more)` : "";
  return `${oneEvidence(best, length)}${more}`;
}

function oneEvidence({ channel, asked, rank, match, kept }: Evidence, length: number): string {
  const text = shortened(asked.replaceAll(/\s+/g, " "), length);
  const read = kept === true ? ", kept" : kept === false ? ", not kept" : "";
  switch (channel) {
    case "name":
      return match === "exact"
        ? "its name was guessed"
        : `guessed as ${text} (${match ?? "alike"})`;
    case "theorem":
      return `number ${rank} for the statement itself`;
    case "statement":
      return `number ${rank} for the wished-for "${text}"${read}`;
    case "query":
      return `number ${rank} for "${text}"${read}`;
  }
}
