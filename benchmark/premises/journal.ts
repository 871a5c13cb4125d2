import { Journal, type JournalForm } from "../journal.js";
import { differences, identitySchema, type RunIdentity } from "./identity.js";
import { type TheoremOutcome, theoremOutcomeSchema } from "./outcome.js";

const FORM: JournalForm<RunIdentity, TheoremOutcome> = {
  format: "lemmascope premise benchmark run",
  benchmark: "the premise benchmark",
  identity: identitySchema,
  outcome: theoremOutcomeSchema,
  differences,
  keyOf: ({ id }) => id,
  isDone: ({ outcome }) => outcome !== "failed",
};

/** The theorems of a run that are done, by id. */
export type RunJournal = Journal<TheoremOutcome>;

/** Opens such journals, as {@link Journal.open} does. */
export const RunJournal = {
  open: (path: string, identity: RunIdentity, resume: boolean): RunJournal =>
    Journal.open(path, FORM, identity, resume),
};
