import { describe, expect, it } from "vitest";
import type { EmbedderIdentity } from "../../src/models/embedder.js";
import { requireSameEmbedder } from "../../src/models/same-embedder.js";
import { failureOf } from "../failure.js";

const remote: EmbedderIdentity = {
  kind: "remote",
  model: "bge-m3",
  dimensions: 1024,
  fingerprint: "0123456789abcdef",
};
const bundled: EmbedderIdentity = {
  kind: "static",
  model: "lemmascope-encoder",
  dimensions: 256,
  fingerprint: "fedcba9876543210",
};

describe("an index and a query", () => {
  it("go together if the same embedder made their vectors", () => {
    expect(() => requireSameEmbedder(remote, { ...remote }, "/my.sqlite")).not.toThrow();
    expect(() => requireSameEmbedder(bundled, { ...bundled }, "/my.sqlite")).not.toThrow();
  });

  it.each<[string, EmbedderIdentity, EmbedderIdentity, RegExp]>([
    [
      "another remote model",
      remote,
      { ...remote, model: "qwen3", dimensions: 4096, fingerprint: "1" },
      /of the remote model bge-m3 \(1024 dimensions\), which do not compare with those of the remote model qwen3 \(4096 dimensions\): set the embedder's "model" .* bge-m3, or .* --embedder remote"\.$/,
    ],
    [
      "other instructions",
      remote,
      { ...remote, fingerprint: "1" },
      /bge-m3 \(1024 dimensions\) made with other settings than today's: go back .*, or .* --embedder remote"\.$/,
    ],
    [
      "the bundled encoder",
      remote,
      bundled,
      /bge-m3 .* the bundled encoder lemmascope-encoder .*, or .* --embedder static"\.$/,
    ],
    [
      "a remote model, where the bundled encoder was used",
      bundled,
      remote,
      /lemmascope-encoder .* bge-m3 .*: use the lemmascope that made it, or .* --embedder remote"\.$/,
    ],
    [
      "another bundled encoder",
      bundled,
      { ...bundled, fingerprint: "1" },
      /use the lemmascope that made it, or .* --embedder static"\.$/,
    ],
  ])("do not go together if queries come from %s", async (_name, indexed, present, sentence) => {
    const failure = await failureOf(() => requireSameEmbedder(indexed, present, "/my.sqlite"));
    expect(failure.exit).toBe("noIndex");
    expect(failure.message).toMatch(/^The index \/my\.sqlite has vectors of /);
    expect(failure.message).toMatch(sentence);
  });
});
