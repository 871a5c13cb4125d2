import type { DeclarationFacts, DeclarationId } from "../index/declaration-index.js";
import type { Evidence, PooledPremise } from "./evidence.js";
import type { Request } from "./sketch.js";

/** All declarations that anything brought, over all rounds and channels, with the evidence for each. */
export class Pool {
  readonly #entries = new Map<DeclarationId, { facts: DeclarationFacts; evidence: Evidence[] }>();

  add(facts: DeclarationFacts, evidence: Evidence): void {
    const known = this.#entries.get(facts.id);
    if (known === undefined) this.#entries.set(facts.id, { facts, evidence: [evidence] });
    else known.evidence.push(evidence);
  }

  /**
   * Notes what a language model made of the results of a query or hypothetical statement: of the
   * declarations that it brought in this round, whether the model kept them.
   */
  judge(
    round: number,
    { channel, text }: Pick<Request, "channel" | "text">,
    kept: ReadonlySet<DeclarationId>,
  ): void {
    for (const [id, entry] of this.#entries) {
      entry.evidence = entry.evidence.map((one) =>
        one.round === round && one.asked === text && one.channel === channel
          ? { ...one, kept: kept.has(id) }
          : one,
      );
    }
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The declarations in the order in which they came. */
  premises(): PooledPremise[] {
    return [...this.#entries.values()].map(({ facts, evidence }) => ({
      facts,
      evidence: [...evidence],
    }));
  }
}
