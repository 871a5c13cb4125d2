import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import envPaths from "env-paths";
import { z } from "zod";
import { errorCode, UserError } from "../errors.js";
import type { Environment } from "../network/proxy.js";
import {
  embedderSection,
  type RemoteEmbedderSettings,
  resolveEmbedder,
} from "./embedder-settings.js";
import { llmSection, type LlmSettings, resolveLlm } from "./llm-settings.js";
import {
  resolveVerify,
  verifyInFolder,
  verifySection,
  type VerifySettings,
} from "./verify-settings.js";

const LOG_LEVELS = ["silent", "error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The configuration file. Its relative paths start from the folder that it lies in. */
const settingsFile = z.strictObject({
  /** The index file that commands use where `--index` says nothing. */
  index: z.string().min(1).optional(),
  /** Where indexes and downloads are kept. */
  dataDirectory: z.string().min(1).optional(),
  /** How many results a search shows. */
  limit: z.number().int().min(1).max(1000).optional(),
  /** What is logged to standard error. */
  log: z.enum(LOG_LEVELS).optional(),
  /** The server that makes vectors of texts. */
  embedder: embedderSection.optional(),
  /** The language models. */
  llm: llmSection.optional(),
  /** How proofs are checked. */
  verify: verifySection.optional(),
});

/** Everything that can be configured, with its origin decided. */
export interface Settings {
  /** The index that the user chose, as an absolute path; undefined where nobody chose one. */
  readonly chosenIndex: string | undefined;
  readonly dataDirectory: string;
  readonly limit: number;
  readonly log: LogLevel;
  /** The server that makes vectors of texts; undefined where none is configured. */
  readonly embedder: RemoteEmbedderSettings | undefined;
  /** The language models; undefined where none is configured. */
  readonly llm: LlmSettings | undefined;
  /** How proofs are checked. */
  readonly verify: VerifySettings;
  /** The configuration file, whether or not it exists. */
  readonly configFile: string;
  readonly configFileExists: boolean;
}

/** What command-line flags may say; absent where a flag was not given. */
export interface SettingsFlags {
  readonly index?: string | undefined;
  readonly limit?: number | undefined;
  readonly verbose?: boolean | undefined;
  readonly quiet?: boolean | undefined;
}

/**
 * Settles the configuration: flags, then environment variables (`LEMMASCOPE_INDEX`,
 * `LEMMASCOPE_DATA_DIR`, `LEMMASCOPE_LIMIT`, `LEMMASCOPE_LOG`, `LEMMASCOPE_EMBEDDER_URL`,
 * `LEMMASCOPE_EMBEDDER_MODEL`, and those of {@link resolveLlm} and {@link resolveVerify}), then the file that `LEMMASCOPE_CONFIG` names or `config.json` in
 * the platform's configuration folder, then defaults in the platform's folders.
 *
 * @throws UserError `usage` for a variable or file that makes no sense.
 */
export function resolveSettings(flags: SettingsFlags, environment: Environment): Settings {
  const platform = envPaths("lemmascope", { suffix: "" });
  const chosenFile = nonEmpty(environment["LEMMASCOPE_CONFIG"]);
  const configFile = resolve(chosenFile ?? join(platform.config, "config.json"));
  const file = readSettingsFile(configFile, chosenFile !== undefined);
  const fromEnvironment = {
    limit: integerVariable(environment, "LEMMASCOPE_LIMIT", 1, 1000),
    log: levelVariable(environment, "LEMMASCOPE_LOG"),
  };
  const index = flags.index ?? nonEmpty(environment["LEMMASCOPE_INDEX"]) ?? file?.index;
  const flagLevel = flags.verbose === true ? "debug" : flags.quiet === true ? "error" : undefined;
  return {
    chosenIndex: index === undefined ? undefined : resolve(index),
    dataDirectory: resolve(
      nonEmpty(environment["LEMMASCOPE_DATA_DIR"]) ?? file?.dataDirectory ?? platform.data,
    ),
    limit: flags.limit ?? fromEnvironment.limit ?? file?.limit ?? 10,
    log: flagLevel ?? fromEnvironment.log ?? file?.log ?? "warn",
    embedder: resolveEmbedder(file?.embedder, environment),
    llm: resolveLlm(file?.llm, environment),
    verify: resolveVerify(file?.verify, environment),
    configFile,
    configFileExists: file !== undefined,
  };
}

/** The index that commands use where nobody chose one, once it has been made. */
export function defaultIndex(settings: Settings): string {
  return join(settings.dataDirectory, "index.sqlite");
}

/** Where answers of language models are kept, so that none is paid for twice. */
export function answerCache(settings: Settings): string {
  return join(settings.dataDirectory, "language-model-answers.sqlite");
}

function readSettingsFile(path: string, mustExist: boolean): SettingsFile | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT" && !mustExist) return undefined;
    throw new UserError(
      "usage",
      `The configuration file ${path} cannot be read (${errorCode(error) ?? "unknown error"}).`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    throw new UserError("usage", `The configuration file ${path} is not valid JSON: mend it.`);
  }
  const parsed = settingsFile.safeParse(value);
  if (parsed.success) return inFolder(dirname(path), parsed.data);
  throw new UserError(
    "usage",
    `The configuration file ${path} is wrong: ${describeIssue(parsed.error)}.`,
  );
}

type SettingsFile = z.infer<typeof settingsFile>;

function inFolder(
  folder: string,
  { index, dataDirectory, verify, ...rest }: SettingsFile,
): SettingsFile {
  return {
    ...rest,
    ...(verify === undefined ? {} : { verify: verifyInFolder(folder, verify) }),
    ...(index === undefined ? {} : { index: resolve(folder, index) }),
    ...(dataDirectory === undefined ? {} : { dataDirectory: resolve(folder, dataDirectory) }),
  };
}

function describeIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return "it is no JSON object";
  if (issue.code === "unrecognized_keys") {
    const known = settingsAt(settingsFile, issue.path).join(", ");
    const place = issue.path.length > 0 ? ` in "${issue.path.join(".")}"` : "";
    return `there is no setting ${issue.keys.map((key) => JSON.stringify(key)).join(", ")}${place}; the settings are ${known}`;
  }
  const where = issue.path.length === 0 ? "" : `"${issue.path.join(".")}": `;
  return `${where}${issue.message}`;
}

/** The names of the settings that a section may have. */
function settingsAt(schema: unknown, path: readonly PropertyKey[]): string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    return settingsAt(schema.unwrap(), path);
  }
  const [first, ...rest] = path;
  if (schema instanceof z.ZodRecord) return settingsAt(schema.valueType, rest);
  if (!(schema instanceof z.ZodObject)) return [];
  return first === undefined
    ? Object.keys(schema.shape)
    : settingsAt(schema.shape[String(first)], rest);
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text === "" ? undefined : text;
}

function integerVariable(
  environment: Environment,
  name: string,
  least: number,
  most: number,
): number | undefined {
  const text = nonEmpty(environment[name]);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new UserError(
    "usage",
    `The environment variable ${name} is "${text}": it must be a whole number from ${least} to ${most}.`,
  );
}

function levelVariable(environment: Environment, name: string): LogLevel | undefined {
  const text = nonEmpty(environment[name]);
  if (text === undefined) return undefined;
  const level = LOG_LEVELS.find((known) => known === text);
  if (level !== undefined) return level;
  throw new UserError(
    "usage",
    `The environment variable ${name} is "${text}": it must be one of ${LOG_LEVELS.join(", ")}.`,
  );
}
