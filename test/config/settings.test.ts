import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defaultIndex, resolveSettings, type Settings } from "../../src/config/settings.js";
import { UserError } from "../../src/errors.js";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lemmascope-config-"));
  file = join(folder, "config.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Settings where the configuration file holds this text. */
function settingsWith(
  text: string,
  flags: Parameters<typeof resolveSettings>[0] = {},
  environment: Readonly<Record<string, string>> = {},
): Settings {
  writeFileSync(file, text);
  return resolveSettings(flags, { LEMMASCOPE_CONFIG: file, ...environment });
}

function failure(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof UserError && error.exit === "usage") return error.message;
    throw error;
  }
  throw new Error("it succeeded");
}

describe("resolveSettings", () => {
  it("falls back to defaults", () => {
    expect(settingsWith("{}")).toMatchObject({
      chosenIndex: undefined,
      limit: 10,
      log: "warn",
      configFile: file,
      configFileExists: true,
    });
  });

  it("puts flags before the environment, and the environment before the file", () => {
    const text = JSON.stringify({
      index: "/file.db",
      dataDirectory: "/file",
      limit: 3,
      log: "info",
    });
    const environment = {
      LEMMASCOPE_INDEX: "/variable.db",
      LEMMASCOPE_DATA_DIR: "/variable",
      LEMMASCOPE_LIMIT: "4",
      LEMMASCOPE_LOG: "error",
    };
    expect(settingsWith(text)).toMatchObject({
      chosenIndex: resolve("/file.db"),
      dataDirectory: resolve("/file"),
      limit: 3,
      log: "info",
    });
    expect(settingsWith(text, {}, environment)).toMatchObject({
      chosenIndex: resolve("/variable.db"),
      dataDirectory: resolve("/variable"),
      limit: 4,
      log: "error",
    });
    const flags = { index: "/flag.db", limit: 5, verbose: true };
    expect(settingsWith(text, flags, environment)).toMatchObject({
      chosenIndex: resolve("/flag.db"),
      limit: 5,
      log: "debug",
    });
    expect(settingsWith(text, { quiet: true }, environment).log).toBe("error");
  });

  it("takes an empty variable for none", () => {
    const empty = { LEMMASCOPE_INDEX: "", LEMMASCOPE_LIMIT: "", LEMMASCOPE_LOG: "" };
    expect(settingsWith('{"limit": 3}', {}, empty)).toMatchObject({
      chosenIndex: undefined,
      limit: 3,
      log: "warn",
    });
  });

  it("reads the file's paths from the file's folder, and others from the working folder", () => {
    const settings = settingsWith('{"index": "here.db", "dataDirectory": "data"}');
    expect(settings.chosenIndex).toBe(join(folder, "here.db"));
    expect(defaultIndex(settings)).toBe(join(folder, "data", "index.sqlite"));
    expect(settingsWith("{}", { index: "here.db" }).chosenIndex).toBe(resolve("here.db"));
  });

  it("reads past a byte order mark", () => {
    expect(settingsWith('\uFEFF{"limit": 7}').limit).toBe(7);
  });

  it("needs no file, unless one was named", () => {
    const environment = { XDG_CONFIG_HOME: folder, LEMMASCOPE_CONFIG: join(folder, "none.json") };
    expect(failure(() => resolveSettings({}, environment))).toMatch(
      /none\.json cannot be read \(ENOENT\)\.$/,
    );
  });

  it.each([
    ["{", /is not valid JSON/],
    ["[]", /expected object/],
    ['{"limit": 0}', /"limit": .*>=1/],
    ['{"limit": "10"}', /"limit": .*expected number/],
    ['{"log": "loud"}', /"log": .*"silent"/],
    ['{"idx": 1, "lim": 2}', /no setting "idx", "lim"; the settings are index, dataDirectory, /],
  ])("refuses the file %s in a sentence", (text, sentence) => {
    const message = failure(() => settingsWith(text));
    expect(message).toMatch(sentence);
    expect(message).toContain(file);
    expect(message).not.toContain("\n");
  });

  it("refuses a file that is a folder", () => {
    mkdirSync(file);
    expect(failure(() => resolveSettings({}, { LEMMASCOPE_CONFIG: file }))).toMatch(
      /cannot be read \(EISDIR\)\.$/,
    );
  });

  it.each([
    [
      { LEMMASCOPE_LIMIT: "0" },
      /LEMMASCOPE_LIMIT is "0": it must be a whole number from 1 to 1000/,
    ],
    [{ LEMMASCOPE_LIMIT: "1e2" }, /LEMMASCOPE_LIMIT is "1e2"/],
    [{ LEMMASCOPE_LIMIT: " " }, /LEMMASCOPE_LIMIT is " "/],
    [{ LEMMASCOPE_LOG: "DEBUG" }, /LEMMASCOPE_LOG is "DEBUG": it must be one of silent, error/],
  ])("refuses the variable %j in a sentence", (environment, sentence) => {
    expect(failure(() => settingsWith("{}", {}, environment))).toMatch(sentence);
  });
});
