import type { Declaration } from "../../declaration.js";
import { ContextNames } from "./context-names.js";
import { type Dictionaries, withHints, withListed } from "./dictionaries.js";
import { generatedFrom, type GeneratedDeclaration, isTranslating } from "./generated.js";
import { anonymousInstanceName } from "./instance-names.js";
import { InstanceParameters } from "./instance-parameters.js";
import { lastComponent, NameTable } from "./name-table.js";
import { resolveDeclaration, resolveGenerated } from "./resolve-references.js";
import type {
  GeneratingAttribute,
  ScannedFile,
  SourceDeclaration,
  SourceProblem,
} from "./source-declaration.js";
import { Translations } from "./translations.js";

/**
 * The second pass over a library: what its files' declarations mean together. Files come and go one at
 * a time, under any key that the caller likes (a path); names are resolved when they are asked for.
 */
export interface LeanLibraryReader {
  /** Adds what the first pass found in a file, in place of what the file held before. */
  set(file: string, scanned: ScannedFile): void;
  delete(file: string): void;
  files(): Iterable<string>;
  /**
   * The declarations of a file, with full names, and names and statements of what attributes make.
   * References to other files are as those stand now: after a change elsewhere, ask again.
   */
  declarations(file: string): Declaration[];
  /** The full names of what a file declares, with what attributes make. */
  names(file: string): string[];
  /** Whether any file declares a full name. */
  declares(name: string): boolean;
  problems(file: string): readonly SourceProblem[];
}

interface Entry {
  readonly scanned: ScannedFile;
  /** The full names of the declarations; of an anonymous instance, once it has one. */
  readonly names: string[];
  /** What attributes make, by name. */
  readonly generated: Map<string, GeneratedDeclaration>;
}

/** Aliases of aliases are followed this far. */
const LONGEST_ALIAS_CHAIN = 8;

export class LeanLibrary implements LeanLibraryReader {
  readonly #keepsGuesses: boolean;
  readonly #entries = new Map<string, Entry>();
  readonly #table = new NameTable();
  readonly #translations = new Translations();
  readonly #notations = new Map<string, { readonly head: string; readonly entry: Entry }>();
  readonly #unlinked = new Set<Entry>();
  readonly #entryOfModule = new Map<string, Entry>();
  #parameters = new InstanceParameters(this.#table, (name) => this.#namesAround(name));
  readonly #names = new Map<Entry, ContextNames[]>();

  /**
   * @param options.guessedInstances whether to keep instances without a name whose generated name the
   * text does not tell for sure, under the likeliest name. Without them, no name is invented.
   */
  constructor(options: { readonly guessedInstances?: boolean } = {}) {
    this.#keepsGuesses = options.guessedInstances ?? false;
  }

  set(file: string, scanned: ScannedFile): void {
    this.delete(file);
    const { declarations, module } = scanned;
    const names = declarations.map(({ name, anonymous }) => (anonymous === undefined ? name : ""));
    const entry: Entry = { scanned, names, generated: new Map() };
    this.#entries.set(file, entry);
    this.#entryOfModule.set(module, entry);
    this.#unlinked.add(entry);
    declarations.forEach((source, at) => {
      const name = names[at] ?? "";
      if (name !== "") this.#table.add({ name, kind: source.kind, module, source });
    });
    for (const { sign, head, isLocal } of scanned.notations) {
      if (isLocal !== true) this.#notations.set(sign, { head, entry });
    }
  }

