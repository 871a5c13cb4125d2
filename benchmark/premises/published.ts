/** A figure that others published for MathlibMPR. */
export interface PublishedFigure {
  readonly system: string;
  /** Group Recall@10, mean over the 69 theorems, in [0, 1]. */
  readonly recall10: number;
  readonly source: string;
}

const source = "arXiv:2605.13137, Table 2";

/** What others report on MathlibMPR, best first. */
export const PUBLISHED_FIGURES: readonly PublishedFigure[] = [
  { system: "LeanSearch v2, reasoning mode", recall10: 0.461, source },
  { system: "strong reasoning retrieval systems", recall10: 0.38, source },
  { system: "premise selection", recall10: 0.093, source },
];
