import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type LlmSettings, profileOf } from "../../src/config/llm-settings.js";
import { answerCache, resolveSettings } from "../../src/config/settings.js";
import { failureOf } from "../failure.js";
import { temporaryFolder } from "../temporary-folder.js";

const folder = temporaryFolder();
const file = join(folder, "config.json");

/** The language models where the configuration file has this section, if any. */
function llmWith(
  section: unknown,
  environment: Readonly<Record<string, string>> = {},
): LlmSettings | undefined {
  writeFileSync(file, JSON.stringify({ llm: section }));
  return resolveSettings({}, { LEMMASCOPE_CONFIG: file, ...environment }).llm;
}

const local = { baseUrl: "http://localhost:11434/v1", model: "qwen3" };
const defaults = {
  maxTokens: 4096,
  tokenLimitField: "max_tokens",
  timeoutMs: 120_000,
  maxRetries: 4,
  concurrency: 4,
  jsonMode: "none",
};

describe("the language models' settings", () => {
  it("are absent where nobody configured one", () => {
    expect(llmWith(undefined)).toBeUndefined();
    const others = { OPENAI_API_KEY: "sk-1", LEMMASCOPE_LLM_BASE_URL: "" };
    expect(llmWith(undefined, others)).toBeUndefined();
  });

  it("need a profile with an address and a model, and have defaults for the rest", () => {
    expect(llmWith({ profiles: { only: { ...local, baseUrl: `${local.baseUrl}/` } } })).toEqual({
      profiles: { only: { ...local, ...defaults } },
      roles: {},
      default: undefined,
      budget: {},
      cache: true,
    });
  });

  it("are taken as they are", () => {
    const all = {
      profiles: {
        strong: {
          baseUrl: "https://api.openai.com/v1",
          model: "gpt",
          apiKeyVariable: "OPENAI_API_KEY",
          temperature: 0.5,
          maxTokens: 2000,
          tokenLimitField: "max_completion_tokens",
          timeoutMs: 1000,
          maxRetries: 0,
          concurrency: 8,
          jsonMode: "schema",
        },
        cheap: { ...local, ...defaults },
      },
      roles: { filter: "cheap", prove: "cheap" },
      default: "strong",
      budget: { calls: 20, tokens: 100_000, seconds: 60.5 },
      cache: false,
    };
    const settings = llmWith(all, { LEMMASCOPE_LLM_MODEL: "other" });
    expect(settings).toEqual(all);
    if (settings === undefined) return;
    expect(profileOf(settings, "filter")?.name).toBe("cheap");
    expect(profileOf(settings, "judge")?.name).toBe("strong");
  });

  it("let roles use the only profile, but not one of several", () => {
    const one = llmWith({ profiles: { only: local } });
    const two = llmWith({ profiles: { a: local, b: local } });
    if (one === undefined || two === undefined) throw new Error("no settings");
    expect(profileOf(one, "sketch")?.name).toBe("only");
    expect(profileOf(two, "sketch")).toBeUndefined();
  });

  it("can come from variables", () => {
    const environment = {
      LEMMASCOPE_LLM_BASE_URL: local.baseUrl,
      LEMMASCOPE_LLM_MODEL: local.model,
    };
    const { profiles = {} } = llmWith(undefined, environment) ?? {};
    expect(profiles).toEqual({ environment: { ...local, ...defaults } });
  });

  it.each([
    ["https://api.openai.com/v1", { OPENAI_API_KEY: "k" }, "OPENAI_API_KEY"],
    ["http://127.0.0.1:8000/v1", { OPENAI_API_KEY: "k" }, "OPENAI_API_KEY"],
    ["https://elsewhere.example/v1", { OPENAI_API_KEY: "k" }, undefined],
    ["https://notopenai.com/v1", { OPENAI_API_KEY: "k" }, undefined],
    [
      "https://elsewhere.example/v1",
      { OPENAI_API_KEY: "k", LEMMASCOPE_LLM_API_KEY: "l" },
      "LEMMASCOPE_LLM_API_KEY",
    ],
    ["https://api.openai.com/v1", {}, undefined],
  ])("send to %s with %j the key in %s", (baseUrl, keys, variable) => {
    const settings = llmWith(undefined, {
      LEMMASCOPE_LLM_BASE_URL: baseUrl,
      LEMMASCOPE_LLM_MODEL: "m",
      ...keys,
    });
    expect(settings?.profiles["environment"]?.apiKeyVariable).toBe(variable);
  });

  const profiles = { strong: local };
  it.each<[string, unknown, Record<string, string>, RegExp]>([
    ["no profiles", { profiles: {} }, {}, /"llm\.profiles": there must be at least one/],
    [
      "a role with an unknown profile",
      { profiles, roles: { judge: "stong" } },
      {},
      /"llm\.roles\.judge": there is no profile "stong"; the profiles are strong/,
    ],
    [
      "an unknown default",
      { profiles, default: "cheap" },
      {},
      /"llm\.default": there is no profile "cheap"/,
    ],
    [
      "an unknown role",
      { profiles, roles: { judges: "strong" } },
      {},
      /no setting "judges" in "llm\.roles"; the settings are sketch, filter, judge, rank, prove/,
    ],
    [
      "an unknown setting of a profile",
      { profiles: { strong: { ...local, temprature: 1 } } },
      {},
      /no setting "temprature" in "llm\.profiles\.strong"; the settings are baseUrl, model, /,
    ],
    [
      "an unknown limit",
      { profiles, budget: { cals: 1 } },
      {},
      /in "llm\.budget"; the settings are calls, tokens, seconds/,
    ],
    [
      "an address with its end",
      { profiles: { strong: { ...local, baseUrl: "http://x/v1/chat/completions/" } } },
      {},
      /"llm\.profiles\.strong\.baseUrl": .* without \/chat\/completions/,
    ],
    [
      "a missing model",
      undefined,
      { LEMMASCOPE_LLM_BASE_URL: local.baseUrl },
      /set the environment variable LEMMASCOPE_LLM_MODEL/,
    ],
    [
      "a missing address",
      undefined,
      { LEMMASCOPE_LLM_MODEL: "m" },
      /set the environment variable LEMMASCOPE_LLM_BASE_URL/,
    ],
    [
      "an address that is none",
      undefined,
      { LEMMASCOPE_LLM_BASE_URL: "localhost", LEMMASCOPE_LLM_MODEL: "m" },
      /The environment variable LEMMASCOPE_LLM_BASE_URL is wrong/,
    ],
  ])("refuse %s in a sentence", async (_name, section, environment, sentence) => {
    const failure = await failureOf(() => llmWith(section, environment));
    expect(failure.exit).toBe("usage");
    expect(failure.message).toMatch(sentence);
    expect(failure.message).toMatch(/^[^\n]*\.$/);
  });

  it("never repeat a key that was written where a variable's name belongs", async () => {
    const strong = { ...local, apiKeyVariable: "sk-secret" };
    const failure = await failureOf(() => llmWith({ profiles: { strong } }));
    expect(failure.message).toMatch(/apiKeyVariable": it must be the name/);
    expect(failure.message).not.toContain("secret");
  });

  it("keep answers in the data folder", () => {
    const settings = resolveSettings({}, { LEMMASCOPE_DATA_DIR: folder });
    expect(answerCache(settings)).toBe(join(folder, "language-model-answers.sqlite"));
  });
});
