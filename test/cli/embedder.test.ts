import { afterEach, beforeEach, expect, it } from "vitest";
import { EXIT } from "../../src/errors.js";
import { FakeEmbeddingsServer } from "../models/fake-embeddings-server.js";
import { corpusLine, describeProgram, expectSentence, Workplace } from "./command-line.js";

const CORPUS = corpusLine("Made.first", { docstring: "Every compact set is bounded." });

let place: Workplace;
let server: FakeEmbeddingsServer;
beforeEach(async () => {
  place = await Workplace.open();
  server = await FakeEmbeddingsServer.start();
  await place.file("made.jsonl", CORPUS);
});
afterEach(async () => {
  await place.close();
  await server.stop();
  expect(server.violations).toEqual([]);
});

const configured = (model = server.model): Record<string, string> => ({
  LEMMASCOPE_EMBEDDER_URL: server.baseUrl,
  LEMMASCOPE_EMBEDDER_MODEL: model,
});

describeProgram("a remote embedder", () => {
  it("makes the vectors of an index and of its queries", async () => {
    const env = configured();
    const built = await place.run(["index", "--embedder", "remote", "made.jsonl"], { env });
    expect(built).toMatchObject({ code: EXIT.ok });
    const found = await place.run(["search", "--explain", "bounded"], { env });
    expect(found.stdout).toMatch(/Made\.first/);
    expect(found.stdout).toMatch(/channel meaning/);
  });

  it("is not mistaken for another model, nor for none", async () => {
    await place.run(["index", "--embedder", "remote", "made.jsonl"], { env: configured() });
    const other = await place.run(["search", "bounded"], { env: configured("made-up/other") });
    expectSentence(other, "noIndex", /made-up\/embedder.*made-up\/other/);
    const none = await place.run(["search", "bounded"]);
    expectSentence(none, "noIndex", /no embedder is configured/);
  });

  it("gives way to the bundled encoder, which makes all vectors anew", async () => {
    await place.run(["index", "--embedder", "remote", "made.jsonl"], { env: configured() });
    const again = await place.run(["index", "--embedder", "static", "made.jsonl"]);
    expect(again).toMatchObject({ code: EXIT.ok });
    expect((await place.run(["search", "bounded"])).stdout).toMatch(/Made\.first/);
  });

  it("must be configured to be chosen", async () => {
    const refused = await place.run(["index", "--embedder", "remote", "made.jsonl"]);
    expectSentence(refused, "usage", /No remote embedder is configured/);
  });
});
