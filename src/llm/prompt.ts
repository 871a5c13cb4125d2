import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { errorMessage, UserError } from "../errors.js";
import { PACKAGE_ROOT } from "../package-root.js";

/** A prompt with its slots filled. */
export interface FilledPrompt {
  readonly system: string;
  readonly user: string;
}

/** A prompt file: sections under `##` headings, with `{{slots}}` to fill. */
export class Prompt {
  readonly name: string;
  /** The first 12 hexadecimal digits of the file's SHA-256: changes with every letter. */
  readonly version: string;
  readonly #sections: ReadonlyMap<string, string>;

  /**
   * @param name the file's name without its ending.
   * @throws UserError `io` where the file cannot be read.
   */
  constructor(name: string) {
    const path = join(PACKAGE_ROOT, "prompts", `${name}.md`);
    let content: string;
    try {
      content = readFileSync(path, "utf8");
    } catch (error) {
      throw new UserError(
        "io",
        `The prompt ${path} cannot be read (${errorMessage(error)}): install lemmascope again.`,
      );
    }
    this.name = name;
    this.version = createHash("sha256").update(content).digest("hex").slice(0, 12);
    this.#sections = sectionsOf(content);
  }

  /** System and user text, with every slot filled. */
  fill(slots: Readonly<Record<string, string>>): FilledPrompt {
    return { system: this.section("System", slots), user: this.section("User", slots) };
  }

  /** One section, with every slot filled; a slot without a value is a mistake in the code. */
  section(heading: string, slots: Readonly<Record<string, string>> = {}): string {
    const text = this.#sections.get(heading);
    if (text === undefined) throw new RangeError(`prompts/${this.name}.md has no "${heading}"`);
    return text.replaceAll(/\{\{(\w+)\}\}/g, (_, slot: string) => {
      const value = slots[slot];
      if (value === undefined) throw new RangeError(`prompts/${this.name}.md asks for ${slot}`);
      return value;
    });
  }
}

function sectionsOf(content: string): Map<string, string> {
  const sections = new Map<string, string>();
  for (const part of content.split(/^## /mu).slice(1)) {
    const end = part.indexOf("\n");
    sections.set(part.slice(0, end).trim(), part.slice(end + 1).trim());
  }
  return sections;
}
