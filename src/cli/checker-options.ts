import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { z } from "zod";
import { CHECKER_NAMES, SANDBOXES, type VerifySettings } from "../config/verify-settings.js";
import { UserError } from "../errors.js";
import { openChecker } from "../verify/open-checker.js";
import { type Checker, FILTER_RULES, type FilterRule } from "../verify/verdict.js";
import { type Context, listed, wholeNumber } from "./context.js";

/** What the flags of {@link addCheckerOptions} say. */
export const checkerFlags = z.object({
  checker: z.enum(CHECKER_NAMES).optional(),
  project: z.string().optional(),
  timeout: z.number().optional(),
  memory: z.number().optional(),
  sandbox: z.enum(SANDBOXES).optional(),
  allow: z.array(z.enum(FILTER_RULES)).default([]),
  allowAxiom: z.array(z.string()).default([]),
});
export type CheckerFlags = z.infer<typeof checkerFlags>;

/** Adds the flags that say how Lean checks proofs, and what they may use. */
export function addCheckerOptions(command: Command): Command {
  return command
    .addOption(new Option("--checker <WHICH>", "how Lean is run").choices(CHECKER_NAMES))
    .option("--project <FOLDER>", "the Lake project to check in (default: the bundled one)")
    .option(
      "--timeout <SECONDS>",
      "how long a check may take (default: 300)",
      wholeNumber("--timeout", 1, 86_400),
    )
    .option(
      "--memory <MIB>",
      "how much memory Lean may take (default: 8192)",
      wholeNumber("--memory", 64, 2 ** 20),
    )
    .addOption(new Option("--sandbox <WHICH>", "what Lean runs in").choices(SANDBOXES))
    .option(
      "--allow <RULES>",
      `let the filter pass, joined by commas: ${FILTER_RULES.slice(0, 5).join(", ")}, ${FILTER_RULES.slice(5).join(", ")}`,
      listed(parseRule),
    )
    .option(
      "--allow-axiom <NAMES>",
      "axioms that a proof may rest on beside Lean's own three",
      listed((name) => name),
    );
}

/** The configuration with what the flags say instead. */
export function withCheckerFlags(settings: VerifySettings, flags: CheckerFlags): VerifySettings {
  const { checker, project, timeout, memory, sandbox } = flags;
  return {
    ...settings,
    ...(checker === undefined ? {} : { checker }),
    ...(project === undefined ? {} : { project: resolve(project) }),
    ...(timeout === undefined ? {} : { timeoutMs: timeout * 1000 }),
    ...(memory === undefined ? {} : { memoryMiB: memory }),
    ...(sandbox === undefined ? {} : { sandbox }),
  };
}

/** The checker that configuration and flags ask for. @throws UserError as `openChecker` does. */
export function openChosenChecker(context: Context, flags: CheckerFlags): Checker {
  return openChecker(withCheckerFlags(context.settings.verify, flags), {
    permissions: { rules: new Set(flags.allow), axioms: new Set(flags.allowAxiom) },
    environment: process.env,
    onRetry: ({ reason, delayMs }) =>
      context.notice(`${reason}: trying again in ${(delayMs / 1000).toFixed(1)} s.`),
  });
}

function parseRule(word: string): FilterRule {
  const rule = FILTER_RULES.find((known) => known === word);
  if (rule !== undefined) return rule;
  throw new UserError(
    "usage",
    `--allow knows no rule "${word}": the rules are ${FILTER_RULES.join(", ")}.`,
  );
}
