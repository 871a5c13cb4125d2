import { type Access, requireSafeBind } from "../http/access.js";
import { createGuardedApp } from "../http/guarded-app.js";
import { listen } from "../http/listen.js";
import type { Context } from "./context.js";
import type { HttpFlags } from "./http-options.js";
import { defaultWorkers, openPool, type Pools, startPools } from "./search-threads.js";

/** The largest body of a request, in bytes. */
export const MOST_BYTES = 1_000_000;

/** An application over search threads, and how it ends. */
export interface Door {
  readonly addRoutes: (parts: ReturnType<typeof createGuardedApp>) => void;
  /** Ends what would keep connections open. */
  readonly close?: () => Promise<void>;
  /** Said once it listens. */
  readonly announcement: (address: string) => string;
}

/**
 * Runs a server over HTTP until it is interrupted; then lets the requests finish that are under way.
 *
 * @throws UserError `usage` for an unsafe address, and where the index or the address cannot be used.
 */
export async function runHttpServer(
  context: Context,
  flags: HttpFlags,
  openDoor: (pools: Pools) => Door,
): Promise<void> {
  const access = accessOf(flags);
  const { modelRuns, workers: threads = defaultWorkers() } = flags;
  const pools = await startPools(context, { threads, modelRuns });
  try {
    const door = openDoor(pools);
    const { logger, signal } = context;
    const guarded = createGuardedApp({
      ...{ access, rate: flags.rate, logger },
      ...{ pool: pools.search, runs: pools.premises },
    });
    door.addRoutes(guarded);
    const listening = await listen(guarded.app, flags.host, flags.port);
    try {
      context.notice(door.announcement(listening.address));
      await openPool(context, pools.search);
      await aborted(signal);
      logger.info("ending");
    } finally {
      // Runs that ask language models would outlast the grace that requests have.
      const ended = pools.premises.close();
      await door.close?.();
      await listening.close();
      await ended;
    }
  } finally {
    await pools.close();
  }
}

function accessOf({ host: bind, allowHost, token: wantsToken }: HttpFlags): Access {
  const token = process.env["LEMMASCOPE_TOKEN"];
  const access = { bind, hosts: allowHost, token: wantsToken && token ? token : undefined };
  requireSafeBind(access, !wantsToken);
  return access;
}

/** When a signal is aborted. */
async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
