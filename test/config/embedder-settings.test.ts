import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { RemoteEmbedderSettings } from "../../src/config/embedder-settings.js";
import { resolveSettings } from "../../src/config/settings.js";
import { failureOf } from "../failure.js";
import { temporaryFolder } from "../temporary-folder.js";

const folder = temporaryFolder();
const file = join(folder, "config.json");

/** The embedder where the configuration file has this section, if any. */
function embedderWith(
  section: unknown,
  environment: Readonly<Record<string, string>> = {},
): RemoteEmbedderSettings | undefined {
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, JSON.stringify({ embedder: section }));
  return resolveSettings({}, { LEMMASCOPE_CONFIG: file, ...environment }).embedder;
}

const least = { baseUrl: "http://localhost:11434/v1", model: "bge-m3" };

describe("the embedder's settings", () => {
  it("are absent where nobody configured one", () => {
    expect(embedderWith(undefined)).toBeUndefined();
    const empty = { LEMMASCOPE_EMBEDDER_URL: "", LEMMASCOPE_EMBEDDER_MODEL: "" };
    expect(embedderWith(undefined, empty)).toBeUndefined();
  });

  it("need an address and a model, and have defaults for the rest", () => {
    expect(embedderWith({ ...least, baseUrl: `${least.baseUrl}//` })).toEqual({
      ...least,
      queryInstruction: "{query}",
      documentInstruction: "{text}",
      batchSize: 32,
      concurrency: 4,
      timeoutMs: 60_000,
      maxRetries: 5,
      maxCharacters: 8000,
    });
  });

  it("are taken as they are", () => {
    const all = {
      baseUrl: "https://gpu.example:8443/team/v1",
      model: "Qwen/Qwen3-Embedding-0.6B",
      dimensions: 512,
      queryInstruction: "Instruct: Given a theorem, find lemmas\nQuery: {query}",
      documentInstruction: "passage: {text}",
      batchSize: 8,
      concurrency: 1,
      timeoutMs: 1000,
      maxRetries: 0,
      apiKeyVariable: "GPU_KEY",
      maxCharacters: 2000,
    };
    expect(embedderWith(all)).toEqual(all);
  });

  it("come from variables before the file", () => {
    const environment = {
      LEMMASCOPE_EMBEDDER_URL: "http://127.0.0.1:8000/v1/",
      LEMMASCOPE_EMBEDDER_MODEL: "e5",
    };
    const chosen = { baseUrl: "http://127.0.0.1:8000/v1", model: "e5" };
    expect(embedderWith(undefined, environment)).toMatchObject({ ...chosen, batchSize: 32 });
    expect(embedderWith({ ...least, batchSize: 2 }, environment)).toMatchObject({
      ...chosen,
      batchSize: 2,
    });
    expect(
      embedderWith({ baseUrl: least.baseUrl }, { LEMMASCOPE_EMBEDDER_MODEL: "e5" }),
    ).toMatchObject({ baseUrl: least.baseUrl, model: "e5" });
  });

  it.each<[string, unknown, Readonly<Record<string, string>>, RegExp]>([
    ["no address", { model: "m" }, {}, /address is missing: set "baseUrl" .* or .*EMBEDDER_URL\.$/],
    ["no model", { baseUrl: least.baseUrl }, {}, /model is missing: .* LEMMASCOPE_EMBEDDER_MODEL/],
    [
      "a variable alone",
      undefined,
      { LEMMASCOPE_EMBEDDER_MODEL: "m" },
      /The embedder's address is missing/,
    ],
    [
      "no address in the variable",
      least,
      { LEMMASCOPE_EMBEDDER_URL: "localhost" },
      /^The environment variable LEMMASCOPE_EMBEDDER_URL is wrong: it must be the address/,
    ],
    ["a relative address", { ...least, baseUrl: "localhost:11434" }, {}, /"embedder\.baseUrl": it/],
    ["another protocol", { ...least, baseUrl: "file:///v1" }, {}, /"embedder\.baseUrl": it must/],
    ["a password", { ...least, baseUrl: "http://me:it@host/v1" }, {}, /without .* user name/],
    ["a query", { ...least, baseUrl: "http://host/v1?key=1" }, {}, /"embedder\.baseUrl": it must/],
    ["the whole path", { ...least, baseUrl: "http://host/v1/embeddings/" }, {}, /\/embeddings/],
    ["an empty model", { ...least, model: " " }, {}, /"embedder\.model": /],
    ["no place for the query", { ...least, queryInstruction: "q:" }, {}, /contain \{query\} once/],
    [
      "two places for the text",
      { ...least, documentInstruction: "{text}{text}" },
      {},
      /"embedder\.documentInstruction": it must contain \{text\} once/,
    ],
    ["a batch of none", { ...least, batchSize: 0 }, {}, /"embedder\.batchSize": .*>=1/],
    ["half a dimension", { ...least, dimensions: 0.5 }, {}, /"embedder\.dimensions": .*int/],
    [
      "a setting that does not exist",
      { ...least, url: "x" },
      {},
      /no setting "url" in "embedder"; the settings are baseUrl, model, dimensions, /,
    ],
  ])("are refused in a sentence: %s", async (_name, section, environment, sentence) => {
    const failure = await failureOf(() => embedderWith(section, environment));
    expect(failure.exit).toBe("usage");
    expect(failure.message).toMatch(sentence);
    expect(failure.message).not.toContain("\n");
  });

  it("never repeat a key that was written where a variable's name belongs", async () => {
    const failure = await failureOf(() => embedderWith({ ...least, apiKeyVariable: "sk-secret" }));
    expect(failure.message).toMatch(/"embedder\.apiKeyVariable": it must be the name/);
    expect(failure.message).not.toContain("secret");
  });
});
