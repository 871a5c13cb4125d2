import { writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { type Declaration, DECLARATION_KINDS, toCorpusRecord } from "../../src/declaration.js";

const WORDS =
  "compact continuous group ring ideal measure norm basis linear module prime finite lattice filter limit sequence sum product order field metric bounded closed open convex kernel image tensor graph matrix".split(
    " ",
  );

/** A declaration of this name; everything else may be left out. */
export function declaration(name: string, rest: Partial<Declaration> = {}): Declaration {
  return {
    name,
    kind: "theorem",
    module: "Mathlib.Test",
    signature: "",
    type: "",
    value: "",
    statement: "",
    docstring: "",
    informalName: "",
    informalDescription: "",
    aliases: [],
    topics: [],
    references: [],
    ...rest,
  };
}

/** Made-up declarations that refer to each other, forwards and backwards; always the same. */
export function madeUpCorpus(count: number): Declaration[] {
  return Array.from({ length: count }, (_, i) =>
    declaration(madeUpName(i), {
      kind: pick(DECLARATION_KINDS, i * 7),
      module: `Mathlib.${capital(pick(WORDS, i >> 5))}.Part${(i >> 3) % 9}`,
      line: i + 1,
      signature: `{${pick(WORDS, i * 3)} : Type*} (h : ${pick(WORDS, i * 5)})`,
      type: `${pick(WORDS, i)} = ${pick(WORDS, i * 11)}`,
      docstring: `The ${pick(WORDS, i * 13)} of a ${pick(WORDS, i * 17 + 3)} is number ${i}.`,
      references: [...new Set([(i * 31 + 7) % count, (i + 1) % count, i])].map(madeUpName),
    }),
  );
}

export function madeUpName(i: number): string {
  return `${capital(pick(WORDS, i >> 6))}.${pick(WORDS, i)}_of_${pick(WORDS, i * 7 + 1)}_${i}`;
}

/** Writes a corpus; gzip where the path says so. */
export function writeCorpus(path: string, declarations: readonly Declaration[]): string {
  const text = declarations.map((some) => `${JSON.stringify(toCorpusRecord(some))}\n`).join("");
  writeFileSync(path, path.endsWith(".gz") ? gzipSync(text) : text);
  return path;
}

function pick<T>(some: readonly T[], i: number): T {
  const chosen = some[i % some.length];
  if (chosen === undefined) throw new Error("there is nothing to pick from");
  return chosen;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
