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
 * @throws UserError `noIndex` where the index's vectors come from another embedder than the one at
 * hand, `badInput` for damaged model files, `usage` or `unavailable` for a remote embedder.
 */
export async function openSearch(
  index: DeclarationIndex,
  options: OpenSearchOptions,
): Promise<OpenedSearch> {
  const embedder = await openEmbedder(index, options);
  const isStatic = embedder?.identity.kind === "static";
  const learned = isStatic ? await LearnedRanker.load(options.modelsFolder) : undefined;
  const models: Record<string, string> = {};
  if (embedder !== undefined) models[embedder.identity.model] = embedder.identity.fingerprint;
  if (learned !== undefined) models[learned.name] = learned.fingerprint;
  return {
    search: new Search(index, {
      ranker: learned ?? new LinearRanker(),
      ...(embedder === undefined ? {} : { embedder }),
    }),
    models,
    close: async () => {
      await embedder?.close();
      await learned?.close();
    },
  };
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
