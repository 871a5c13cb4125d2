import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join, relative } from "node:path";
import type { VerifySettings } from "../config/verify-settings.js";
import { PACKAGE_ROOT } from "../package-root.js";
import { findProgram } from "./process/sandbox.js";

/** The project that candidates are checked in where nobody names another. */
export const BUNDLED_PROJECT = join(PACKAGE_ROOT, "lean-project");

/** What there is of Lean on this machine. Nothing is run to find out: elan would download. */
export interface LeanInstallation {
  /** Undefined where it is not on the PATH and not configured. */
  readonly lake: string | undefined;
  readonly lean: string | undefined;
  readonly project: string;
  /** Whether the folder is a Lake project. */
  readonly isProject: boolean;
  /** What `lean-toolchain` says, such as `leanprover/lean4:v4.28.0-rc1`; undefined without one. */
  readonly toolchain: string | undefined;
  /** Whether elan has that toolchain; undefined where that cannot be told. */
  readonly toolchainInstalled: boolean | undefined;
  /** Where Mathlib comes from: a package of the project, or the project itself. */
  readonly mathlib: "built" | "not built" | "none";
  /** The REPL's program; undefined where there is none. */
  readonly repl: string | undefined;
  readonly bubblewrap: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

export function findLean(settings: VerifySettings, environment: Environment): LeanInstallation {
  const project = settings.project ?? BUNDLED_PROJECT;
  const toolchain = readToolchain(project);
  return {
    lake: program(settings.lake ?? "lake", environment),
    lean: findProgram("lean", environment),
    project,
    isProject: ["lakefile.toml", "lakefile.lean"].some((file) => existsSync(join(project, file))),
    toolchain,
    toolchainInstalled: toolchain === undefined ? undefined : isInstalled(toolchain, environment),
    mathlib: stateOfMathlib(project),
    repl: settings.repl === undefined ? ownRepl(project) : program(settings.repl, environment),
    bubblewrap: process.platform === "linux" ? findProgram("bwrap", environment) : undefined,
  };
}

/** What has to be run before candidates can be checked in a project. */
export function preparation(project: string): string {
  const fromHere = relative(process.cwd(), project);
  const folder = fromHere === "" ? "." : isAbsolute(fromHere) ? project : fromHere;
  // The bundled project comes without a manifest; to update another would change its versions.
  const update = project === BUNDLED_PROJECT ? " && lake update" : "";
  return `cd ${folder}${update} && lake exe cache get && lake build`;
}

function program(name: string, environment: Environment): string | undefined {
  if (/[/\\]/.test(name)) return existsSync(name) ? name : undefined;
  return findProgram(name, environment);
}

function readToolchain(project: string): string | undefined {
  try {
    return readFileSync(join(project, "lean-toolchain"), "utf8").trim();
  } catch {
    return undefined;
  }
}

/** Elan keeps `leanprover/lean4:v4.28.0` as `leanprover--lean4---v4.28.0`. */
function isInstalled(toolchain: string, environment: Environment): boolean | undefined {
  const elan = environment["ELAN_HOME"] ?? join(environment["HOME"] ?? homedir(), ".elan");
  const toolchains = join(elan, "toolchains");
  if (!existsSync(toolchains)) return undefined;
  return existsSync(join(toolchains, toolchain.replaceAll("/", "--").replaceAll(":", "---")));
}

function stateOfMathlib(project: string): LeanInstallation["mathlib"] {
  const package_ = join(project, ".lake", "packages", "mathlib");
  const places = existsSync(package_) ? [package_] : [project];
  const built = places.some((place) =>
    existsSync(join(place, ".lake", "build", "lib", "lean", "Mathlib.olean")),
  );
  if (built) return "built";
  const isAsked = ["lakefile.toml", "lakefile.lean"].some((file) => {
    const path = join(project, file);
    return existsSync(path) && /mathlib/i.test(readFileSync(path, "utf8"));
  });
  return isAsked ? "not built" : "none";
}

function ownRepl(project: string): string | undefined {
  const suffix = process.platform === "win32" ? "repl.exe" : "repl";
  return ["REPL", "repl"]
    .map((name) => join(project, ".lake", "packages", name, ".lake", "build", "bin", suffix))
    .find((path) => existsSync(path));
}
