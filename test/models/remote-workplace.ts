import { afterEach, beforeEach, expect } from "vitest";
import {
  type RemoteEmbedderSettings,
  resolveEmbedder,
} from "../../src/config/embedder-settings.js";
import type { EmbeddableDeclaration } from "../../src/models/embedder.js";
import { type ConnectOptions, RemoteEmbedder } from "../../src/models/remote-embedder.js";
import { FakeEmbeddingsServer, fakeEmbedding } from "./fake-embeddings-server.js";

/** A fake server for each test of a file, and embedders that are connected to it. */
export class RemoteWorkplace {
  #server: FakeEmbeddingsServer | undefined;
  readonly #embedders: RemoteEmbedder[] = [];

  constructor() {
    beforeEach(async () => {
      this.#server = await FakeEmbeddingsServer.start();
    });
    afterEach(async () => {
      await Promise.all(this.#embedders.splice(0).map((embedder) => embedder.close()));
      await this.server.stop();
      expect(this.server.violations).toEqual([]);
    });
  }

  get server(): FakeEmbeddingsServer {
    if (this.#server === undefined) throw new Error("only tests have a server");
    return this.#server;
  }

  /** The settings for the fake server, with defaults where the test says nothing. */
  settings(more: Partial<RemoteEmbedderSettings> = {}): RemoteEmbedderSettings {
    const settings = resolveEmbedder(undefined, {
      LEMMASCOPE_EMBEDDER_URL: this.server.baseUrl,
      LEMMASCOPE_EMBEDDER_MODEL: this.server.model,
    });
    if (settings === undefined) throw new Error("no settings");
    return { ...settings, ...more };
  }

  async connect(
    more: Partial<RemoteEmbedderSettings> = {},
    options: Partial<ConnectOptions> = {},
  ): Promise<RemoteEmbedder> {
    const embedder = await RemoteEmbedder.connect(this.settings(more), {
      env: {},
      retry: { baseDelayMs: 1, maxDelayMs: 4 },
      ...options,
    });
    this.#embedders.push(embedder);
    return embedder;
  }

  /** An embedder that has asked nothing yet. */
  ready(
    more: Partial<RemoteEmbedderSettings> = {},
    options: Partial<ConnectOptions> = {},
  ): Promise<RemoteEmbedder> {
    return this.connect(more, { knownDimensions: this.server.dimensions, ...options });
  }
}

export function declarations(texts: readonly string[]): EmbeddableDeclaration[] {
  const words = { name: [], docstring: [], informal: [], type: [], binders: [], module: [] };
  return texts.map((text) => ({ words, text }));
}

export function query(text: string): { words: string[]; text: string } {
  return { words: [], text };
}

/** The fake server's vector of a text, scaled to length 1. */
export function unitVector(text: string, dimensions = 12): Float32Array {
  const embedding = fakeEmbedding(text, dimensions);
  const length = Math.hypot(...embedding);
  return Float32Array.from(embedding, (value) => value / length);
}

/** Expects vectors that differ from those of the texts by rounding at most. */
export function expectVectors(
  vectors: readonly Float32Array[],
  texts: readonly string[],
  dimensions = 12,
): void {
  expect(vectors).toHaveLength(texts.length);
  vectors.forEach((vector, at) => {
    const expected = unitVector(texts[at] ?? "", dimensions);
    expect(vector).toHaveLength(dimensions);
    vector.forEach((value, place) => expect(value).toBeCloseTo(expected[place] ?? NaN, 6));
  });
}