  delete(file: string): void {
    const entry = this.#entries.get(file);
    if (entry === undefined) return;
    const { module, declarations } = entry.scanned;
    this.#table.remove(module, [...entry.names, ...entry.generated.keys()]);
    this.#table.removeExports(module);
    declarations.forEach((source, at) => {
      for (const attribute of source.attributes.filter(isTranslating)) {
        this.#translations.forget(attribute.attribute, entry.names[at] ?? "");
      }
    });
    for (const [sign, notation] of this.#notations) {
      if (notation.entry === entry) this.#notations.delete(sign);
    }
    this.#entries.delete(file);
    this.#unlinked.delete(entry);
    if (this.#entryOfModule.get(module) === entry) this.#entryOfModule.delete(module);
    this.#forgetNames();
  }

  files(): Iterable<string> {
    return this.#entries.keys();
  }

  names(file: string): string[] {
    const entry = this.#entries.get(file);
    if (entry === undefined) return [];
    this.#link();
    return [...entry.names.filter((name) => name !== ""), ...entry.generated.keys()];
  }

  declares(name: string): boolean {
    this.#link();
    return this.#table.has(name);
  }

  problems(file: string): readonly SourceProblem[] {
    return this.#entries.get(file)?.scanned.problems ?? [];
  }

  declarations(file: string): Declaration[] {
    const entry = this.#entries.get(file);
    if (entry === undefined) return [];
    this.#link();
    const { declarations } = entry.scanned;
    const resolved = new Map<string, Declaration>();
    declarations.forEach((source, at) => {
      const name = entry.names[at] ?? "";
      if (name !== "" && !resolved.has(name))
        resolved.set(name, this.#resolve(entry, source, name));
    });
    for (const generated of entry.generated.values()) {
      const from = resolved.get(generated.from) ?? this.#resolveNamed(generated.from);
      if (from === undefined || resolved.has(generated.name)) continue;
      const names = this.#namesAround(generated.from) ?? this.#contextNames(entry, 0);
      const { module } = entry.scanned;
      resolved.set(generated.name, resolveGenerated(generated, from, module, names, this.#library));
    }
    // Names that short names stand for here are not asked for again before the next change.
    this.#names.delete(entry);
    return [...resolved.values()];
  }

  get #library() {
    return { table: this.#table, translations: this.#translations, parameters: this.#parameters };
  }

  #forgetNames(): void {
    this.#names.clear();
    this.#parameters = new InstanceParameters(this.#table, (name) => this.#namesAround(name));
  }

  #contextNames(entry: Entry, context: number): ContextNames {
    let all = this.#names.get(entry);
    if (all === undefined) this.#names.set(entry, (all = []));
    const known = all[context];
    if (known !== undefined) return known;
    const stands = entry.scanned.contexts[context] ?? { namespace: "", opens: [] };
    return (all[context] = new ContextNames(stands, this.#table));
  }

  /** What short names mean where a declaration stands. */
  #namesAround(name: string): ContextNames | undefined {
    const named = this.#table.get(name);
    const entry = named === undefined ? undefined : this.#entryOfModule.get(named.module);
    if (named === undefined || entry === undefined) return undefined;
    return this.#contextNames(entry, named.source.context);
  }

  /** Names what the files that are new leave to be named, now that all their names are known. */
  #link(): void {
    if (this.#unlinked.size === 0) return;
    const entries = [...this.#unlinked];
    this.#unlinked.clear();
    this.#forgetNames();
    const numbers = new Map<string, number>();
    const translations = this.#translations;
    for (const { scanned } of entries) {
      translations.dictionaries = withListed(translations.dictionaries, scanned.dictionaries);
    }
    const dictionaries = ({ scanned }: Entry) =>
      withHints(translations.dictionaries, scanned.dictionaries);
    for (const entry of entries) this.#export(entry);
    this.#forgetNames();
    for (const entry of entries) this.#nameInstances(entry, numbers);
    for (const entry of entries) this.#askTranslations(entry, dictionaries(entry));
    translations.mirror();
    for (const entry of entries) this.#pairFields(entry);
    for (const entry of entries) this.#generate(entry, dictionaries(entry));
    // What has just been made can be tagged in turn.
    this.#forgetNames();
    for (const entry of entries) this.#generateLate(entry, dictionaries(entry));
    this.#forgetNames();
  }

  #export(entry: Entry): void {
    const { contexts, exports, module } = entry.scanned;
    for (const { namespace, names, context } of exports) {
      const here = contexts[context]?.namespace ?? "";
      const around = here === "" ? "" : `${here}.`;
      const namespaces = this.#contextNames(entry, context).namespaces(namespace);
      for (const name of names) {
        const target = namespaces
          .map((from) => `${from}.${name}`)
          .find((full) => this.#table.has(full));
        if (target !== undefined) this.#table.export(around + name, target, module);
      }
    }
  }

  /** @param numbers the last number behind each name that has been given several times. */
  #nameInstances(entry: Entry, numbers: Map<string, number>): void {
    const { declarations, module, notations } = entry.scanned;
    const ownNotations = new Map(notations.map(({ sign, head }) => [sign, { head, entry }]));
    declarations.forEach((source, at) => {
      if (source.anonymous === undefined) return;
      const names = this.#contextNames(entry, source.context);
      const surroundings = {
        module,
        namespace: source.name,
        names,
        table: this.#table,
        notation: (sign: string) =>
          this.#headOf(ownNotations.get(sign) ?? this.#notations.get(sign)),
        ownNotation: (word: string) => this.#headOf(ownNotations.get(word)),
      };
      const short = anonymousInstanceName(source, surroundings, this.#parameters);
      if (!short.isSure && !this.#keepsGuesses) return;
      const base = source.name === "" ? short.name : `${source.name}.${short.name}`;
      let name = base;
      for (let number = numbers.get(base) ?? 0; this.#table.has(name); name = `${base}_${number}`) {
        numbers.set(base, (number += 1));
      }
      entry.names[at] = name;
      this.#table.add({ name, kind: source.kind, module, source });
    });
  }

  #headOf(notation: { readonly head: string; readonly entry: Entry } | undefined) {
    if (notation === undefined) return undefined;
    return this.#contextNames(notation.entry, 0).resolve(notation.head) ?? notation.head;
  }

  #askTranslations(entry: Entry, dictionaries: Dictionaries): void {
    const ask = (name: string, attributes: readonly GeneratingAttribute[]) => {
      for (const { attribute, target, isSelf } of attributes.filter(isTranslating)) {
        if (isSelf === true) this.#translations.fix(attribute, name, name);
        else this.#translations.ask(attribute, name, target, dictionaries);
      }
    };
    entry.scanned.declarations.forEach(({ attributes }, at) => {
      if (attributes.length > 0) ask(entry.names[at] ?? "", attributes);
    });
    for (const { source, context, attributes } of entry.scanned.lateAttributes) {
      const name = this.#tagged(entry, source, context);
      if (name !== undefined) ask(name, attributes);
    }
    for (const [source, target] of entry.scanned.translations) {
      this.#translations.fix("to_additive", source, target);
    }
  }

  /** The fields of a structure correspond to those of its counterpart, one by one. */
  #pairFields(entry: Entry): void {
    entry.scanned.declarations.forEach((source, at) => {
      const name = entry.names[at] ?? "";
      const { fields } = source;
      if (fields === undefined) return;
      for (const attribute of ["to_additive", "to_dual"] as const) {
        const target = this.#translations.translationOf(attribute, name);
        const others = target === undefined ? undefined : this.#table.get(target)?.source.fields;
        if (target === undefined || others?.length !== fields.length) continue;
        fields.forEach((field, index) => {
          this.#translations.fix(
            attribute,
            `${name}.${field}`,
            `${target}.${others[index] ?? field}`,
          );
        });
      }
    });
  }

  #generate(entry: Entry, dictionaries: Dictionaries): void {
    entry.scanned.declarations.forEach((source, at) => {
      const name = entry.names[at] ?? "";
      if (name === "" || source.attributes.length === 0) return;
      this.#addGenerated(entry, name, source, dictionaries);
    });
  }

