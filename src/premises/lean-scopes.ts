import { nameComponents } from "../index/name-key.js";

/** Text that holds from a place of a file on, such as variables; up to another place, if that is known. */
export interface ScopedText {
  readonly start: number;
  readonly content: string;
  /** Where its section or namespace ends; undefined where it holds to the end of the file. */
  until: number | undefined;
}

/** Follows a Lean file's namespaces and sections, and the variables that hold in them. */
export class LeanScopes {
  readonly #open: { readonly namespace: string | undefined; readonly variables: ScopedText[] }[] =
    [];

  /** The components of the namespace that the file is in. */
  get namespace(): string[] {
    return this.#open.flatMap(({ namespace }) => namespace ?? []);
  }

  /**
   * Takes note of a command that opens or ends scopes; others change nothing. As in Lean, a name of
   * several components opens, or ends, a scope for each.
   */
  follow(command: string, start: number): void {
    const found =
      /^(?:(?:noncomputable|public|meta)\s+)*(namespace|section|mutual|end)\b[ \t]*([^\s]*)/u.exec(
        command,
      );
    if (found === null) return;
    const [, keyword, name = ""] = found;
    const components = name === "" || keyword === "mutual" ? [""] : nameComponents(name);
    for (const component of components) {
      if (keyword === "end") {
        for (const one of this.#open.pop()?.variables ?? []) one.until = start;
      } else {
        const namespace = keyword === "namespace" ? component : undefined;
        this.#open.push({ namespace, variables: [] });
      }
    }
  }

  /** Variables hold until the innermost scope ends. */
  addVariables(start: number, content: string): ScopedText {
    const variables: ScopedText = { start, content, until: undefined };
    this.#open.at(-1)?.variables.push(variables);
    return variables;
  }
}
