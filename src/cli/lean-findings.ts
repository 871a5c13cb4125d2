import type { VerifySettings } from "../config/verify-settings.js";
import { findLean, type LeanInstallation, preparation } from "../verify/lean-installation.js";

/** One thing that `doctor` looked at. */
export interface Finding {
  readonly what: string;
  /** `missing` is something that can be had and is not needed for searching. */
  readonly state: "works" | "missing" | "broken";
  readonly detail: string;
  /** What to do about it, where something is to be done. */
  readonly remedy?: string;
}

/** What there is for checking proofs. Nothing is run, as elan would start to download. */
export function examineLean(
  settings: VerifySettings,
  environment: Readonly<Record<string, string | undefined>>,
): Finding[] {
  const { remote } = settings;
  const server: Finding[] =
    remote === undefined
      ? []
      : [{ what: "Lean server", state: "works", detail: `${remote.baseUrl} (not asked)` }];
  const found = findLean(settings, environment);
  if (found.lake === undefined) {
    const detail =
      settings.lake === undefined
        ? "no lake on the PATH (searching does not need it)"
        : `there is no ${settings.lake}`;
    const remedy = "Install elan: https://github.com/leanprover/elan";
    return [...server, { what: "Lean", state: "missing", detail, remedy }];
  }
  const programs = [found.lake, found.lean].filter((path) => path !== undefined);
  return [
    ...server,
    { what: "Lean", state: "works", detail: programs.join(", ") },
    examineProject(found),
    ...examineExtras(settings, found),
  ];
}

function examineProject(found: LeanInstallation): Finding {
  const what = "Lean project";
  const { project, toolchain, mathlib } = found;
  if (!found.isProject) {
    return {
      what,
      state: "missing",
      detail: `${project} has no lakefile`,
      remedy: "Set LEMMASCOPE_LEAN_PROJECT to the folder of a Lake project.",
    };
  }
  const detail = `${project}, ${toolchain ?? "no lean-toolchain"}`;
  if (found.toolchainInstalled === false) {
    return {
      what,
      state: "missing",
      detail: `${detail}, which elan does not have yet`,
      remedy: `Run: elan toolchain install ${toolchain ?? ""}`,
    };
  }
  if (mathlib === "not built") {
    return {
      what,
      state: "missing",
      detail: `${detail}, Mathlib is not built`,
      remedy: `Run: ${preparation(project)}`,
    };
  }
  return {
    what,
    state: "works",
    detail: `${detail}, ${mathlib === "built" ? "with" : "without"} Mathlib`,
  };
}

function examineExtras(settings: VerifySettings, found: LeanInstallation): Finding[] {
  const { repl, bubblewrap } = found;
  const extras: Finding[] = [];
  if (repl !== undefined) extras.push({ what: "Lean REPL", state: "works", detail: repl });
  else if (settings.checker === "repl") {
    extras.push({
      what: "Lean REPL",
      state: "missing",
      detail: "the checker that is set needs one",
      remedy: 'Add it to the project (docs/verification.md), or set "repl".',
    });
  }
  if (bubblewrap !== undefined) {
    extras.push({
      what: "Sandbox",
      state: "works",
      detail: `${bubblewrap} (--sandbox bubblewrap)`,
    });
  } else if (settings.sandbox === "bubblewrap") {
    extras.push({
      what: "Sandbox",
      state: "missing",
      detail: "no bwrap on the PATH, though it is set",
      remedy: "Install bubblewrap.",
    });
  }
  return extras;
}
