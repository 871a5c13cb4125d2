import type { Declaration, DeclarationKind } from "../declaration.js";

/** What to search for. */
export interface FindRequest {
  readonly query: string;
  /** Any of these kinds; empty for all. */
  readonly kinds: readonly DeclarationKind[];
  /** This module and those below it; empty for all. */
  readonly module: string;
  /** The package of this name; all where absent or empty. */
  readonly package?: string | undefined;
  /** Only the project that the index was made for. */
  readonly own?: boolean | undefined;
  readonly limit: number;
}

/** A declaration that answers a query. */
export interface Hit {
  readonly declaration: Declaration;
  /** Higher is better; comparable within one query only. */
  readonly score: number;
  /** How many declarations of the index refer to it. */
  readonly usedBy: number;
  /** Phrases that say what is special about it: "its name is the query". */
  readonly reasons: readonly string[];
}

/** A name that was looked up. */
export type LookedUp =
  | {
      readonly asked: string;
      readonly found: true;
      /** False where `asked` is only the end of the name, or differs from it in case. */
      readonly exact: boolean;
      readonly declaration: Declaration;
      readonly usedBy: number;
    }
  | {
      readonly asked: string;
      readonly found: false;
      /** Names like it, most alike first. */
      readonly near: readonly string[];
    };

/** A declaration in a list of others. */
export interface Neighbour {
  readonly name: string;
  readonly kind: DeclarationKind;
  readonly module: string;
  readonly usedBy: number;
}

/** A list that may have been cut. */
export interface Neighbours {
  readonly shown: readonly Neighbour[];
  readonly total: number;
}

/** What surrounds a declaration. */
export type Related =
  | {
      readonly asked: string;
      readonly found: true;
      readonly name: string;
      readonly module: string;
      /** In the order of its text. */
      readonly uses: Neighbours;
      /** The most used first. */
      readonly usedBy: Neighbours;
      /** Others of its file: the nearest lines, in the order of the file. */
      readonly siblings: Neighbours;
    }
  | { readonly asked: string; readonly found: false; readonly near: readonly string[] };

/** What is being searched, and with what. */
export interface Readiness {
  readonly declarations: number;
  /** When the index was made, as an ISO 8601 date and time. */
  readonly builtAt: string;
  /** Each model's name and fingerprint. */
  readonly models: Readonly<Record<string, string>>;
  /** A sentence where the bundled models are missing. */
  readonly notice: string | undefined;
}

/**
 * Everything that a search thread can be asked, and what it answers. The doors ask through
 * {@link DeclarationService}; what the house learns later is one more line here.
 */
export interface Questions {
  readonly ready: { request: null; answer: Readiness };
  readonly find: { request: FindRequest; answer: readonly Hit[] };
  readonly lookUp: { request: { readonly name: string }; answer: LookedUp };
  readonly related: {
    request: { readonly name: string; readonly limit: number };
    answer: Related;
  };
  /** Names that begin with a text, in alphabetical order. */
  readonly complete: {
    request: { readonly beginning: string; readonly limit: number };
    answer: readonly string[];
  };
}

export type QuestionName = keyof Questions;

/** Answers questions about the declarations of one index; what the doors for agents stand on. */
export interface DeclarationService {
  /**
   * @throws UserError `badInput` or `usage` for a request that cannot be answered, others where the
   * index or a model cannot be used; BusyError where too much is waiting already.
   */
  ask<Name extends QuestionName>(
    name: Name,
    request: Questions[Name]["request"],
    signal?: AbortSignal,
  ): Promise<Questions[Name]["answer"]>;
}
