import { join } from "node:path";
import type { EmbeddableDeclaration, EmbeddableQuery, Embedder } from "./embedder.js";
import { MODELS_FOLDER } from "./model-files.js";
import { StaticEncoder } from "./static-encoder.js";

/** The bundled static encoder as an embedder. */
export class StaticEmbedder implements Embedder {
  readonly identity;
  readonly #encoder: StaticEncoder;

  private constructor(encoder: StaticEncoder) {
    this.#encoder = encoder;
    this.identity = {
      kind: "static",
      model: "static encoder",
      dimensions: encoder.dimensions,
      fingerprint: encoder.fingerprint,
    } as const;
  }

  /**
   * Loads the bundled encoder, or the one in another models folder.
   *
   * @returns undefined where there is none.
   * @throws UserError `badInput` where its files are damaged.
   */
  static async load(modelsFolder = MODELS_FOLDER): Promise<StaticEmbedder | undefined> {
    const encoder = await StaticEncoder.load(join(modelsFolder, "encoder"));
    return encoder === undefined ? undefined : new StaticEmbedder(encoder);
  }

  async embedDeclarations(
    declarations: readonly EmbeddableDeclaration[],
    signal?: AbortSignal,
  ): Promise<Float32Array[]> {
    signal?.throwIfAborted();
    return this.#encoder.encode(declarations.map(({ words }) => words));
  }

  async embedQuery({ words }: EmbeddableQuery): Promise<Float32Array> {
    return this.#encoder.encodeQuery(words);
  }

  async close(): Promise<void> {
    await this.#encoder.close();
  }
}
