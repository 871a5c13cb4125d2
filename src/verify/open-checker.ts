import type { VerifySettings } from "../config/verify-settings.js";
import { UserError } from "../errors.js";
import { readKey } from "../network/model-server.js";
import type { Environment } from "../network/proxy.js";
import type { RetryOptions } from "../network/retry.js";
import { FilteringChecker } from "./filtering-checker.js";
import type { Permissions } from "./filter/filter.js";
import { LakeRunner } from "./lake/lake-runner.js";
import type { LeanRunner } from "./lean-run.js";
import { findLean } from "./lean-installation.js";
import { inBubblewrap } from "./process/sandbox.js";
import { KiminaRunner } from "./remote/kimina-runner.js";
import { ReplRunner } from "./repl/repl-runner.js";
import type { Checker } from "./verdict.js";

export interface OpenCheckerOptions extends Pick<RetryOptions, "retry" | "onRetry"> {
  readonly permissions: Permissions;
  readonly environment: Environment;
}

/** Lets nothing through. */
export const STRICT: Permissions = { rules: new Set(), axioms: new Set() };

/**
 * The way to have candidates checked that the settings ask for.
 *
 * @throws UserError `unavailable` where Lean or what it needs is missing, `usage` for settings that
 * make no sense.
 */
export function openChecker(settings: VerifySettings, options: OpenCheckerOptions): Checker {
  return new FilteringChecker(openRunner(settings, options), options.permissions);
}

function openRunner(settings: VerifySettings, options: OpenCheckerOptions): LeanRunner {
  return settings.checker === "remote"
    ? openRemote(settings, options)
    : openLocal(settings, options.environment);
}

function openLocal(settings: VerifySettings, environment: Environment): LeanRunner {
  if (process.platform === "win32") {
    throw unavailable(
      "Lean cannot be run from here on Windows: use WSL, or a Kimina Lean Server (LEMMASCOPE_LEAN_SERVER).",
    );
  }
  const { lake, project, isProject, repl, bubblewrap } = findLean(settings, environment);
  if (lake === undefined) {
    throw unavailable(
      settings.lake === undefined
        ? "There is no lake on the PATH, so no proof can be checked here: install elan (https://github.com/leanprover/elan), or set LEMMASCOPE_LEAN_SERVER to a Kimina Lean Server."
        : `There is no program ${settings.lake}: correct "lake" in the section "verify" of the configuration file.`,
    );
  }
  if (!isProject) {
    throw unavailable(`${project} is no Lake project, as it has no lakefile: name another.`);
  }
  const sandboxed = settings.sandbox === "bubblewrap";
  if (sandboxed && bubblewrap === undefined) {
    throw unavailable(
      "There is no bwrap on the PATH: install bubblewrap, or check without a sandbox.",
    );
  }
  const { timeoutMs, importTimeoutMs, processes, mostUses } = settings;
  const memoryBytes = settings.memoryMiB * 2 ** 20;
  if (settings.checker === "lake") {
    return new LakeRunner({ lake, project, timeoutMs, memoryBytes, sandboxed, environment });
  }
  if (repl === undefined) {
    throw unavailable(
      `There is no REPL in ${project}: add it to the project as docs/verification.md describes, or set "repl" in the section "verify" of the configuration file.`,
    );
  }
  const plain = { command: lake, args: ["env", repl] };
  return new ReplRunner({
    ...(sandboxed ? inBubblewrap(plain, undefined, [project, lake, repl]) : plain),
    cwd: project,
    environment,
    memoryBytes,
    processes,
    timeoutMs,
    importTimeoutMs,
    mostUses,
  });
}

function openRemote(settings: VerifySettings, options: OpenCheckerOptions): LeanRunner {
  const { remote, timeoutMs } = settings;
  if (remote === undefined) {
    throw new UserError(
      "usage",
      'No Lean server is configured: set LEMMASCOPE_LEAN_SERVER, or "remote" in the section "verify" of the configuration file.',
    );
  }
  const { environment, retry, onRetry } = options;
  const apiKey = readKey(remote.apiKeyVariable, environment, {
    use: "the key of the Lean server",
    remedy: 'take "apiKeyVariable" out of the settings of the server',
  });
  return new KiminaRunner({
    ...remote,
    apiKey,
    timeoutMs,
    environment,
    ...(retry === undefined ? {} : { retry }),
    ...(onRetry === undefined ? {} : { onRetry }),
  });
}

function unavailable(message: string): UserError {
  return new UserError("unavailable", message);
}
