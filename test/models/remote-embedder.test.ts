import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { failureOf } from "../failure.js";
import {
  declarations,
  expectVectors,
  query,
  RemoteWorkplace,
  unitVector,
} from "./remote-workplace.js";

const workplace = new RemoteWorkplace();

describe("vectors from an embeddings server", () => {
  it("are those of the texts, in their order and of length 1", async () => {
    const embedder = await workplace.ready({ batchSize: 2 });
    const texts = ["Nat.add_comm", "∀ ε > 0, ∃ δ", "$& {text} \\n \u2028", "a\0b", "🂡"];
    const vectors = await embedder.embedDeclarations(declarations(texts));
    expectVectors(vectors, texts);
    for (const vector of vectors) expect(Math.hypot(...vector)).toBeCloseTo(1, 6);
    expect(workplace.server.requests.map((sent) => sent.length).sort()).toEqual([1, 2, 2]);
  });

  it("come back in order for any texts, batch size and concurrency", async () => {
    workplace.server.delayMs = (texts) => (texts[0]?.length ?? 0) % 5;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: "grapheme" }), { maxLength: 40 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 6 }),
        async (texts, batchSize, concurrency) => {
          const { server } = workplace;
          server.mostAtOnce = 0;
          const sentBefore = server.requests.length;
          const embedder = await workplace.ready({ batchSize, concurrency });
          const vectors = await embedder.embedDeclarations(declarations(texts));
          await embedder.close();
          expect(vectors).toHaveLength(texts.length);
          texts.forEach((text, at) => {
            if (text.trim() === "") expect(vectors[at]).toEqual(new Float32Array(12));
            else expectVectors(vectors.slice(at, at + 1), [text]);
          });
          const sent = server.requests.slice(sentBefore);
          expect(sent.every(({ length }) => length <= batchSize)).toBe(true);
          expect(sent.flat().sort()).toEqual(texts.filter((text) => text.trim() !== "").sort());
          expect(server.mostAtOnce).toBeLessThanOrEqual(concurrency);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("are asked for so many requests at a time as configured", async () => {
    workplace.server.delayMs = () => 20;
    const embedder = await workplace.ready({ batchSize: 1, concurrency: 3 });
    const texts = Array.from({ length: 9 }, (_, at) => `text ${at}`);
    expectVectors(await embedder.embedDeclarations(declarations(texts)), texts);
    expect(workplace.server.mostAtOnce).toBe(3);
  });

  it("are zero for blank texts, for which the server is not asked", async () => {
    const embedder = await workplace.ready();
    const zero = new Float32Array(12);
    expect(await embedder.embedDeclarations([])).toEqual([]);
    expect(await embedder.embedDeclarations(declarations(["", " \n"]))).toEqual([zero, zero]);
    expect(await embedder.embedQuery(query("\t"))).toEqual(zero);
    expect(workplace.server.requests).toEqual([]);
    const [first, middle, last] = await embedder.embedDeclarations(declarations(["a", "", "b"]));
    expect([first, last]).toEqual([unitVector("a"), unitVector("b")]);
    expect(middle).toEqual(zero);
    expect(workplace.server.requests).toEqual([["a", "b"]]);
  });

  it("are taken in the order of their indexes", async () => {
    workplace.server.faults = [
      { kind: "change", change: (answer) => ({ ...answer, data: answer.data.reverse() }) },
    ];
    const embedder = await workplace.ready();
    const texts = ["one", "two", "three"];
    expectVectors(await embedder.embedDeclarations(declarations(texts)), texts);
  });

  it("stay zero where the server answers with zeros", async () => {
    workplace.server.faults = [{ kind: "change", change: withFirst(Array<number>(12).fill(0)) }];
    const embedder = await workplace.ready();
    expect(await embedder.embedQuery(query("x"))).toEqual(new Float32Array(12));
  });
});

