import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { answerCache, defaultIndex } from "../config/settings.js";
import { UserError } from "../errors.js";
import { UnusableIndexError } from "../service/failures.js";
import { PremisePool } from "../service/premises/premise-pool.js";
import { SearchPool } from "../service/search-pool.js";
import type { Context } from "./context.js";

/** How many questions may wait for a search thread before more are refused. */
const MOST_WAITING = 200;

/** How many premise runs of each kind may wait, as they take longer. */
const MOST_WAITING_RUNS = 20;

/** How many premise runs with a language model go on at a time where nothing is said. */
export const DEFAULT_MODEL_RUNS = 4;

/** The pools that answer for the doors. */
export interface Pools {
  readonly search: SearchPool;
  readonly premises: PremisePool;
  /** Answers what was asked, and ends all threads. */
  close(): Promise<void>;
}

/** As many searches at a time as there are cores, and no more than fit into 600 MB. */
export function defaultWorkers(): number {
  return Math.min(2, availableParallelism());
}

/**
 * Starts search threads over the index that the settings name. They open it by themselves. The thread
 * for premise runs starts with the first of them.
 *
 * @throws UserError as `withIndex` does where the starter index has to be made first.
 */
export async function startPools(
  context: Context,
  { threads, modelRuns = DEFAULT_MODEL_RUNS }: { threads: number; modelRuns?: number | undefined },
): Promise<Pools> {
  const { settings, logger } = context;
  const { embedder: remote, llm } = settings;
  const indexPath = await servedIndex(context);
  const search = new SearchPool({ indexPath, remote, threads, mostWaiting: MOST_WAITING });
  const premises = new PremisePool({
    ...{ indexPath, remote, modelRuns, mostWaiting: MOST_WAITING_RUNS, logger },
    models: { settings: llm, cachePath: answerCache(settings) },
  });
  const close = async (): Promise<void> => {
    await Promise.all([search.close(), premises.close()]);
  };
  return { search, premises, close };
}

/** Opens the index on all threads. @throws UserError where it cannot be used. */
export async function openPool(context: Context, pool: SearchPool): Promise<void> {
  try {
    const { declarations, notice } = await pool.open();
    if (notice !== undefined) context.notice(notice);
    context.logger.info({ declarations, threads: pool.threads }, "ready");
  } catch (error) {
    if (!(error instanceof UnusableIndexError) || error.exit === undefined) throw error;
    throw new UserError(error.exit, error.message);
  }
}

/** The path of the index to serve; the starter index is made where there is no other. */
async function servedIndex(context: Context): Promise<string> {
  const { chosenIndex } = context.settings;
  if (chosenIndex !== undefined) return chosenIndex;
  const standard = defaultIndex(context.settings);
  if (existsSync(standard)) return standard;
  // Only who has no index yet loads what makes one.
  const { withIndex } = await import("./find-index.js");
  let path = standard;
  await withIndex(context, ({ index }) => {
    path = index.path;
  });
  return path;
}
