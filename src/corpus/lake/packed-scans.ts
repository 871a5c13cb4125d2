import type { DeclarationKind } from "../../declaration.js";
import type { ScannedFile, SourceDeclaration } from "../lean-source/source-declaration.js";
import type { FileScan } from "./scan-file.js";

/**
 * Scans as threads hand them on: the declarations of all files as a few long lists in place of many
 * small objects, and each mentioned name once. Copying that from one thread to another takes a fraction
 * of the time, and so does keeping it.
 */
export interface PackedScans {
  /** Each file without its declarations. */
  readonly files: readonly PackedFile[];
  /** The names that declarations mention and the kinds that they have, without repeats. */
  readonly words: readonly string[];
  /** For each declaration: name, signature, type, value, docstring. */
  readonly texts: readonly string[];
  /** For each declaration: kind (a word), line, context, protected or not, mentions (words) after their number. */
  readonly numbers: Int32Array;
}

interface PackedFile extends Omit<FileScan, "scanned"> {
  readonly scanned: Omit<ScannedFile, "declarations"> | undefined;
  readonly declarations: number;
  /** What few declarations have, by the declaration's place in the file. */
  readonly rests: ReadonlyMap<number, Rest>;
}

/** The fields of a declaration that the lists above hold. */
const PACKED = [
  "name",
  "signature",
  "type",
  "value",
  "docstring",
  "kind",
  "line",
  "context",
  "isProtected",
  "mentions",
] as const satisfies readonly (keyof SourceDeclaration)[];

/** Fields that no list above holds. */
type Rest = Omit<SourceDeclaration, (typeof PACKED)[number]>;

const NO_REST: Rest = { attributes: [] };

/** Packs scans, so that {@link unpackScans} gives their equals. */
export function packScans(scans: readonly FileScan[]): PackedScans {
  const numberOf = new Map<string, number>();
  const texts: string[] = [];
  const numbers: number[] = [];
  const word = (text: string) => {
    let number = numberOf.get(text);
    if (number === undefined) numberOf.set(text, (number = numberOf.size));
    return number;
  };
  const files = scans.map(({ scanned, ...file }): PackedFile => {
    const rests = new Map<number, Rest>();
    if (scanned === undefined) return { ...file, scanned, declarations: 0, rests };
    const { declarations, ...others } = scanned;
    declarations.forEach((declaration, at) => {
      const { name, signature, type, value, docstring, mentions } = declaration;
      texts.push(name, signature, type, value, docstring);
      const { kind, line, context, isProtected } = declaration;
      numbers.push(word(kind), line, context, isProtected ? 1 : 0, mentions.length);
      for (const mention of mentions) numbers.push(word(mention));
      const rest = restOf(declaration);
      if (rest !== undefined) rests.set(at, rest);
    });
    return { ...file, scanned: others, declarations: declarations.length, rests };
  });
  return { files, words: [...numberOf.keys()], texts, numbers: Int32Array.from(numbers) };
}

function restOf(declaration: SourceDeclaration): Rest | undefined {
  // Most declarations have the packed fields and an empty list of attributes.
  const fields = Object.keys(declaration).length;
  if (declaration.attributes.length === 0 && fields === PACKED.length + 1) return undefined;
  const rest: Partial<Record<keyof SourceDeclaration, unknown>> = { ...declaration };
  for (const field of PACKED) Reflect.deleteProperty(rest, field);
  return rest as Rest;
}

/** The scans that {@link packScans} packed. */
export function unpackScans({ files, words, texts, numbers }: PackedScans): FileScan[] {
  let textsRead = 0;
  let numbersRead = 0;
  const text = () => texts[textsRead++] ?? "";
  const number = () => numbers[numbersRead++] ?? 0;
  const word = () => words[number()] ?? "";
  const list = () => {
    const read: string[] = [];
    for (let left = number(); left > 0; left -= 1) read.push(word());
    return read;
  };
  return files.map(({ scanned, declarations: count, rests, ...file }) => {
    if (scanned === undefined) return { ...file, scanned };
    const declarations: SourceDeclaration[] = [];
    for (let at = 0; at < count; at += 1) {
      const rest = rests.get(at);
      const declaration = {
        name: text(),
        signature: text(),
        type: text(),
        value: text(),
        docstring: text(),
        kind: word() as DeclarationKind,
        line: number(),
        context: number(),
        isProtected: number() === 1,
        mentions: list(),
        attributes: NO_REST.attributes,
      };
      declarations.push(rest === undefined ? declaration : { ...declaration, ...rest });
    }
    return { ...file, scanned: { ...scanned, declarations } };
  });
}
