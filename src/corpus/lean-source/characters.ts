/**
 * The characters of Lean 4 identifiers, after `isIdFirst`, `isIdRest`, `isLetterLike` and
 * `isSubScriptAlnum` of Lean's `Init.Meta.Defs`. Codes are UTF-16 units, except where a code point is
 * asked for.
 */

/** What a character can be part of. */
const LETTER = 1;
const DIGIT = 2;
/** Can follow in an identifier, but not start one: `'`, `!`, `?` and subscripts. */
const NAME_MARK = 4;
const SPACE = 8;
const OPENING = 16;
const CLOSING = 32;
/** A token of its own wherever it stands. */
const SINGLE = 64;
/** Makes a character together with the next unit. */
const HIGH_SURROGATE = 128;

/** By UTF-16 unit. */
const CLASS = new Uint8Array(2 ** 16);
for (let code = 0; code < CLASS.length; code += 1) CLASS[code] = classOf(code);

function classOf(code: number): number {
  const character = String.fromCharCode(code);
  if (/[A-Za-z_]/.test(character) || isLetterLike(code)) return LETTER;
  if (/[0-9]/.test(character)) return DIGIT;
  if ("'!?".includes(character) || isSubscript(code)) return NAME_MARK;
  if (code <= 32 || code === 0xa0 || code === 0xfeff) return SPACE;
  if ("([{⟨⦃".includes(character)) return OPENING;
  if (")]}⟩⦄".includes(character)) return CLOSING;
  // Prefixes and quantifiers are tokens of their own even where others touch them: `¬∃x`, `↑↑a`, `(·)`.
  if (",;¬∀∃λ↑⇑↥@·√".includes(character)) return SINGLE;
  return code >= 0xd800 && code <= 0xdbff ? HIGH_SURROGATE : 0;
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

export function isSpace(code: number): boolean {
  return CLASS[code] === SPACE;
}

export function isOpening(code: number): boolean {
  return CLASS[code] === OPENING;
}

export function isClosing(code: number): boolean {
  return CLASS[code] === CLOSING;
}

/** Whether a sign is a token of its own wherever it stands. */
export function isSingle(code: number): boolean {
  return CLASS[code] === SINGLE;
}

/** Whether a character can go on a run of signs such as `:=`, save for what starts an identifier. */
export function isSign(code: number): boolean {
  return ((CLASS[code] ?? 0) & (DIGIT | SPACE | OPENING | CLOSING | SINGLE)) === 0;
}

function isLetterLike(point: number): boolean {
  return (
    (point >= 0x3b1 && point <= 0x3c9 && point !== 0x3bb) ||
    (point >= 0x391 && point <= 0x3a9 && point !== 0x3a0 && point !== 0x3a3) ||
    (point >= 0x3ca && point <= 0x3fb) ||
    (point >= 0x1f00 && point <= 0x1ffe) ||
    (point >= 0x2100 && point <= 0x214f) ||
    (point >= 0x1d49c && point <= 0x1d59f) ||
    (point >= 0xc0 && point <= 0x17f && point !== 0xd7 && point !== 0xf7)
  );
}

function isSubscript(point: number): boolean {
  return (
    (point >= 0x2080 && point <= 0x2089) ||
    (point >= 0x2090 && point <= 0x209c) ||
    (point >= 0x1d62 && point <= 0x1d6a) ||
    point === 0x2c7c
  );
}

/** How many UTF-16 units the start of an identifier takes at this place; 0 if none starts here. */
export function nameStartLength(text: string, at: number): number {
  const group = CLASS[text.charCodeAt(at)];
  if (group === LETTER) return 1;
  return group === HIGH_SURROGATE && isLetterLike(text.codePointAt(at) ?? 0) ? 2 : 0;
}

/** How many UTF-16 units an identifier that has started goes on by at this place; 0 if it ends. */
export function nameRestLength(text: string, at: number): number {
  const group = CLASS[text.charCodeAt(at)] ?? 0;
  if ((group & (LETTER | DIGIT | NAME_MARK)) !== 0) return 1;
  return group === HIGH_SURROGATE ? nameStartLength(text, at) : 0;
}

/** The end of the identifier that has started before this place, without further components. */
export function nameRestEnd(text: string, from: number): number {
  let at = from;
  for (let step = nameRestLength(text, at); step > 0; step = nameRestLength(text, at)) at += step;
  return at;
}

const PLAIN_NAME = /^(?:[^.«»\s])+$/;

/** Whether a name component needs no guillemets to be read back. */
export function isPlainComponent(component: string): boolean {
  if (!PLAIN_NAME.test(component)) return false;
  const start = nameStartLength(component, 0);
  return start > 0 && nameRestEnd(component, start) === component.length;
}
