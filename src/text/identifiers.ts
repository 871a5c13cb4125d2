import { fold } from "./fold.js";

/**
 * The parts of a run of ASCII letters and digits, the first that fits:
 * - capitals in the plural (`PIDs`);
 * - a single letter and its number (`T2`), unless a small letter follows;
 * - capitals, up to the last before a small letter (`GCD` of `GCDMonoid`);
 * - small letters, with a capital before them or not;
 * - digits.
 */
const PART = /[A-Z]{2,}s(?![A-Za-z])|[A-Za-z]\d+(?![a-z])|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g;

/**
 * Capitals of several letters that belong to the word after them: Lean's names write the whole as
 * one word where it starts with a small letter (`NNReal` and `nnreal`, `MFDeriv` and `mfderiv`).
 */
const PREFIXES: ReadonlySet<string> = new Set(["ENN", "MF", "NN", "NNN", "RC", "ZF"]);

/** A single letter right before a capital belongs to the word too: `SMul`, `FDeriv`, `iSup`. */
function isPrefix(part: string): boolean {
  return part.length === 1 ? part > "9" : PREFIXES.has(part);
}

/** One part of an identifier, in lower case. */
export interface Part {
  readonly whole: string;
  /** What is left without the letters that were joined to it: `sup` of `isup`; "" if none were. */
  readonly tail: string;
}

/**
 * The parts of one run of ASCII letters and digits, with nothing dropped: `AddCommGroup` gives add
 * comm group, `HasFDerivAt` has fderiv at, `T2Space` t2 space.
 */
export function runParts(run: string): Part[] {
  const parts: Part[] = [];
  let prefix = "";
  for (const part of run.match(PART) ?? []) {
    const small = part.toLowerCase();
    // "Or" joins two names (`IsROrC`); it is not a name that a letter could belong to.
    const joins = prefix !== "" && !isPrefix(part) && /[A-Z]/.test(part) && part !== "Or";
    if (joins) {
      parts.push({ whole: prefix + small, tail: small });
      prefix = "";
      continue;
    }
    if (prefix !== "") parts.push({ whole: prefix, tail: "" });
    prefix = isPrefix(part) ? small : "";
    if (prefix === "") parts.push({ whole: small, tail: "" });
  }
  if (prefix !== "") parts.push({ whole: prefix, tail: "" });
  return parts;
}

const NAME_RUN = /[A-Za-z0-9]+/g;
const BEYOND_ASCII = /[^\0-\x7f]/;

/** Letters and digits that names use beyond ASCII, as a reader would say or type them. */
const NAME_LETTERS: ReadonlyMap<string, string> = new Map([
  ...Array.from("₀₁₂₃₄₅₆₇₈₉", (digit, value) => [digit, String(value)] as const),
  ...Array.from("⁰¹²³⁴⁵⁶⁷⁸⁹", (digit, value) => [digit, String(value)] as const),
  ...(
    "α alpha|β beta|γ gamma|δ delta|ε epsilon|ζ zeta|η eta|θ theta|ι iota|κ kappa|λ lambda|μ mu|" +
    "ν nu|ξ xi|π pi|ρ rho|σ sigma|τ tau|υ upsilon|φ phi|ϕ phi|χ chi|ψ psi|ω omega|Γ gamma|Δ delta|" +
    "Θ theta|Λ lambda|Ξ xi|Π pi|Σ sigma|Φ phi|Ψ psi|Ω omega|ℕ nat|ℤ int|ℚ rat|ℝ real|ℂ complex"
  )
    .split("|")
    .map((entry) => entry.split(" ") as [string, string]),
]);

/**
 * The parts of a Lean name, in lower case, not stemmed, with nothing dropped:
 * `IsCompact.exists_isMaxOn` gives is compact exists is max on. Letters beyond ASCII appear by name
 * (`ι` is iota) and subscript digits as digits; signs, primes and brackets only separate.
 */
export function identifierParts(name: string): string[] {
  const plain = BEYOND_ASCII.test(name) ? plainName(name) : name;
  return (plain.match(NAME_RUN) ?? []).flatMap((run) => runParts(run).map(({ whole }) => whole));
}

function plainName(name: string): string {
  let plain = "";
  for (const letter of fold(name)) {
    const known = NAME_LETTERS.get(letter);
    if (known === undefined) plain += letter;
    else plain += known.length === 1 ? known : ` ${known} `;
  }
  return plain;
}
