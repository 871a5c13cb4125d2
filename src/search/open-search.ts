import type { RemoteEmbedderSettings } from "../config/embedder-settings.js";
import { UserError } from "../errors.js";
import type { DeclarationIndex } from "../index/declaration-index.js";
import type { Embedder } from "../models/embedder.js";
import { RemoteEmbedder } from "../models/remote-embedder.js";
import { requireSameEmbedder } from "../models/same-embedder.js";
import { StaticEmbedder } from "../models/static-embedder.js";
import { LearnedRanker } from "./learned-ranker.js";
import { LinearRanker } from "./linear-ranker.js";
import { Search } from "./search.js";

export interface OpenSearchOptions {
  /** The remote embedder that is configured, if any. */
  readonly remote?: RemoteEmbedderSettings | undefined;
  /** Where keys and proxies are read from. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Told once, in a sentence, where models are missing and search goes by words alone. */
  readonly onMissingModels: (sentence: string) => void;
  /** Another folder than the bundled `models/`. */
  readonly modelsFolder?: string;
  readonly signal?: AbortSignal;
}

/** The models of a search; they outlive the index that they were opened for. */
export interface SearchModels {
  /** Undefined for a search by words alone. */
  readonly embedder: Embedder | undefined;
  readonly ranker: LearnedRanker | undefined;
  /** What each model is called, and its fingerprint; empty where none takes part. */
  readonly names: Readonly<Record<string, string>>;
  /** Releases them. */
  close(): Promise<void>;
}

/** A search with the models that go with an index. */
export interface OpenedSearch {
  readonly search: Search;
  /** What each model is called, and its fingerprint; empty where none takes part. */
  readonly models: Readonly<Record<string, string>>;
  /** Releases the models; the index stays open. */
  close(): Promise<void>;
}

/**
 * Makes a search over an index: with the embedder that made its vectors, and the learned ranker where
 * these are the bundled encoder's, on whose similarities it was trained.
 *
 * @throws UserError as {@link openSearchModels} does.
 */
export async function openSearch(
  index: DeclarationIndex,
  options: OpenSearchOptions,
): Promise<OpenedSearch> {
  const models = await openSearchModels(index, options);
  return { search: searchOver(index, models), models: models.names, close: () => models.close() };
}

/**
 * Opens the models that go with an index.
 *
 * @throws UserError `noIndex` where the index's vectors come from another embedder than the one at
 * hand, `badInput` for damaged model files, `usage` or `unavailable` for a remote embedder.
 */
export async function openSearchModels(
  index: DeclarationIndex,
  options: OpenSearchOptions,
): Promise<SearchModels> {
  const embedder = await openEmbedder(index, options);
  const isStatic = embedder?.identity.kind === "static";
  const ranker = isStatic ? await LearnedRanker.load(options.modelsFolder) : undefined;
  const names: Record<string, string> = {};
  if (embedder !== undefined) names[embedder.identity.model] = embedder.identity.fingerprint;
  if (ranker !== undefined) names[ranker.name] = ranker.fingerprint;
  return {
    embedder,
    ranker,
    names,
    close: async () => {
      await embedder?.close();
      await ranker?.close();
    },
  };
}

/** Whether models that were opened for another index go with this one as well. */
export function goTogether(index: DeclarationIndex, { embedder }: SearchModels): boolean {
  return index.vectors?.embedder.fingerprint === embedder?.identity.fingerprint;
}

/** A search over an index with models that go with it. */
export function searchOver(
  index: DeclarationIndex,
  { embedder, ranker }: Pick<SearchModels, "embedder" | "ranker">,
): Search {
  return new Search(index, {
    ranker: ranker ?? new LinearRanker(),
    ...(embedder === undefined ? {} : { embedder }),
  });
}

async function openEmbedder(
  index: DeclarationIndex,
  options: OpenSearchOptions,
): Promise<Embedder | undefined> {
  const indexed = index.vectors?.embedder;
  if (indexed === undefined) return undefined;
  const present =
    indexed.kind === "static"
      ? await StaticEmbedder.load(options.modelsFolder)
      : await openRemote(index.path, indexed.dimensions, options);
  if (present === undefined) {
    options.onMissingModels(
      "The bundled models are missing, so this search goes by words alone; install lemmascope again to have them.",
    );
    return undefined;
  }
  try {
    requireSameEmbedder(indexed, present.identity, index.path);
  } catch (error) {
    await present.close();
    throw error;
  }
  return present;
}

async function openRemote(
  indexPath: string,
  knownDimensions: number,
  { remote, environment, signal }: OpenSearchOptions,
): Promise<Embedder> {
  if (remote === undefined) {
    throw new UserError(
      "noIndex",
      `The index ${indexPath} has vectors of a remote model, and no embedder is configured: set "embedder" in the configuration file, or index again with --embedder static.`,
    );
  }
  return RemoteEmbedder.connect(remote, {
    env: environment,
    knownDimensions,
    ...(signal === undefined ? {} : { signal }),
  });
}