describe("what is sent", () => {
  it("follows the instructions for queries and for declarations", async () => {
    const embedder = await workplace.ready({
      queryInstruction: "Instruct: Find the lemma\nQuery: {query}",
      documentInstruction: "passage: {text}!",
    });
    await embedder.embedQuery(query("$1 {text} $&"));
    await embedder.embedDeclarations(declarations(["{text}{query}"]));
    expect(workplace.server.requests).toEqual([
      ["Instruct: Find the lemma\nQuery: $1 {text} $&"],
      ["passage: {text}{query}!"],
    ]);
  });

  it("is cut before the instruction is put around it, and never in the middle of a character", async () => {
    const embedder = await workplace.ready({ maxCharacters: 4, queryInstruction: "q: {query}." });
    await embedder.embedQuery(query("abcdef"));
    await embedder.embedDeclarations(declarations(["abc𝔸def", "\ud835x", "abcd"]));
    expect(workplace.server.requests).toEqual([["q: abcd."], ["abc\ufffd", "\ufffdx", "abcd"]]);
  });

  it("is the key, if one is configured", async () => {
    workplace.server.key = "sk-secret";
    const env = { MY_KEY: " sk-secret\n", OPENAI_API_KEY: "sk-other" };
    const embedder = await workplace.ready({ apiKeyVariable: "MY_KEY" }, { env });
    expect(await embedder.embedQuery(query("x"))).toEqual(unitVector("x"));
  });

  it("is nothing that other variables of the openai library name", async () => {
    const before = { ...process.env };
    Object.assign(process.env, {
      OPENAI_API_KEY: "sk-other",
      OPENAI_ADMIN_KEY: "sk-admin",
      OPENAI_ORG_ID: "organization",
      OPENAI_PROJECT_ID: "project",
      OPENAI_BASE_URL: "http://127.0.0.1:9/v1",
      OPENAI_CUSTOM_HEADERS: "authorization: Bearer custom\nx-custom: 1",
      OPENAI_LOG: "debug",
    });
    try {
      const embedder = await workplace.ready();
      expect(await embedder.embedQuery(query("x"))).toEqual(unitVector("x"));
    } finally {
      process.env = before;
    }
  });

  it("goes to this machine itself without a proxy", async () => {
    const env = { HTTP_PROXY: "http://127.0.0.1:9", http_proxy: "http://127.0.0.1:9" };
    const embedder = await workplace.ready({}, { env });
    expect(await embedder.embedQuery(query("x"))).toEqual(unitVector("x"));
  });
});

describe("connecting", () => {
  it("asks the server how long vectors are, if nobody said so", async () => {
    const embedder = await workplace.connect();
    expect(embedder.identity).toEqual({
      kind: "remote",
      model: "made-up/embedder",
      dimensions: 12,
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
    });
    expect(workplace.server.requests).toHaveLength(1);
  });

  it("asks nothing where settings or an index say how long vectors are", async () => {
    expect((await workplace.connect({ dimensions: 5 })).identity.dimensions).toBe(5);
    expect((await workplace.connect({}, { knownDimensions: 7 })).identity.dimensions).toBe(7);
    expect(workplace.server.requests).toEqual([]);
  });

  it("asks for vectors of the dimensions configured", async () => {
    const embedder = await workplace.connect({ dimensions: 5 });
    expectVectors(await embedder.embedDeclarations(declarations(["x", "y"])), ["x", "y"], 5);
  });

  it("gives a fingerprint that changes with all that changes vectors, but not with the address", async () => {
    const { identity } = await workplace.connect();
    const fingerprintOf = async (more: Parameters<typeof workplace.connect>[0]): Promise<string> =>
      (await workplace.ready(more)).identity.fingerprint;
    for (const same of [
      {},
      { baseUrl: "http://127.0.0.1:9/v1" },
      { batchSize: 1, concurrency: 1, maxRetries: 0, timeoutMs: 5 },
      { dimensions: 12 },
    ]) {
      expect(await fingerprintOf(same)).toBe(identity.fingerprint);
    }
    const others = await Promise.all(
      [
        { model: "another" },
        { dimensions: 11 },
        { queryInstruction: "q {query}" },
        { documentInstruction: "d {text}" },
        { maxCharacters: 7999 },
      ].map(fingerprintOf),
    );
    expect(new Set([identity.fingerprint, ...others]).size).toBe(6);
  });

  it.each([
    [{}, /MY_KEY, .* is not set: set it, or take "apiKeyVariable" out/],
    [{ MY_KEY: " " }, /MY_KEY, .* is not set/],
    [{ MY_KEY: "se cret" }, /^The key in the environment variable MY_KEY has characters/],
  ])("refuses the key in %j", async (env, sentence) => {
    const failure = await failureOf(() => workplace.ready({ apiKeyVariable: "MY_KEY" }, { env }));
    expect(failure.exit).toBe("usage");
    expect(failure.message).toMatch(sentence);
    expect(failure.message).not.toContain("cret");
  });

  it("refuses a proxy that is none", async () => {
    const failure = await failureOf(() =>
      workplace.ready({ baseUrl: "http://gpu.example/v1" }, { env: { HTTP_PROXY: "http://[" } }),
    );
    expect(failure.exit).toBe("usage");
    expect(failure.message).toMatch(/HTTP_PROXY/);
  });
});

