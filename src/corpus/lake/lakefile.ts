/** A choice of modules, as Lake's `globs` make it. */
export interface ModuleGlob {
  /** Joined by dots. */
  readonly module: string;
  readonly withItself: boolean;
  /** Whether the modules below it belong to the choice. */
  readonly withBelow: boolean;
}

/** A library of a package, as its lakefile describes it. */
export interface LakeLibrary {
  readonly name: string;
  /** Where its modules are, relative to the package's folder. */
  readonly sourceFolder: string;
  /** The modules under which its own are: a file `Root.lean` and the folder `Root`. */
  readonly roots: readonly string[];
  /** What is built where that is more than the roots; may be empty. */
  readonly globs: readonly ModuleGlob[];
}

/** Another package that a package needs. */
export interface LakeRequirement {
  readonly name: string;
  /** Its folder relative to this package's, where it is a path dependency. */
  readonly path?: string;
}

/**
 * What a lakefile says as far as indexing needs it, whether it is written in TOML or in Lean (Lean
 * Language Reference, "Lake", on package configuration).
 */
export interface Lakefile {
  /** "" where it gives none. */
  readonly name: string;
  /** "" where it gives none. */
  readonly version: string;
  /** Where dependencies are kept, relative to the package's folder; undefined for Lake's own place. */
  readonly packagesFolder: string | undefined;
  readonly libraries: readonly LakeLibrary[];
  /** What `lake build` builds: names of libraries and of other targets. */
  readonly defaultTargets: readonly string[];
  readonly requirements: readonly LakeRequirement[];
}

const COMPONENT = String.raw`(?:«[^»\n]+»|[\p{L}_][\p{L}\p{N}_'!?₀-₉ₐ-ₜᵢ-ᵪ]*)`;

/** A name as Lean source writes it, for use in a larger pattern with the flag `u`. */
export const LEAN_NAME = String.raw`${COMPONENT}(?:\.${COMPONENT})*`;

/** The components of a name, without guillemets. */
export function nameComponents(name: string): string[] {
  const parts = name.match(/«[^»]*»|[^.]+/gu) ?? [];
  return parts.map((part) => part.replace(/^«(.*)»$/su, "$1"));
}

/** A name of one component, as packages and libraries have: guillemets are no part of it. */
export function plainName(name: string): string {
  return nameComponents(name).join(".");
}

const BARE_COMPONENT = new RegExp(`^${COMPONENT}$`, "u");

/** A name of these components as Lean writes it: with guillemets where a component needs them. */
export function joinedName(components: readonly string[]): string {
  return components.map((part) => (BARE_COMPONENT.test(part) ? part : `«${part}»`)).join(".");
}

/** Whether one module is another or lies below it. */
export function isWithin(module: string, root: string): boolean {
  return module === root || module.startsWith(`${root}.`);
}
