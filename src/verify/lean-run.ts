import { z } from "zod";
import type { CheckFile } from "./compose.js";
import type { CheckOptions, Failure, RunFailureKind } from "./verdict.js";

const position = z.object({
  line: z.number().int().nonnegative(),
  column: z.number().int().nonnegative(),
});

/**
 * A message as `lean --json` writes it (src/Lean/Message.lean: `SerialMessage`) and as the REPL
 * answers it (REPL/JSON.lean: `Message`, which says `info`). Other fields are ignored.
 */
export const leanMessage = z.object({
  severity: z
    .enum(["error", "warning", "information", "info", "trace"])
    .transform((severity) =>
      severity === "error" || severity === "warning" ? severity : ("info" as const),
    ),
  pos: position,
  endPos: position.nullish().transform((end) => end ?? undefined),
  data: z.string(),
});
export type LeanMessage = z.infer<typeof leanMessage>;

/** A hole as the REPL tells it; the position is absent where Lean has none. */
export const leanSorry = z.object({
  pos: position.optional(),
  endPos: position.optional(),
  goal: z.string(),
  proofState: z.number().int().nonnegative().nullish(),
});
export type LeanSorry = z.infer<typeof leanSorry>;

/** What came of showing a file to Lean. Positions count the lines of the whole file. */
export interface LeanRun {
  readonly messages: readonly LeanMessage[];
  readonly sorries: readonly LeanSorry[];
  /** Where set, the messages may be incomplete. */
  readonly failure: Failure<RunFailureKind> | undefined;
}

/** A way to show files to Lean. */
export interface LeanRunner {
  readonly name: string;
  /** @throws UserError `unavailable` where there is no Lean; `interrupted` after the signal. */
  run(file: CheckFile, options?: CheckOptions): Promise<LeanRun>;
  close(): Promise<void>;
}
