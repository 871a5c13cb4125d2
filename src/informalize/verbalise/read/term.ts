/** Where a term lies in the text that it was read from, in UTF-16 units. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What a quantifier or a header binds. */
export interface BoundVariables {
  readonly bracket: "" | "(" | "{" | "[" | "⦃";
  /** Empty for an instance without a name. */
  readonly names: readonly string[];
  readonly type: Term | undefined;
  /** The rest of `x ∈ s` and `ε > 0`: what is asked of the one variable. */
  readonly restriction: { readonly sign: string; readonly bound: Term } | undefined;
}

/**
 * A Lean term as far as the verbaliser reads it. Whatever it does not read is `unread` and can only be
 * quoted.
 */
export type Term = Span &
  (
    | { readonly shape: "name"; readonly name: string }
    | { readonly shape: "literal" }
    | { readonly shape: "application"; readonly head: Term; readonly operands: readonly Term[] }
    | {
        readonly shape: "infix";
        readonly sign: string;
        /** In brackets behind the sign: the R of `→ₗ[R]`. */
        readonly parameter: string;
        readonly left: Term;
        readonly right: Term;
      }
    | { readonly shape: "prefix"; readonly sign: string; readonly operand: Term }
    | { readonly shape: "postfix"; readonly sign: string; readonly operand: Term }
    /** What is behind the dot of `(f x).Finite`; that of a name's dots is part of the name. */
    | { readonly shape: "member"; readonly owner: Term; readonly member: string }
    | { readonly shape: "fenced"; readonly fence: string; readonly inner: Term }
    | { readonly shape: "grouped"; readonly inner: Term; readonly type: Term | undefined }
    | {
        readonly shape: "quantified";
        readonly sign: string;
        readonly bound: readonly BoundVariables[];
        /** Along which filter, or for which measure: of `∀ᶠ x in f` and `∀ᵐ x ∂μ`. */
        readonly along: string;
        readonly body: Term;
      }
    | {
        readonly shape: "binding";
        readonly sign: string;
        /** What stands before the comma, as written: `i ∈ s`. */
        readonly variables: string;
        readonly body: Term;
        /** The measure of an integral, as written; "" where none is. */
        readonly measure: string;
      }
    | { readonly shape: "unread" }
  );

/** The term without brackets around it; a type ascription stays. */
export function withoutBrackets(term: Term): Term {
  let inner = term;
  while (inner.shape === "grouped" && inner.type === undefined) inner = inner.inner;
  return inner;
}
