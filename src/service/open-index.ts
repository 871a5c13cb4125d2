import type { RemoteEmbedderSettings } from "../config/embedder-settings.js";
import { errorMessage, type ExitName, UserError } from "../errors.js";
import { DeclarationIndex } from "../index/declaration-index.js";
import { goTogether, openSearchModels, searchOver } from "../search/open-search.js";
import type { OpenIndex } from "./answer.js";
import type { Readiness } from "./questions.js";

/** What a thread that answers from an index is started with. */
export interface ThreadData {
  readonly indexPath: string;
  readonly remote: RemoteEmbedderSettings | undefined;
}

/** What comes back from a thread: errors lose their class on the way, so failures are told in parts. */
export type Reply<Answer> =
  | {
      readonly ok: true;
      readonly answer: Answer;
      /** What is searched now, where the index was opened anew. */
      readonly readiness?: Readiness;
    }
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
 * @param before what was open, whose models are used again where they go with the index.
 * @throws UserError where they cannot be used.
 */
export async function openIndex(
  { indexPath, remote }: ThreadData,
  before?: Pick<OpenIndex, "models" | "readiness">,
): Promise<OpenIndex> {
  let notice: string | undefined;
  // Threads that each map the whole file would together hold it several times.
  const index = DeclarationIndex.open(indexPath, { mapped: false });
  try {
    const isReused = before !== undefined && goTogether(index, before.models);
    if (isReused) notice = before.readiness.notice;
    const models = isReused
      ? before.models
      : await openSearchModels(index, {
          remote,
          environment: process.env,
          onMissingModels: (sentence) => (notice = sentence),
        });
    const { declarations, builtAt } = index.summary();
    const readiness = { declarations, builtAt, models: models.names, notice };
    return { index, search: searchOver(index, models), models, readiness };
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
