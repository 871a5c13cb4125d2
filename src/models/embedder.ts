import type { EncoderDocument } from "./static-encoder.js";

/** A declaration as embedders see it: local ones take its words, remote ones its text. */
export interface EmbeddableDeclaration {
  /** The stemmed words, field by field. */
  readonly words: EncoderDocument;
  /** The declaration as one text: name, statement and what people wrote about it. */
  readonly text: string;
}

/** A query as embedders see it. */
export interface EmbeddableQuery {
  readonly words: readonly string[];
  readonly text: string;
}

/** What an index remembers of the embedder that made its vectors. */
export interface EmbedderIdentity {
  /** `static` for the bundled encoder, `remote` for an endpoint. */
  readonly kind: "static" | "remote";
  /** The model's name, as people know it. */
  readonly model: string;
  readonly dimensions: number;
  /** Changes whenever vectors of the same text would: vectors of two fingerprints do not compare. */
  readonly fingerprint: string;
}

/**
 * Turns declarations and queries into vectors of length 1, whose scalar product says how well they fit
 * (-1 to 1, higher is better). A text in which the embedder finds nothing has the zero vector.
 */
export interface Embedder {
  readonly identity: EmbedderIdentity;
  /** The vectors of declarations, in their order. @throws UserError `unavailable`, `interrupted` */
  embedDeclarations(
    declarations: readonly EmbeddableDeclaration[],
    signal?: AbortSignal,
  ): Promise<Float32Array[]>;
  /** @throws UserError `unavailable`, `interrupted` */
  embedQuery(query: EmbeddableQuery, signal?: AbortSignal): Promise<Float32Array>;
  /** Releases what the embedder holds; it cannot be used afterwards. */
  close(): Promise<void>;
}
