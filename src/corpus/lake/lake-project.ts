import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { errorCode, UserError } from "../../errors.js";
import type { Lakefile } from "./lakefile.js";
import { readLeanLakefile } from "./lakefile-lean.js";
import { readTomlLakefile } from "./lakefile-toml.js";
import { type ManifestPackage, readManifest } from "./manifest.js";

/** A package that has been opened: its lakefile is read. */
export interface LakePackage {
  readonly name: string;
  /** A tag, the start of a commit, or what the lakefile says; "" where nothing tells. */
  readonly version: string;
  /** Absolute. */
  readonly folder: string;
  readonly lakefile: Lakefile;
}

/** Where a package that a project depends on is to be found. */
export interface LakeDependency {
  readonly name: string;
  /** "" where the manifest does not tell. */
  readonly version: string;
  /** Absolute; it need not exist. */
  readonly folder: string;
  /** Its lakefile, relative to the folder; undefined for the usual names. */
  readonly lakefile: string | undefined;
}

/** A folder with a lakefile, and all that it depends on. */
export interface LakeProject {
  readonly own: LakePackage;
  /** Direct and indirect ones, in the manifest's order. Lean's own library is not among them. */
  readonly dependencies: readonly LakeDependency[];
}

/** Something in a project that was left out, or read with a gap: a file or folder and a line. */
export interface ProjectProblem {
  /** Absolute. */
  readonly path: string;
  readonly line: number;
  /** What is wrong, without a full stop: "the bracket ( is not closed". */
  readonly message: string;
}

/** Of two lakefiles, Lake takes this one. */
const LAKEFILES = ["lakefile.lean", "lakefile.toml"] as const;

const MANIFEST = "lake-manifest.json";

const PACKAGES_FOLDER = join(".lake", "packages");

/** Whether a path is a folder that Lake would take for a project. */
export function isLakeProject(path: string): boolean {
  return LAKEFILES.some((name) => existsSync(join(path, name)));
}

/**
 * Opens a Lake project: its lakefile and, where there is one, its manifest. Without a manifest, path
 * dependencies are followed and others looked for where Lake keeps them.
 *
 * @throws UserError `badInput` where the folder is no Lake project, and for a lakefile or manifest
 * that cannot be read.
 */
export function openLakeProject(folder: string): LakeProject {
  const root = resolve(folder);
  if (!isFolder(root)) {
    throw new UserError(
      "badInput",
      `There is no folder ${root}: name the folder of a Lake project.`,
    );
  }
  const here = { name: basename(root), version: "", folder: root, lakefile: undefined };
  const opened = openPackage(here);
  const own = { ...opened, name: opened.lakefile.name === "" ? opened.name : opened.lakefile.name };
  const path = join(root, MANIFEST);
  if (!existsSync(path)) return { own, dependencies: requiredPackages(own) };
  const manifest = readManifest(readText(path), path);
  const packages = manifest.packagesFolder ?? own.lakefile.packagesFolder ?? PACKAGES_FOLDER;
  return {
    own,
    dependencies: manifest.packages.map((entry) => ({
      name: entry.name,
      version: versionOf(entry),
      folder: resolve(root, entry.folder ?? join(packages, entry.name, entry.subfolder)),
      lakefile: entry.lakefile,
    })),
  };
}

/**
 * Opens a package where a project says that it is.
 *
 * @throws UserError `badInput` where it is not there, or its lakefile cannot be read.
 */
export function openPackage(dependency: LakeDependency): LakePackage {
  const { folder } = dependency;
  if (!isFolder(folder)) {
    throw new UserError(
      "badInput",
      `The package ${dependency.name} is not at ${folder}: fetch it with lake update, or leave it out of --deps.`,
    );
  }
  const named = dependency.lakefile ?? "";
  const name = [...(named === "" ? [] : [named]), ...LAKEFILES].find((file) =>
    existsSync(join(folder, file)),
  );
  if (name === undefined) {
    throw new UserError(
      "badInput",
      `${folder} is no Lake project: it has neither lakefile.toml nor lakefile.lean.`,
    );
  }
  const path = join(folder, name);
  const text = readText(path);
  const lakefile = name.endsWith(".toml") ? readTomlLakefile(text, path) : readLeanLakefile(text);
  return {
    name: dependency.name,
    version: dependency.version === "" ? lakefile.version : dependency.version,
    folder,
    lakefile,
  };
}

/** What lakefiles alone tell of dependencies: those that are on the disk. */
function requiredPackages(own: LakePackage): LakeDependency[] {
  const packages = resolve(own.folder, own.lakefile.packagesFolder ?? PACKAGES_FOLDER);
  const found = new Map<string, LakeDependency>();
  const waiting = [own];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    for (const { name, path } of next.lakefile.requirements) {
      const folder = path === undefined ? join(packages, name) : resolve(next.folder, path);
      if (found.has(name) || folder === own.folder) continue;
      const dependency = { name, version: "", folder, lakefile: undefined };
      found.set(name, dependency);
      if (isLakeProject(folder)) waiting.push(openPackage(dependency));
    }
  }
  return [...found.values()];
}

/** A tag says more to people than a commit, and a commit more than a branch. */
function versionOf({ inputRevision, revision }: ManifestPackage): string {
  return /^v?\d/.test(inputRevision) && inputRevision.length < 40
    ? inputRevision
    : revision.slice(0, 12);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UserError("badInput", `${path} cannot be read (${errorCode(error) ?? "?"}).`, {
      cause: error,
    });
  }
}
