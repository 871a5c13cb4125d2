import { UserError } from "../errors.js";
import type { EmbedderIdentity } from "./embedder.js";

/**
 * Makes sure that the vectors of an index and those of queries come from the same embedder: vectors
 * of two models lie in two spaces, and scalar products between them say nothing.
 *
 * @param indexed what the index remembers.
 * @param present the embedder that queries would go to.
 * @throws UserError `noIndex` where they differ.
 */
export function requireSameEmbedder(
  indexed: EmbedderIdentity,
  present: EmbedderIdentity,
  indexPath: string,
): void {
  if (indexed.kind === present.kind && indexed.fingerprint === present.fingerprint) return;
  const [before, now] = [described(indexed), described(present)];
  const difference =
    before === now
      ? `has vectors of ${before} made with other settings than today's`
      : `has vectors of ${before}, which do not compare with those of ${now}`;
  throw new UserError(
    "noIndex",
    `The index ${indexPath} ${difference}: ${remedy(indexed, before === now)}, or embed its declarations again with "lemmascope index --embedder ${present.kind}".`,
  );
}

function described({ kind, model, dimensions }: EmbedderIdentity): string {
  const what = kind === "static" ? "bundled encoder" : "remote model";
  return `the ${what} ${model} (${dimensions} dimensions)`;
}

/** How queries get vectors that compare with the index's again. */
function remedy({ kind, model }: EmbedderIdentity, sameModel: boolean): string {
  if (kind === "static") return "use the lemmascope that made it";
  return sameModel
    ? "go back to the instructions and the length of texts it was made with"
    : `set the embedder's "model" and settings back to those of ${model}`;
}
