import { answerCache } from "../config/settings.js";
import { UserError } from "../errors.js";
import type { LeanParts } from "../mcp/tool.js";
import { LeanChecks } from "../service/proving/lean-checks.js";
import { ProvingService } from "../service/proving/proving-service.js";
import type { Context } from "./context.js";
import type { Pools } from "./search-threads.js";

/**
 * What the tools that need Lean work with; its checker is to be closed.
 *
 * @param proves whether proving is to be offered, too.
 * @returns undefined where there is no Lean.
 * @throws UserError `unavailable` or `usage` where proving is wanted and Lean or a language model is
 * missing.
 */
export function openLeanParts(
  { settings, logger }: Context,
  { search, premises }: Pools,
  proves: boolean,
): LeanParts | undefined {
  if (proves && settings.llm === undefined) {
    throw new UserError(
      "usage",
      'No language model is configured, so nothing can be proved: describe one in the section "llm" of the configuration file, or leave out --prove.',
    );
  }
  const checker = LeanChecks.open(settings.verify, process.env);
  if (checker === undefined) {
    if (!proves) return undefined;
    throw new UserError(
      "unavailable",
      "There is no Lean that is ready, so nothing can be proved: see what lemmascope doctor says of it, or leave out --prove.",
    );
  }
  if (!proves) return { checker };
  const proving = new ProvingService({
    ...{ service: search, premises, checker, llm: settings.llm },
    ...{ cachePath: answerCache(settings), environment: process.env },
    warn: (sentence) => {
      logger.warn(sentence);
    },
  });
  return { checker, proving };
}
