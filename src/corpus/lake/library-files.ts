import { type Dirent, existsSync, realpathSync, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { errorCode } from "../../errors.js";
import { isWithin, joinedName, type LakeLibrary, nameComponents } from "./lakefile.js";
import type { LakePackage } from "./lake-project.js";

/** A file of Lean source and the module that it is. */
export interface ModuleFile {
  /** Absolute. */
  readonly path: string;
  /** Joined by dots. */
  readonly module: string;
}

/** A folder that could not be read. */
export type UnreadableFolder = (path: string, reason: string) => void;

/**
 * The files of a library: all modules at and below its roots, whether or not something imports them,
 * and what its globs add.
 */
export async function libraryFiles(
  lakePackage: Pick<LakePackage, "folder">,
  library: LakeLibrary,
  onUnreadable: UnreadableFolder,
): Promise<ModuleFile[]> {
  const source = resolve(lakePackage.folder, library.sourceFolder);
  const globs = [
    ...library.roots.map((module) => ({ module, withItself: true, withBelow: true })),
    ...library.globs,
  ];
  const files = new Map<string, ModuleFile>();
  for (const { module, withItself, withBelow } of globs) {
    const parts = nameComponents(module);
    const name = joinedName(parts);
    const path = join(source, ...parts);
    if (withItself && existsSync(`${path}.lean`)) {
      files.set(`${path}.lean`, { path: `${path}.lean`, module: name });
    }
    if (!withBelow) continue;
    for (const file of await filesBelow(path, parts, onUnreadable, new Set())) {
      files.set(file.path, file);
    }
  }
  return [...files.values()];
}

/** Whether a module belongs to a library by its name. */
export function ownsModule(library: LakeLibrary, module: string): boolean {
  const normal = (name: string): string => joinedName(nameComponents(name));
  return (
    library.roots.some((root) => isWithin(module, normal(root))) ||
    library.globs.some((glob) =>
      glob.withBelow ? isWithin(module, normal(glob.module)) : module === normal(glob.module),
    )
  );
}

/**
 * Whether a module below a library's roots belongs to another library of the package, one whose roots
 * lie below this one's: `Garden.Demos` beside `Garden`.
 */
export function isOfNarrower(
  module: string,
  library: LakeLibrary,
  others: readonly LakeLibrary[],
): boolean {
  return others.some(
    (other) =>
      other.roots.some((inner) =>
        library.roots.some((outer) => inner !== outer && isWithin(inner, outer)),
      ) && ownsModule(other, module),
  );
}

/** @param visited the real paths of the folders around this one: a link may lead back to one. */
async function filesBelow(
  folder: string,
  parts: readonly string[],
  onUnreadable: UnreadableFolder,
  visited: ReadonlySet<string>,
): Promise<ModuleFile[]> {
  let entries: Dirent[];
  let real: string;
  try {
    if (!existsSync(folder)) return [];
    real = realpathSync(folder);
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    onUnreadable(folder, `the folder cannot be read (${errorCode(error) ?? "?"})`);
    return [];
  }
  if (visited.has(real)) return [];
  const around = new Set([...visited, real]);
  const files: ModuleFile[] = [];
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith(".")) continue;
    if (entry.name.endsWith(".lean") && !isFolder(path, entry)) {
      const component = entry.name.slice(0, -".lean".length);
      files.push({ path, module: joinedName([...parts, component]) });
    } else if (isFolder(path, entry)) {
      files.push(...(await filesBelow(path, [...parts, entry.name], onUnreadable, around)));
    }
  }
  return files;
}

function isFolder(path: string, entry: Dirent): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
