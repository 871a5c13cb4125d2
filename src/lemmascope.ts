/** What other programs may use of lemmascope. */
export {
  type Declaration,
  type DeclarationKind,
  documentationUrl,
  leanStatement,
} from "./declaration.js";
export { type ExitName, UserError } from "./errors.js";
export {
  buildIndex,
  type BuildOptions,
  type BuildProgress,
  type BuildReport,
} from "./index/build.js";
export { DeclarationIndex, type Filter, type IndexSummary } from "./index/declaration-index.js";
export type { Candidate, Channel, RankedCandidate, Ranker } from "./search/candidate.js";
export { nearNames } from "./search/near-names.js";
export { Search, type SearchOptions, type SearchParts } from "./search/search.js";
export { VERSION } from "./package-root.js";
