import { UserError } from "../errors.js";
import type { DeclarationId } from "../index/declaration-index.js";
import { interrupted } from "../network/retry.js";
import { findPremises } from "../premises/find-premises.js";
import type { PremiseParts, PremiseReport } from "../premises/premise-run.js";
import { showDeclaration } from "../premises/show-declaration.js";
import { type Theorem, TheoremItself } from "../premises/theorem.js";
import { nearNames } from "../search/near-names.js";
import {
  type Finding,
  NO_RETRIEVER,
  type Retriever,
  type ShownPremise,
  type StartingPremises,
} from "./retriever.js";
import type { Wants } from "./wants.js";

/** How many premises the prover starts with. */
export const STARTING_PREMISES = 30;

/** How many declarations are given for a name that does not exist, and for a goal. */
const PER_NAME = 5;
const PER_GOAL = 6;

/** Finds premises in an index, by the statement alone or by reasoning mode. */
export class IndexRetriever implements Retriever {
  readonly #parts: PremiseParts;
  readonly #theorem: Theorem;
  readonly #itself: TheoremItself;
  readonly #reasons: boolean;

  /** @param reasons whether language models plan the proof first; the parts need a chat then. */
  constructor(parts: PremiseParts, theorem: Theorem, reasons: boolean) {
    this.#parts = parts;
    this.#theorem = theorem;
    this.#itself = new TheoremItself(parts.index, theorem);
    this.#reasons = reasons;
  }

  async begin(signal?: AbortSignal): Promise<StartingPremises> {
    const report = await this.#report(signal);
    if (report === undefined) return NO_RETRIEVER.begin();
    if (report.outcome === "interrupted") throw interrupted();
    const steps = report.sketch?.steps ?? [];
    return {
      premises: this.#show(report.premises.map(({ facts }) => facts.id)),
      plan: steps.map(({ what, why }) => (why === "" ? what : `${what} (${why})`)),
      notes: report.notes,
    };
  }

  async again({ names, goals }: Wants, signal?: AbortSignal): Promise<Finding[]> {
    const { index } = this.#parts;
    const findings: Finding[] = names.map((name) => {
      const id = index.idOf(name);
      const near = nearNames(index, name, PER_NAME).flatMap((found) => index.idOf(found) ?? []);
      // Lean may not know a name that the library has where its module is not imported.
      const asked = `names near \`${name}\``;
      return { asked, premises: this.#show(id === undefined ? near : [id, ...near]) };
    });
    for (const goal of goals) {
      if (signal?.aborted === true) throw interrupted();
      findings.push({ asked: `the goal \`${goal}\``, premises: await this.#search(goal, signal) });
    }
    return findings.filter(({ premises }) => premises.length > 0);
  }

  /** Undefined where the theorem has no word to search for. */
  async #report(signal: AbortSignal | undefined): Promise<PremiseReport | undefined> {
    try {
      return await findPremises(this.#theorem, this.#parts, {
        mode: this.#reasons ? "full" : "none",
        limit: STARTING_PREMISES,
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (error) {
      if (error instanceof UserError && error.exit === "badInput" && !this.#reasons) {
        return undefined;
      }
      throw error;
    }
  }

  async #search(goal: string, signal: AbortSignal | undefined): Promise<ShownPremise[]> {
    try {
      const found = await this.#parts.search.search(goal, {
        limit: PER_GOAL + 1,
        ...(signal === undefined ? {} : { signal }),
      });
      return this.#show(found.map(({ facts }) => facts.id)).slice(0, PER_GOAL);
    } catch (error) {
      // A goal without a word, such as `x = y`, cannot be searched for.
      if (error instanceof UserError && error.exit === "badInput") return [];
      throw error;
    }
  }

  #show(ids: readonly DeclarationId[]): ShownPremise[] {
    const { index } = this.#parts;
    return index
      .facts([...new Set(ids)])
      .filter((facts) => !this.#itself.is(facts))
      .flatMap(({ id, name }) => {
        const declaration = index.declaration(id);
        return declaration === undefined ? [] : [{ name, text: showDeclaration(declaration) }];
      });
  }
}
