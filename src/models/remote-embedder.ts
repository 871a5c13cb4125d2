import { createHash } from "node:crypto";
import type { RemoteEmbedderSettings } from "../config/embedder-settings.js";
import type {
  EmbeddableDeclaration,
  EmbeddableQuery,
  Embedder,
  EmbedderIdentity,
} from "./embedder.js";
import { EmbeddingsEndpoint, type EndpointOptions } from "./embeddings-endpoint.js";
import { BatchTooLarge } from "./embeddings-failures.js";
import { workTogether } from "./work-together.js";

export interface ConnectOptions extends EndpointOptions {
  readonly signal?: AbortSignal;
  /**
   * How long the vectors of an index are. Where that is known, connecting asks the server nothing,
   * and an answer of another length is refused.
   */
  readonly knownDimensions?: number;
}

/** Asked once where nobody said how long vectors are. */
const SAMPLE = "theorem Nat.add_comm (n m : ℕ) : n + m = m + n";

/**
 * An embedder behind an OpenAI-compatible interface (`POST /v1/embeddings`), as vLLM, Ollama, Text
 * Embeddings Inference and others offer it.
 */
export class RemoteEmbedder implements Embedder {
  readonly identity: EmbedderIdentity;
  readonly #settings: RemoteEmbedderSettings;
  readonly #endpoint: EmbeddingsEndpoint;
  /** Lowered when the server finds a batch too large. */
  #batchSize: number;

  private constructor(
    settings: RemoteEmbedderSettings,
    endpoint: EmbeddingsEndpoint,
    dimensions: number,
  ) {
    this.#settings = settings;
    this.#endpoint = endpoint;
    this.#batchSize = settings.batchSize;
    this.identity = {
      kind: "remote",
      model: settings.model,
      dimensions,
      fingerprint: fingerprint(settings, dimensions),
    };
  }

  /**
   * Makes ready, and asks the server for a vector where neither the settings nor the options say
   * how long vectors are.
   *
   * @throws UserError `usage` if the key is missing, `unavailable`, `interrupted`
   */
  static async connect(
    settings: RemoteEmbedderSettings,
    options: ConnectOptions,
  ): Promise<RemoteEmbedder> {
    const endpoint = await EmbeddingsEndpoint.open(settings, options);
    try {
      const dimensions =
        settings.dimensions ??
        options.knownDimensions ??
        (await sampleDimensions(settings, endpoint, options.signal));
      return new RemoteEmbedder(settings, endpoint, dimensions);
    } catch (error) {
      await endpoint.close();
      throw error instanceof BatchTooLarge ? error.final : error;
    }
  }

  embedDeclarations(
    declarations: readonly EmbeddableDeclaration[],
    signal?: AbortSignal,
  ): Promise<Float32Array[]> {
    return this.#embed(
      declarations.map(({ text }) => text),
      (text) => fill(this.#settings.documentInstruction, "{text}", text),
      signal,
    );
  }

  async embedQuery(query: EmbeddableQuery, signal?: AbortSignal): Promise<Float32Array> {
    const [vector] = await this.#embed(
      [query.text],
      (text) => fill(this.#settings.queryInstruction, "{query}", text),
      signal,
    );
    return vector ?? this.#zero();
  }

  close(): Promise<void> {
    return this.#endpoint.close();
  }

  /** @param instruct what is sent for a text; made batch by batch, so that few are in memory. */
  async #embed(
    texts: readonly string[],
    instruct: (text: string) => string,
    signal: AbortSignal | undefined,
  ): Promise<Float32Array[]> {
    const vectors = texts.map((text) => (text.trim() === "" ? this.#zero() : undefined));
    // Servers refuse empty texts, so that only the places of others are asked for.
    const places = [...vectors.keys()].filter((place) => vectors[place] === undefined);
    let next = 0;
    await workTogether(
      Math.min(this.#settings.concurrency, Math.ceil(places.length / this.#batchSize)),
      async (stop) => {
        while (next < places.length && !stop.aborted) {
          const batch = places.slice(next, next + this.#batchSize);
          next += batch.length;
          const ready = batch.map((place) =>
            instruct(cut(texts[place] ?? "", this.#settings.maxCharacters)),
          );
          const made = await this.#embedBatch(ready, stop);
          batch.forEach((place, at) => (vectors[place] = made[at]));
        }
      },
      signal,
    );
    return vectors.map((vector) => vector ?? this.#zero());
  }

  /** One request; or two where the server finds that too much for one. */
  async #embedBatch(texts: readonly string[], signal: AbortSignal): Promise<Float32Array[]> {
    try {
      return await this.#request(texts, signal);
    } catch (error) {
      if (!(error instanceof BatchTooLarge)) throw error;
      if (texts.length === 1) throw error.final;
    }
    const half = Math.ceil(texts.length / 2);
    try {
      const first = await this.#request(texts.slice(0, half), signal);
      const second = await this.#request(texts.slice(half), signal);
      this.#batchSize = Math.min(this.#batchSize, half);
      return [...first, ...second];
    } catch (error) {
      throw error instanceof BatchTooLarge ? error.final : error;
    }
  }

  #request(texts: readonly string[], signal: AbortSignal): Promise<Float32Array[]> {
    return this.#endpoint.embed(texts, this.identity.dimensions, signal);
  }

  #zero(): Float32Array {
    return new Float32Array(this.identity.dimensions);
  }
}

async function sampleDimensions(
  settings: RemoteEmbedderSettings,
  endpoint: EmbeddingsEndpoint,
  signal: AbortSignal | undefined,
): Promise<number> {
  const sample = fill(settings.documentInstruction, "{text}", cut(SAMPLE, settings.maxCharacters));
  const [vector] = await endpoint.embed([sample], undefined, signal);
  return vector?.length ?? 0;
}

/** The address is left out: the same model may move. */
function fingerprint(settings: RemoteEmbedderSettings, dimensions: number): string {
  const { model, queryInstruction, documentInstruction, maxCharacters } = settings;
  return createHash("sha256")
    .update(
      JSON.stringify([model, dimensions, queryInstruction, documentInstruction, maxCharacters]),
    )
    .digest("hex")
    .slice(0, 16);
}

/** The instruction with a text in its place, whatever characters the text has. */
function fill(instruction: string, place: string, text: string): string {
  return instruction.replace(place, () => text);
}

/**
 * The beginning of a text. Halves of surrogate pairs, whether the cut or the text has them, become
 * replacement characters: they cannot be written in UTF-8, and servers refuse them.
 */
function cut(text: string, maxCharacters: number): string {
  return text.slice(0, maxCharacters).replace(/\p{Surrogate}/gu, "\uFFFD");
}