  #generateLate(entry: Entry, dictionaries: Dictionaries): void {
    for (const { source, context, attributes } of entry.scanned.lateAttributes) {
      const name = this.#tagged(entry, source, context);
      const named = name === undefined ? undefined : this.#table.get(name);
      if (named === undefined) continue;
      this.#addGenerated(entry, named.name, { ...named.source, attributes }, dictionaries);
    }
  }

  /** What an `attribute` command tags: not the longest part that is known, but all of the name. */
  #tagged(entry: Entry, source: string, context: number): string | undefined {
    const name = this.#contextNames(entry, context).resolve(source);
    return name !== undefined && lastComponent(name) === lastComponent(source) ? name : undefined;
  }

  #addGenerated(
    entry: Entry,
    name: string,
    source: SourceDeclaration,
    dictionaries: Dictionaries,
  ): void {
    const { attributes, kind } = source;
    const { module } = entry.scanned;
    const named = { name, kind };
    for (const made of generatedFrom(named, attributes, this.#translations, dictionaries)) {
      const generatedSource: SourceDeclaration = { ...source, attributes: [] };
      const isNew = this.#table.add({ name: made.name, kind, module, source: generatedSource });
      if (isNew) entry.generated.set(made.name, made);
    }
  }

  #resolve(entry: Entry, source: SourceDeclaration, name: string, chain = 0): Declaration {
    const names = this.#contextNames(entry, source.context);
    let aliased: Declaration | undefined;
    if (source.alias !== undefined && chain < LONGEST_ALIAS_CHAIN) {
      const target = names.resolve(source.alias.target, name);
      if (target !== undefined && target !== name) aliased = this.#resolveNamed(target, chain + 1);
    }
    return resolveDeclaration(source, name, entry.scanned.module, names, this.#library, aliased);
  }

  #resolveNamed(name: string, chain = 0): Declaration | undefined {
    const named = this.#table.get(name);
    const entry = named === undefined ? undefined : this.#entryOfModule.get(named.module);
    if (named === undefined || entry === undefined) return undefined;
    const generated = entry.generated.get(name);
    if (generated === undefined) return this.#resolve(entry, named.source, name, chain);
    if (chain >= LONGEST_ALIAS_CHAIN) return undefined;
    const from = this.#resolveNamed(generated.from, chain + 1);
    if (from === undefined) return undefined;
    const names = this.#contextNames(entry, named.source.context);
    return resolveGenerated(generated, from, named.module, names, this.#library);
  }
}
