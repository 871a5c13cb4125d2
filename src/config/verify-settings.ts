import { resolve } from "node:path";
import { z } from "zod";
import type { Environment } from "../network/proxy.js";
import { apiKeyVariableSchema, variable } from "./server-settings.js";

export const CHECKER_NAMES = ["lake", "repl", "remote"] as const;
export type CheckerName = (typeof CHECKER_NAMES)[number];

export const SANDBOXES = ["none", "bubblewrap"] as const;
export type Sandbox = (typeof SANDBOXES)[number];

const path = z.string().min(1);
const serverUrl = z
  .string()
  .refine(
    (address) => /^https?:\/\/[^/?#@]+(?:\/[^?#]*)?$/.test(address) && URL.canParse(address),
    "it must be the address of a Kimina Lean Server, such as http://localhost:8000, without user name, query or fragment",
  )
  .transform((address) => address.replace(/\/+$/, "").replace(/\/verify$/, ""));
const milliseconds = z
  .number()
  .int()
  .min(1000)
  .max(24 * 3_600_000);

const remoteSchema = z.strictObject({
  /** Where the Kimina Lean Server is: `http://localhost:8000`, without `/verify`. */
  baseUrl: serverUrl,
  /** The environment variable that holds the key; absent where the server needs none. */
  apiKeyVariable: apiKeyVariableSchema.optional(),
  /** How many checks one request carries at most. */
  batchSize: z.number().int().min(1).max(256).default(8),
  /** How many requests are under way at the same time at most. */
  concurrency: z.number().int().min(1).max(64).default(2),
  /** How often a request that failed is tried again. */
  maxRetries: z.number().int().min(0).max(100).default(4),
});

/** The section `verify` of the configuration file. */
export const verifySection = z.strictObject({
  /** How Lean is run; where absent, a remote server where one is set, else lake. */
  checker: z.enum(CHECKER_NAMES).optional(),
  /** The Lake project that candidates are checked in; where absent, the bundled one. */
  project: path.optional(),
  /** The program lake, where it is not on the PATH. */
  lake: path.optional(),
  /** The program repl, where it is not among the project's packages. */
  repl: path.optional(),
  /** How long one check may take, in ms. */
  timeoutMs: milliseconds.default(300_000),
  /** How long a REPL may take to import a library, in ms. */
  importTimeoutMs: milliseconds.default(600_000),
  /** How much memory one Lean process may take, its children included, in MiB. */
  memoryMiB: z
    .number()
    .int()
    .min(64)
    .max(2 ** 20)
    .default(8192),
  /** How many REPL processes there are at the same time. */
  processes: z.number().int().min(1).max(256).default(1),
  /** After how many checks a REPL process is replaced. */
  mostUses: z.number().int().min(1).max(1_000_000).default(100),
  /** What Lean runs in. */
  sandbox: z.enum(SANDBOXES).default("none"),
  remote: remoteSchema.optional(),
});
export type VerifySection = z.infer<typeof verifySection>;

/** How candidates are checked. */
export interface VerifySettings extends VerifySection {
  readonly checker: CheckerName;
}

/**
 * Settles how candidates are checked: `LEMMASCOPE_LEAN_PROJECT` and `LEMMASCOPE_LEAN_SERVER` come
 * before what the configuration file says.
 *
 * @throws UserError `usage` for a variable that makes no sense.
 */
export function resolveVerify(
  section: VerifySection | undefined,
  environment: Environment,
): VerifySettings {
  const settings = section ?? verifySection.parse({});
  const project = variable(environment, "LEMMASCOPE_LEAN_PROJECT", path);
  const server = variable(environment, "LEMMASCOPE_LEAN_SERVER", serverUrl);
  const remote =
    server === undefined
      ? settings.remote
      : remoteSchema.parse({ ...settings.remote, baseUrl: server });
  return {
    ...settings,
    ...(project === undefined ? {} : { project: resolve(project) }),
    ...(remote === undefined ? {} : { remote }),
    checker: settings.checker ?? (remote === undefined ? "lake" : "remote"),
  };
}

/** Paths of the section that are relative start from the configuration file's folder. */
export function verifyInFolder(folder: string, section: VerifySection): VerifySection {
  const { project, lake, repl } = section;
  const placed = (text: string): string =>
    // A bare name is one on the PATH.
    /[/\\]/.test(text) ? resolve(folder, text) : text;
  return {
    ...section,
    ...(project === undefined ? {} : { project: resolve(folder, project) }),
    ...(lake === undefined ? {} : { lake: placed(lake) }),
    ...(repl === undefined ? {} : { repl: placed(repl) }),
  };
}
