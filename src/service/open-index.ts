import type { RemoteEmbedderSettings } from "../config/embedder-settings.js";
import { errorMessage, type ExitName, UserError } from "../errors.js";
import { DeclarationIndex } from "../index/declaration-index.js";
import { openSearch } from "../search/open-search.js";
import type { OpenIndex } from "./answer.js";

/** What a thread that answers from an index is started with. */
export interface ThreadData {
  readonly indexPath: string;
  readonly remote: RemoteEmbedderSettings | undefined;
}

/** What comes back from a thread: errors lose their class on the way, so failures are told in parts. */
export type Reply<Answer> =
  | { readonly ok: true; readonly answer: Answer }
  | {
      readonly ok: false;
      /** Whether the index and the models could not be opened, or one question not be answered. */
      readonly during: "opening" | "answering";
      /** Undefined for a defect. */
      readonly exit: ExitName | undefined;
      readonly message: string;
    };

/**
 * Opens an index and its models on a thread.
 *
 * @throws UserError where they cannot be used.
 */
export async function openIndex({ indexPath, remote }: ThreadData): Promise<OpenIndex> {
  let notice: string | undefined;
  // Threads that each map the whole file would together hold it several times.
  const index = DeclarationIndex.open(indexPath, { mapped: false });
  try {
    const { search, models } = await openSearch(index, {
      remote,
      environment: process.env,
      onMissingModels: (sentence) => (notice = sentence),
    });
    const { declarations, builtAt } = index.summary();
    return { index, search, readiness: { declarations, builtAt, models, notice } };
  } catch (error) {
    index.close();
    throw error;
  }
}

/** What a thread answers where it failed. */
export function failureReply(during: "opening" | "answering", error: unknown): Reply<never> {
  const exit = error instanceof UserError ? error.exit : undefined;
  const text = error instanceof Error && exit === undefined ? error.stack : undefined;
  return { ok: false, during, exit, message: text ?? errorMessage(error) };
}
