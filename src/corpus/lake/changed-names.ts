import { lastComponent } from "../lean-source/name-table.js";
import type { ScannedFile, SourceDeclaration } from "../lean-source/source-declaration.js";

/** A file at one time. */
export interface FileNames {
  /** Undefined where there is no file. */
  readonly scanned: ScannedFile | undefined;
  /** The full names of what it declares, with what attributes make. */
  readonly names: readonly string[];
}

/**
 * What a change of some files means to others: the names that came, went or are declared otherwise. As
 * a mention is written short, files are compared by the last components of names.
 */
export class ChangedNames {
  readonly #full = new Set<string>();
  readonly #last = new Set<string>();
  #reachesAll = false;

  /** Takes note of how a file was and is. */
  add(before: FileNames, after: FileNames): void {
    const appeared = new Set(after.names);
    for (const name of before.names) if (!appeared.delete(name)) this.#note(name);
    for (const name of appeared) this.#note(name);
    if (before.scanned === after.scanned) return;
    const heads = new Map(named(before.scanned).map((each) => [each.name, headOf(each)]));
    for (const declaration of named(after.scanned)) {
      const { name, attributes } = declaration;
      const head = heads.get(name);
      if (head === undefined || head === headOf(declaration)) continue;
      this.#note(name);
      // What the attributes make of it is among the names, and may differ as well.
      if (attributes.length > 0)
        for (const made of after.names) this.#last.add(lastComponent(made));
    }
    // Notations, translations and the like reach further than mentions tell.
    if (commandsOf(before.scanned) !== commandsOf(after.scanned)) this.#reachesAll = true;
  }

  /** Whether a file declares a name that changed elsewhere: which one counts is for a new scan. */
  declaredIn({ declarations }: ScannedFile): boolean {
    return (
      this.#full.size > 0 &&
      declarations.some(({ name, anonymous }) => anonymous === undefined && this.#full.has(name))
    );
  }

  /**
   * Whether a generated name came or went that is numbered, as several instances without a name would
   * have the same: which has which number is for a new scan.
   *
   * @param isDeclared whether a full name is declared now.
   */
  renumbers(isDeclared: (name: string) => boolean): boolean {
    for (const name of this.#full) {
      if (!lastComponent(name).startsWith("inst")) continue;
      if (/_\d+$/.test(name) || isDeclared(`${name}_1`)) return true;
    }
    return false;
  }

  /** The last components of the names that changed; undefined where the change reaches all files. */
  get components(): ReadonlySet<string> | undefined {
    return this.#reachesAll ? undefined : this.#last;
  }

  #note(name: string): void {
    this.#full.add(name);
    this.#last.add(lastComponent(name));
  }
}

/** The declarations whose names are written; of the others, names alone are compared. */
function named(scanned: ScannedFile | undefined): SourceDeclaration[] {
  return scanned?.declarations.filter(({ anonymous }) => anonymous === undefined) ?? [];
}

/** All of a declaration that others can see. */
function headOf(declaration: SourceDeclaration): string {
  const { kind, signature, type, isProtected, attributes, alias, fields, value } = declaration;
  const body = fields === undefined ? "" : value;
  return JSON.stringify([kind, signature, type, isProtected, attributes, alias, fields, body]);
}

/** What a file says beside its declarations, wherever in the file. */
function commandsOf(scanned: ScannedFile | undefined): string {
  if (scanned === undefined) return NO_COMMANDS;
  const { lateAttributes, translations, notations, dictionaries } = scanned;
  return JSON.stringify([
    lateAttributes.map(({ source, attributes }) => [source, attributes]),
    translations,
    notations.map(({ sign, position, head }) => [sign, position, head]),
    dictionaries,
  ]);
}

const NO_COMMANDS = JSON.stringify([[], [], [], []]);
