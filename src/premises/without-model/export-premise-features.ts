import type { DeclarationIndex } from "../../index/declaration-index.js";
import type { Search } from "../../search/search.js";
import { type Theorem, TheoremItself } from "../theorem.js";
import { gatherCandidates } from "./premise-candidates.js";
import type { PremiseEncoder } from "./premise-encoder.js";
import { premiseFeatureMatrix } from "./premise-features.js";
import { FOUND_PER_TEXT, searchStatement } from "./statement-searches.js";

/** A theorem of the index to learn from, with what its author could not have known. */
export interface TaughtTheorem {
  readonly theorem: Theorem;
  /** Its module: what else stands there has no vote as a neighbour. */
  readonly module: string;
  /** Declarations that are hidden, because they came later. */
  readonly hidden: ReadonlySet<string>;
  /** What its proof refers to. */
  readonly premises: readonly string[];
}

/** The candidates of one theorem, as the premise ranker's training reads them. */
export interface PremiseFeatures {
  /** How many candidates. */
  readonly rows: number;
  /** The row of each premise, in the order given; -1 where no source brought it. */
  readonly premises: readonly number[];
  /** `rows` × the number of features, float32, little-endian, in Base64. */
  readonly features: string;
}

/** The features of a theorem's candidates. */
export async function exportPremiseFeatures(
  { index, search, encoder }: { index: DeclarationIndex; search: Search; encoder: PremiseEncoder },
  { theorem, module, hidden, premises }: TaughtTheorem,
): Promise<PremiseFeatures> {
  const itself = new TheoremItself(index, theorem);
  const candidates = gatherCandidates({
    index,
    searches: await searchStatement(search, theorem, itself, { limit: FOUND_PER_TEXT }),
    vectors: await encoder.encode(theorem),
    itself,
    hides: ({ name }) => hidden.has(name),
    isSilent: (facts) => facts.module === module,
  });
  const matrix = premiseFeatureMatrix(theorem, candidates);
  const bytes = Buffer.alloc(matrix.length * 4);
  matrix.forEach((value, at) => bytes.writeFloatLE(value, at * 4));
  const rows = new Map(candidates.map(({ facts }, row) => [facts.name, row]));
  return {
    rows: candidates.length,
    premises: premises.map((name) => rows.get(name) ?? -1),
    features: bytes.toString("base64"),
  };
}
