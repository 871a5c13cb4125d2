import type { Declaration } from "../../declaration.js";
import { UserError } from "../../errors.js";
import { interrupted } from "../../network/retry.js";
import { showDeclaration } from "../../premises/show-declaration.js";
import type { Problem } from "../../prove/problem.js";
import type { Finding, Retriever, ShownPremise, StartingPremises } from "../../prove/retriever.js";
import type { Wants } from "../../prove/wants.js";
import { BusyError } from "../failures.js";
import type { PremiseService, RunBudget } from "../premises/premise-service.js";
import type { DeclarationService } from "../questions.js";

const STARTING_PREMISES = 30;
const PER_NAME = 5;
const PER_GOAL = 6;

export interface ServiceRetrieverParts {
  readonly service: DeclarationService;
  readonly premises: PremiseService;
  /** Whether the operator's language models plan the proof first. */
  readonly reasons: boolean;
  /** For those. */
  readonly budget: RunBudget;
}

/** Finds premises on the search threads, so that the door stays open for others meanwhile. */
export class ServiceRetriever implements Retriever {
  readonly #problem: Problem;
  readonly #parts: ServiceRetrieverParts;

  constructor(problem: Problem, parts: ServiceRetrieverParts) {
    this.#problem = problem;
    this.#parts = parts;
  }

  async begin(signal?: AbortSignal): Promise<StartingPremises> {
    const { statement, theorem } = this.#problem;
    const { name, informal, informalProof } = theorem;
    const { premises, reasons, budget } = this.#parts;
    const found = await orInterrupted(
      premises.find(
        {
          theorem: { text: statement, name, informal, informalProof },
          mode: reasons ? "full" : "none",
          limit: STARTING_PREMISES,
          budget,
        },
        { signal },
      ),
    );
    return {
      premises: found.premises.map(({ declaration }) => shown(declaration)),
      plan: (found.sketch?.steps ?? []).map(({ what, why }) =>
        why === "" ? what : `${what} (${why})`,
      ),
      notes: found.notes,
    };
  }

  async again({ names, goals }: Wants, signal?: AbortSignal): Promise<Finding[]> {
    const findings = await Promise.all([
      ...names.map(async (name) => ({
        asked: `names near \`${name}\``,
        premises: await this.#near(name, signal),
      })),
      ...goals.map(async (goal) => ({
        asked: `the goal \`${goal}\``,
        premises: await this.#search(goal, signal),
      })),
    ]);
    return findings.filter(({ premises }) => premises.length > 0);
  }

  async #near(name: string, signal: AbortSignal | undefined): Promise<ShownPremise[]> {
    const { service } = this.#parts;
    return await orNothing(async () => {
      const looked = await service.ask("lookUp", { name }, signal);
      if (looked.found) return this.#shown([looked.declaration]);
      const near = await Promise.all(
        looked.near.slice(0, PER_NAME).map((one) => service.ask("lookUp", { name: one }, signal)),
      );
      return this.#shown(near.flatMap((one) => (one.found ? [one.declaration] : [])));
    });
  }

  async #search(query: string, signal: AbortSignal | undefined): Promise<ShownPremise[]> {
    const { service } = this.#parts;
    return await orNothing(async () => {
      const request = { query, kinds: [], module: "", limit: PER_GOAL };
      const hits = await service.ask("find", request, signal);
      return this.#shown(hits.map(({ declaration }) => declaration));
    });
  }

  #shown(declarations: readonly Declaration[]): ShownPremise[] {
    const { name: own } = this.#problem.theorem;
    return declarations.filter(({ name }) => name !== own).map(shown);
  }
}

function shown(declaration: Declaration): ShownPremise {
  return { name: declaration.name, text: showDeclaration(declaration) };
}

/** What errors ask for is a help: a goal without words, or too much to do, is no reason to stop. */
async function orNothing(work: () => Promise<ShownPremise[]>): Promise<ShownPremise[]> {
  try {
    return await orInterrupted(work());
  } catch (error) {
    const isUnusable = error instanceof UserError && error.exit === "badInput";
    if (isUnusable || error instanceof BusyError) return [];
    throw error;
  }
}

/** The services say it in their own way where they were stopped. */
async function orInterrupted<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && error.name === "AbortError") throw interrupted();
    throw error;
  }
}
