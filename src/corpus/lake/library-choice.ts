import { relative, resolve, sep } from "node:path";
import { UserError } from "../../errors.js";
import { joinedName, type LakeLibrary } from "./lakefile.js";
import type { LakePackage } from "./lake-project.js";
import {
  isOfNarrower,
  libraryFiles,
  type ModuleFile,
  ownsModule,
  type UnreadableFolder,
} from "./library-files.js";

/** A file and the package that it belongs to. */
export interface PackageFile extends ModuleFile {
  readonly package: LakePackage;
}

interface Candidate {
  readonly package: LakePackage;
  readonly library: LakeLibrary;
}

/**
 * Which libraries of some packages are read: those that Lake builds by default (all, where the lakefile
 * names none of them), those that were asked for, and those that files of these import. So the tests
 * and tools of a library stay out that nobody meant.
 */
export class LibraryChoice {
  #waiting: Candidate[];
  readonly #chosen: Candidate[] = [];
  #rest: Candidate[];
  readonly #paths = new Set<string>();
  readonly #imports = new Set<string>();
  #bytes = 0;

  /**
   * @param packages the project's own first.
   * @param asked libraries of the project's own to be read in any case.
   * @throws UserError `usage` where the project has no library of such a name.
   */
  constructor(packages: readonly LakePackage[], asked: readonly string[]) {
    const all = packages.flatMap((each) =>
      each.lakefile.libraries.map((library) => ({ package: each, library })),
    );
    const [own] = packages;
    const names = own?.lakefile.libraries.map(({ name }) => name) ?? [];
    const unknown = asked.find((name) => !names.includes(name));
    if (unknown !== undefined) {
      throw new UserError(
        "usage",
        `${own?.folder ?? ""} has no library ${unknown}: its lakefile has ${names.length === 0 ? "none" : names.join(", ")}.`,
      );
    }
    const isChosen = (candidate: Candidate): boolean =>
      isBuiltByDefault(candidate) ||
      (candidate.package === own && asked.includes(candidate.library.name));
    this.#waiting = all.filter(isChosen);
    this.#rest = all.filter((candidate) => !isChosen(candidate));
  }

  /** How many files the chosen libraries have, as far as they have been looked at. */
  get filesFound(): number {
    return this.#paths.size;
  }

  /** How many bytes the files have that were scanned. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Takes note of a file that was scanned, and of what it imports. */
  scanned(bytes: number, imports: readonly string[]): void {
    this.#bytes += bytes;
    for (const module of imports) this.#imports.add(module);
  }

  /** The files of libraries that have come to be chosen; none when that is all. */
  async nextFiles(onUnreadable: UnreadableFolder): Promise<PackageFile[]> {
    for (;;) {
      this.#chooseImported();
      if (this.#waiting.length === 0) return [];
      const found: PackageFile[] = [];
      for (const { package: owner, library } of this.#waiting) {
        const files = await libraryFiles(owner, library, onUnreadable);
        for (const file of files) {
          if (this.#paths.has(file.path)) continue;
          if (isOfNarrower(file.module, library, owner.lakefile.libraries)) continue;
          this.#paths.add(file.path);
          found.push({ ...file, package: owner });
        }
        if (files.length === 0) {
          onUnreadable(owner.folder, `the library ${library.name} has no Lean file here`);
        }
      }
      this.#chosen.push(...this.#waiting);
      this.#waiting = [];
      if (found.length > 0) return found;
    }
  }

  /** Where a file belongs by its path, whether or not it is there; undefined for no chosen library. */
  placeOf(path: string): PackageFile | undefined {
    if (!path.endsWith(".lean")) return undefined;
    for (const { package: owner, library } of this.#chosen) {
      const source = resolve(owner.folder, library.sourceFolder);
      const parts = relative(source, path.slice(0, -".lean".length)).split(sep);
      if (parts.some((part) => part === "" || part.startsWith("."))) continue;
      const module = joinedName(parts);
      const isOwned =
        ownsModule(library, module) && !isOfNarrower(module, library, owner.lakefile.libraries);
      if (isOwned) return { path, module, package: owner };
    }
    return undefined;
  }

  /** Whether a file with these imports would have more libraries chosen. */
  wouldChoose(imports: readonly string[]): boolean {
    return this.#rest.some(({ library }) => imports.some((module) => ownsModule(library, module)));
  }

  /** The libraries of a package that were not chosen. */
  unreadOf(lakePackage: LakePackage): string[] {
    return this.#rest
      .filter((candidate) => candidate.package === lakePackage)
      .map(({ library }) => library.name);
  }

  #chooseImported(): void {
    if (this.#imports.size === 0) return;
    const isImported = ({ library }: Candidate): boolean => {
      for (const module of this.#imports) if (ownsModule(library, module)) return true;
      return false;
    };
    const imported = this.#rest.filter(isImported);
    this.#waiting.push(...imported);
    this.#rest = this.#rest.filter((candidate) => !imported.includes(candidate));
    this.#imports.clear();
  }
}

function isBuiltByDefault({ package: { lakefile }, library }: Candidate): boolean {
  const { libraries, defaultTargets } = lakefile;
  const namesOne = libraries.some(({ name }) => defaultTargets.includes(name));
  return !namesOne || defaultTargets.includes(library.name);
}
