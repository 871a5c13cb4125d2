import type { Wants } from "./wants.js";

/** Where the prover's premises come from: nowhere, from the statement alone, or by reasoning mode. */
export const RETRIEVALS = ["standard", "reasoning", "none"] as const;
export type Retrieval = (typeof RETRIEVALS)[number];

/** A declaration as the prover reads it. */
export interface ShownPremise {
  readonly name: string;
  /** Its statement in one line, and what it says in words. */
  readonly text: string;
}

/** What the prover starts with. */
export interface StartingPremises {
  /** The likeliest first. */
  readonly premises: readonly ShownPremise[];
  /** The steps of a plan, where one was made. */
  readonly plan: readonly string[];
  /** What went wrong without ending the search, in sentences. */
  readonly notes: readonly string[];
}

/** What was found for one of the things that errors ask for. */
export interface Finding {
  /** What was looked up, in words: "names near `Nat.foo`". */
  readonly asked: string;
  readonly premises: readonly ShownPremise[];
}

/** Finds declarations for the proof of one theorem; never the theorem itself. */
export interface Retriever {
  /** @throws UserError as the search and the language models do */
  begin(signal?: AbortSignal): Promise<StartingPremises>;
  /** What the library has for the errors of an attempt; whatever brought nothing is left out. */
  again(wants: Wants, signal?: AbortSignal): Promise<Finding[]>;
}

/** Finds nothing: the prover has to know all by itself. */
export const NO_RETRIEVER: Retriever = {
  begin: () => Promise.resolve({ premises: [], plan: [], notes: [] }),
  again: () => Promise.resolve([]),
};
