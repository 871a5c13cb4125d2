import { createHash } from "node:crypto";
import { LATEX_COMMANDS, LATEX_WITHOUT_WORDS } from "./latex-commands.js";
import { LATEX_PATTERNS } from "./latex-patterns.js";
import { LEAN_MORPHISMS } from "./lean-morphisms.js";
import { LEAN_NOTATION } from "./lean-notation.js";
import { LEAN_PATTERNS } from "./lean-patterns.js";
import { PHRASES } from "./phrases.js";
import { AMERICAN_ENDINGS } from "./stem.js";
import { STOP_WORDS } from "./stop-words.js";
import { SYNONYMS } from "./synonyms.js";
import { UNICODE_NOTATION } from "./unicode-notation.js";

/** Raised by hand whenever the code that reads the tables gives other words for some text. */
const VERSION = 1;

let fingerprint: string | undefined;

/**
 * 16 hexadecimal digits that change with everything that decides what `words` gives, so that an
 * index made with another vocabulary is recognised.
 */
export function vocabularyFingerprint(): string {
  fingerprint ??= createHash("sha256")
    .update(
      JSON.stringify(
        [
          VERSION,
          AMERICAN_ENDINGS,
          LATEX_COMMANDS,
          LATEX_PATTERNS,
          LATEX_WITHOUT_WORDS,
          LEAN_MORPHISMS,
          LEAN_MORPHISMS,
          LEAN_NOTATION,
          LEAN_PATTERNS,
          PHRASES,
          STOP_WORDS,
          SYNONYMS,
          UNICODE_NOTATION,
        ],
        (_key, value: unknown) => (value instanceof RegExp ? value.source : value),
      ),
    )
    .digest("hex")
    .slice(0, 16);
  return fingerprint;
}
