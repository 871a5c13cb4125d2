import { lastComponent } from "../lean-source/name-table.js";
import type { ScannedFile } from "../lean-source/source-declaration.js";

/**
 * Which files mention a name, by the last components of names, as mentions are written short. A file
 * that has ceased to mention a name may still be told.
 */
export class MentionIndex {
  readonly #paths: string[] = [];
  readonly #numbers = new Map<string, number>();
  /** The numbers of files, by the last component that they mention. */
  readonly #mentioning = new Map<string, number[]>();

  /** Adds what a file mentions. */
  add(path: string, { declarations, lateAttributes }: ScannedFile): void {
    const before = this.#numbers.get(path);
    const number = before ?? this.#paths.push(path) - 1;
    this.#numbers.set(path, number);
    const mentioned = new Set<string>();
    for (const { mentions, alias } of declarations) {
      for (const mention of mentions) mentioned.add(lastComponent(mention));
      if (alias !== undefined) mentioned.add(lastComponent(alias.target));
    }
    for (const { source } of lateAttributes) mentioned.add(lastComponent(source));
    for (const component of mentioned) {
      const known = this.#mentioning.get(component);
      if (known === undefined) this.#mentioning.set(component, [number]);
      else if (before === undefined || !known.includes(number)) known.push(number);
    }
  }

  /** The files that mention any of some last components. */
  filesMentioning(components: Iterable<string>): Set<string> {
    const paths = new Set<string>();
    for (const component of components) {
      for (const number of this.#mentioning.get(component) ?? []) {
        paths.add(this.#paths[number] ?? "");
      }
    }
    return paths;
  }
}
