import { Journal, type JournalForm } from "../journal.js";
import { proveDifferences, type ProveIdentity, proveIdentitySchema } from "./identity.js";
import { type ProblemOutcome, problemOutcomeSchema } from "./outcome.js";

/** What tells one problem in one way of retrieval from all others. */
export function outcomeKey({ id, retrieval }: Pick<ProblemOutcome, "id" | "retrieval">): string {
  return `${retrieval} ${id}`;
}

const FORM: JournalForm<ProveIdentity, ProblemOutcome> = {
  format: "lemmascope proving benchmark run",
  benchmark: "the proving benchmark",
  identity: proveIdentitySchema,
  outcome: problemOutcomeSchema,
  differences: proveDifferences,
  keyOf: outcomeKey,
  isDone: ({ outcome }) => outcome !== "failed" && outcome !== "stopped early",
};

/** The problems of a run that are done, by {@link outcomeKey}. */
export type ProveJournal = Journal<ProblemOutcome>;

/** Begins a journal, or goes on with one, as `Journal.open` does. */
export function openProveJournal(
  path: string,
  identity: ProveIdentity,
  resume: boolean,
): ProveJournal {
  return Journal.open(path, FORM, identity, resume);
}
