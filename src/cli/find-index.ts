import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { defaultIndex } from "../config/settings.js";
import { STARTER_PATH } from "../corpus/starter.js";
import { UserError } from "../errors.js";
import { buildIndex } from "../index/build.js";
import { StaticEmbedder } from "../models/static-embedder.js";
import { DeclarationIndex } from "../index/declaration-index.js";
import { type OpenedSearch, openSearch } from "../search/open-search.js";
import type { Context } from "./context.js";

/** How long to wait for another process that is making the starter index, in ms. */
const PATIENCE = 60_000;

/** An index that is ready to be asked. */
export interface FoundIndex {
  readonly index: DeclarationIndex;
  /** Whether it is the embedded starter corpus, for want of a better one. */
  readonly isStarter: boolean;
}

/**
 * Hands the index that the user chose to `use`, else the default one, else the starter index, which
 * is made on the spot where it does not exist yet; and closes it afterwards.
 *
 * @throws UserError `noIndex` where the chosen or default index cannot be used, `io` where the
 * starter index cannot be made, `interrupted` by Ctrl-C while it is made; and whatever `use` throws.
 */
export async function withIndex(
  context: Context,
  use: (found: FoundIndex) => void | Promise<void>,
): Promise<void> {
  const found = await findIndex(context);
  try {
    await use(found);
  } finally {
    found.index.close();
  }
}

/** An index with a search over it. */
export interface FoundSearch extends FoundIndex, OpenedSearch {}

/**
 * Like {@link withIndex}, with the search and the models that go with the index.
 *
 * @param modelsFolder another folder than the bundled `models/`.
 */
export async function withSearch(
  context: Context,
  use: (found: FoundSearch) => void | Promise<void>,
  modelsFolder?: string,
): Promise<void> {
  await withIndex(context, async (found) => {
    const opened = await openSearch(found.index, {
      remote: context.settings.embedder,
      environment: process.env,
      onMissingModels: context.notice,
      ...(modelsFolder === undefined ? {} : { modelsFolder }),
    });
    try {
      await use({ ...found, ...opened });
    } finally {
      await opened.close();
    }
  });
}

async function findIndex(context: Context): Promise<FoundIndex> {
  const { chosenIndex } = context.settings;
  if (chosenIndex !== undefined) {
    return { index: DeclarationIndex.open(chosenIndex), isStarter: false };
  }
  const standard = defaultIndex(context.settings);
  if (existsSync(standard)) return { index: DeclarationIndex.open(standard), isStarter: false };
  return { index: await openStarter(context), isStarter: true };
}

/** The starter index's file: its name follows the corpus, so that a new corpus makes a new index. */
export function starterIndexPath(dataDirectory: string): string {
  const hash = createHash("sha256").update(readFileSync(STARTER_PATH)).digest("hex").slice(0, 8);
  return join(dataDirectory, `starter-${hash}.sqlite`);
}

/** Says that the starter corpus answered, and how to get the rest of Mathlib. */
export function adviseFullIndex(context: Context, index: DeclarationIndex): void {
  context.notice(
    `Searched the starter corpus, ${index.summary().declarations} declarations. For all of Mathlib: lemmascope pull`,
  );
}

async function openStarter(context: Context): Promise<DeclarationIndex> {
  const path = starterIndexPath(context.settings.dataDirectory);
  const deadline = performance.now() + PATIENCE;
  let announced = false;
  for (;;) {
    try {
      return DeclarationIndex.open(path);
    } catch (error) {
      if (!(error instanceof UserError) || error.exit !== "noIndex") throw error;
    }
    if (!announced) context.notice(`No index yet: making one of the starter corpus at ${path}`);
    announced = true;
    try {
      await makeStarter(context, path);
    } catch (error) {
      // Another process may be making the same index: then it will be there in a moment.
      const isBusy = error instanceof UserError && /another process/i.test(error.message);
      if (!isBusy || performance.now() > deadline) throw error;
      await sleep(200);
      if (context.signal.aborted) throw new UserError("interrupted", "Interrupted.");
    }
  }
}

async function makeStarter(context: Context, path: string): Promise<void> {
  const embedder = await StaticEmbedder.load();
  const { declarations, elapsedMs } = await buildIndex({
    index: path,
    sources: ["starter"],
    fromScratch: true,
    signal: context.signal,
    ...(embedder === undefined ? {} : { embedder }),
  }).finally(() => embedder?.close());
  removeOthers(context.settings.dataDirectory, path);
  context.notice(`Indexed ${declarations} declarations in ${(elapsedMs / 1000).toFixed(1)} s.`);
}

/** Removes starter indexes of earlier releases. */
function removeOthers(directory: string, kept: string): void {
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    if (/^starter-[0-9a-f]{8}\.sqlite$/.test(name) && path !== kept) rmSync(path, { force: true });
  }
}
