import { z } from "zod";
import { documentationUrl } from "../declaration.js";
import { nameComponents } from "../index/name-key.js";
import { publicFailure } from "../service/failures.js";
import type { DeclarationService, Hit } from "../service/questions.js";
import { LONGEST_REQUESTED_QUERY, MOST_QUERIES } from "../service/requests.js";
import { statementParts } from "../service/statement-parts.js";

/** A whole number, which some clients (lean-lsp-mcp) write as a string. */
const count = z.union([
  z.number(),
  z
    .string()
    .regex(/^\d{1,4}$/)
    .transform(Number),
]);

/** The body of `POST /search` as leansearch.net takes it; what else it may hold is ignored. */
export const leanSearchRequest = z.object({
  query: z.array(z.string().max(LONGEST_REQUESTED_QUERY)).min(1).max(MOST_QUERIES),
  num_results: count.pipe(z.number().int().min(1).max(200)).default(10),
  /** Ours is always ranked, by one model; these two change nothing. */
  rerank: z.boolean().nullish(),
  retrieve_k: z.number().int().nullish(),
});

const leanSearchResult = z.object({
  result: z.object({
    module_name: z.array(z.string()),
    kind: z.string(),
    name: z.array(z.string()),
    signature: z.string(),
    type: z.string(),
    value: z.string(),
    docstring: z.string().nullable(),
    informal_name: z.string(),
    informal_description: z.string(),
    doc_url: z.string().nullable(),
  }),
  distance: z.number().describe("From 0 to 1, ascending; comparable within one query only."),
});

/** For each query, in order, its results, best first. */
export const leanSearchAnswer = z.array(z.array(leanSearchResult));

/**
 * Answers as leansearch.net does, for `#leansearch` and the other clients of that service. The wire
 * format is that of LeanSearchClient (`LeanSearchClient/Syntax.lean`, Apache-2.0).
 */
export async function leanSearch(
  service: DeclarationService,
  request: z.infer<typeof leanSearchRequest>,
  signal: AbortSignal,
): Promise<z.infer<typeof leanSearchAnswer>> {
  const limit = request.num_results;
  return Promise.all(
    request.query.map(async (query) => {
      try {
        const hits = await service.ask("find", { query, kinds: [], module: "", limit }, signal);
        return hits.map(asResult);
      } catch (error) {
        // A query without any word finds nothing: clients of this format expect a list for each.
        if (publicFailure(error).kind === "request") return [];
        throw error;
      }
    }),
  );
}

function asResult({ declaration, score }: Hit): z.infer<typeof leanSearchResult> {
  const { name, module, kind, value, docstring } = declaration;
  // Clients write the type into Lean source: `have : TYPE := NAME`.
  const { signature, type } = statementParts(declaration);
  return {
    result: {
      module_name: module === "" ? [] : module.split("."),
      kind,
      name: nameComponents(name),
      signature,
      type,
      value,
      docstring: docstring === "" ? null : docstring,
      informal_name: declaration.informalName,
      informal_description: declaration.informalDescription,
      doc_url: documentationUrl(declaration) ?? null,
    },
    distance: distanceOf(score),
  };
}

/** Scores have no bounds and rise; distances lie between 0 and 1 and fall. The order is kept. */
function distanceOf(score: number): number {
  return (1 - score / (1 + Math.abs(score))) / 2;
}
