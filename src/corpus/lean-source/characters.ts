/**
 * The characters of Lean 4 identifiers, after `isIdFirst`, `isIdRest`, `isLetterLike` and
 * `isSubScriptAlnum` of Lean's `Init.Meta.Defs`. Codes are UTF-16 units, except where a code point is
 * asked for.
 */

const ASCII = 128;

/** What an ASCII character can be part of. */
const LETTER = 1;
const DIGIT = 2;
/** Can follow in an identifier, but not start one: `'`, `!`, `?`. */
const NAME_MARK = 4;
const SPACE = 8;
const OPENING = 16;
const CLOSING = 32;
/** Always a token of its own: `,` and `;`. */
const SINGLE = 64;

const CLASS = new Uint8Array(ASCII);
for (let code = 0; code < ASCII; code += 1) {
  const character = String.fromCharCode(code);
  if (/[A-Za-z_]/.test(character)) CLASS[code] = LETTER;
  else if (/[0-9]/.test(character)) CLASS[code] = DIGIT;
  else if ("'!?".includes(character)) CLASS[code] = NAME_MARK;
  else if (code <= 32) CLASS[code] = SPACE;
  else if ("([{".includes(character)) CLASS[code] = OPENING;
  else if (")]}".includes(character)) CLASS[code] = CLOSING;
  else if (",;".includes(character)) CLASS[code] = SINGLE;
}

/** Brackets beyond ASCII that come in pairs: ⟨⟩ and ⦃⦄. */
const OPENING_BEYOND_ASCII = new Set([0x27e8, 0x2983]);
const CLOSING_BEYOND_ASCII = new Set([0x27e9, 0x2984]);

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

export function isSpace(code: number): boolean {
  return code <= 32 || code === 0xa0 || code === 0xfeff;
}

export function isOpening(code: number): boolean {
  return code < ASCII ? CLASS[code] === OPENING : OPENING_BEYOND_ASCII.has(code);
}

export function isClosing(code: number): boolean {
  return code < ASCII ? CLASS[code] === CLOSING : CLOSING_BEYOND_ASCII.has(code);
}

export function isSingle(code: number): boolean {
  return code < ASCII && CLASS[code] === SINGLE;
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
  const code = text.charCodeAt(at);
  if (code < ASCII) return CLASS[code] === LETTER ? 1 : 0;
  if (code >= 0xd800 && code <= 0xdbff) {
    return isLetterLike(text.codePointAt(at) ?? 0) ? 2 : 0;
  }
  return isLetterLike(code) ? 1 : 0;
}

/** How many UTF-16 units an identifier that has started goes on by at this place; 0 if it ends. */
export function nameRestLength(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code < ASCII) return (CLASS[code] ?? 0) & (LETTER | DIGIT | NAME_MARK) ? 1 : 0;
  if (isSubscript(code)) return 1;
  return nameStartLength(text, at);
}

const PLAIN_NAME = /^(?:[^.«»\s])+$/;

/** Whether a name component needs no guillemets to be read back. */
export function isPlainComponent(component: string): boolean {
  if (!PLAIN_NAME.test(component)) return false;
  let at = nameStartLength(component, 0);
  if (at === 0) return false;
  while (at < component.length) {
    const step = nameRestLength(component, at);
    if (step === 0) return false;
    at += step;
  }
  return true;
}
