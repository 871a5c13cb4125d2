import { fingerprintQueries, type SearchQuery } from "../../../benchmark/search/data.js";
import type { QueryOutcome, SearchRun } from "../../../benchmark/search/run.js";

/** Five queries for three declarations, one of them outside the fair subset. */
export const MADE_UP_QUERIES: readonly SearchQuery[] = [
  query("T1", "lean", "`a + b = b + a`", "add_comm", "theorem", "Easy", true),
  query("T1", "nickname", "commutativity of addition", "add_comm", "theorem", "Easy", true),
  query("T2", "lean", "a set with `⊔` and `|x|`", "Lattice", "class", "Easy", true),
  query("T2", "slogan", "a poset with joins and meets", "Lattice", "class", "Easy", true),
  query("T3", "natural", "a very rare thing", "Rare.thing", "definition", "Hard", false),
];

function query(
  entry: string,
  style: SearchQuery["style"],
  text: string,
  declaration: string,
  kind: SearchQuery["kind"],
  difficulty: SearchQuery["difficulty"],
  fair: boolean,
): SearchQuery {
  return { id: `${entry}/${style}`, style, text, declaration, kind, difficulty, fair };
}

/** A run over made-up queries: `ranks` in their order, declarations in `unknown` not in the index. */
export function madeUpRun(
  ranks: readonly (number | null)[],
  options: {
    readonly unknown?: readonly string[];
    readonly limit?: number;
    readonly queries?: readonly SearchQuery[];
  } = {},
): SearchRun {
  const { unknown = [], limit = 200, queries = MADE_UP_QUERIES } = options;
  return {
    startedAt: "2026-06-01T12:00:00.000Z",
    limit,
    warmUpMs: 812.4,
    fingerprints: {
      lemmascope: "0.1.0",
      corpus: "sha256:c0ffee",
      models: { ranker: "sha256:5eed" },
    },
    environment: { node: "v20.20.0", platform: "linux-x64", processor: "made-up" },
    querySet: fingerprintQueries(queries),
    queries: queries.map((asked, i): QueryOutcome => ({
      ...asked,
      resolved: !unknown.includes(asked.declaration),
      rank: ranks[i] ?? null,
      latencyMs: 10 * (i + 1),
      returned: limit,
    })),
  };
}