describe("a server that takes fewer texts at a time", () => {
  it("gets each batch in halves, and smaller batches from then on", async () => {
    workplace.server.mostTexts = 4;
    const embedder = await workplace.ready({ batchSize: 7, concurrency: 1 });
    const texts = Array.from({ length: 16 }, (_, at) => `text ${at}`);
    expectVectors(await embedder.embedDeclarations(declarations(texts)), texts);
    expect(workplace.server.requests.map(({ length }) => length)).toEqual([7, 4, 3, 4, 4, 1]);
  });

  it("is asked in halves once, then the batch size is to be lowered", async () => {
    workplace.server.mostTexts = 1;
    const embedder = await workplace.ready({ batchSize: 8, concurrency: 1 });
    const texts = Array.from({ length: 8 }, (_, at) => `text ${at}`);
    const failure = await failureOf(() => embedder.embedDeclarations(declarations(texts)));
    expect(failure.exit).toBe("unavailable");
    expect(failure.message).toMatch(
      /takes no 4 texts so long \(status 413: batch size 4 > maximum allowed batch size 1\): lower the embedder's "batchSize" or "maxCharacters"\.$/,
    );
    expect(workplace.server.requests).toHaveLength(2);
  });

  it.each([
    [{ object: "error", message: "This model's maximum context length is 512 tokens." }],
    [{ error: { message: "the input length exceeds the context length" } }],
    [{ error: "inputs must have less than 512 tokens. Given: 600" }],
    [{ detail: "batch size is invalid, it should not be larger than 10" }],
  ])("may say so with status 400 and %j", async (body) => {
    workplace.server.faults = [{ kind: "status", status: 400, body }];
    const embedder = await workplace.ready();
    const texts = ["one", "two", "three"];
    expectVectors(await embedder.embedDeclarations(declarations(texts)), texts);
    expect(workplace.server.requests).toEqual([texts, ["one", "two"], ["three"]]);
  });

  it("and does not take one text of the length sent, asks for a shorter cut", async () => {
    workplace.server.everyFault = { kind: "status", status: 413 };
    const embedder = await workplace.ready();
    const failure = await failureOf(() => embedder.embedQuery(query("x")));
    expect(failure.message).toMatch(/\(status 413\): lower the embedder's "maxCharacters"/);
    expect(workplace.server.requests).toHaveLength(1);
  });
});

function withFirst(embedding: (number | null)[]) {
  return (answer: { data: { embedding: (number | null)[] }[] }): unknown => ({
    ...answer,
    data: answer.data.map((item, at) => (at === 0 ? { ...item, embedding } : item)),
  });
}
