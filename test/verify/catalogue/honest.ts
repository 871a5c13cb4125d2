/** A proof that nobody should refuse, and the statement that it proves. */
export interface HonestProof {
  /** What about it could be mistaken for a trick. */
  readonly what: string;
  readonly statement: string;
  readonly code: string;
}

interface Parts {
  /** Imports; `import Mathlib` where absent. */
  readonly header?: string;
  /** What both the statement and the proof begin with: opens, variables, definitions. */
  readonly context?: string;
  /** What only the proof has before the theorem. */
  readonly before?: string;
  /** `theorem …` up to the type. */
  readonly signature: string;
  /** From `:=` on. */
  readonly proof: string;
  readonly after?: string;
}

/** A proof with its statement, which is the same without what the prover added. */
export function honest(what: string, parts: Parts): HonestProof {
  const { header = "import Mathlib\n", context = "", before = "", signature, proof } = parts;
  const begin = `${header}\n${context}\n`;
  return {
    what,
    statement: `${begin}${signature} := by\n  sorry\n`,
    code: `${begin}${before}\n${signature} ${proof}\n${parts.after ?? ""}`,
  };
}
