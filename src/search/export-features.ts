import { UserError } from "../errors.js";
import { featureMatrix } from "./features.js";
import { RANKED_CANDIDATES } from "./learned-ranker.js";
import { linearOrder } from "./linear-ranker.js";
import type { Search } from "./search.js";

/** The candidates of one query, as the ranker's training reads them. */
export interface QueryFeatures {
  /** How many candidates. */
  readonly rows: number;
  /** Which of them is wanted; -1 where no channel brought it. */
  readonly gold: number;
  /** `rows` × the number of features, float32, little-endian, in Base64. */
  readonly features: string;
}

/**
 * The features of the candidates that the ranker would order for a query; undefined for a query
 * without words.
 *
 * @param wanted the name of the declaration that the query means.
 */
export async function exportFeatures(
  search: Search,
  text: string,
  wanted: string,
): Promise<QueryFeatures | undefined> {
  try {
    const { query, candidates } = await search.candidates(text);
    const contenders = linearOrder(candidates).slice(0, RANKED_CANDIDATES);
    const matrix = featureMatrix(query, contenders);
    const bytes = Buffer.alloc(matrix.length * 4);
    matrix.forEach((value, at) => bytes.writeFloatLE(value, at * 4));
    return {
      rows: contenders.length,
      gold: contenders.findIndex(({ facts }) => facts.name === wanted),
      features: bytes.toString("base64"),
    };
  } catch (error) {
    if (error instanceof UserError && error.exit === "badInput") return undefined;
    throw error;
  }
}
