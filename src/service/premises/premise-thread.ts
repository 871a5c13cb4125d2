import { type MessagePort, workerData } from "node:worker_threads";
import { Prompts } from "../../premises/prompts.js";
import { StatementPremises } from "../../premises/without-model/statement-premises.js";
import type { OpenIndex } from "../answer.js";
import { CurrentIndex, OpeningError } from "../current-index.js";
import { failureReply, openIndex, type Reply, type ThreadData } from "../open-index.js";
import { answerPremises, type ConfiguredModels, type PremiseHouse } from "./answer-premises.js";
import type { ModelSource, PremisesFound, PremisesRequest } from "./premise-service.js";
import { RunLink } from "./run-link.js";

/** What the thread is started with. */
export interface PremiseThreadData extends ThreadData {
  readonly models: ConfiguredModels;
}

/** One run, as it crosses over to the thread. */
export interface PremiseTask {
  readonly request: PremisesRequest;
  readonly source: ModelSource;
  /** For a {@link RunLink}. */
  readonly port: MessagePort;
}

const current = new CurrentIndex<OpenHouse>((before) =>
  open(workerData as PremiseThreadData, before),
);

/** Does one run; the thread's pool calls it, several at a time. Never rejects. */
export default async function run(task: PremiseTask): Promise<Reply<PremisesFound>> {
  const link = new RunLink(task.port);
  try {
    const { request, source } = task;
    const answer = await current.use((house) => answerPremises(house, request, source, link));
    return { ok: true, answer };
  } catch (error) {
    if (error instanceof OpeningError) return failureReply("opening", error.cause);
    return failureReply("answering", error);
  } finally {
    link.close();
  }
}

/** What runs work with, and what the next index can draw on. */
type OpenHouse = PremiseHouse & { readonly opened: OpenIndex };

async function open(
  { models, ...data }: PremiseThreadData,
  before: OpenHouse | undefined,
): Promise<OpenHouse> {
  const opened = await openIndex(data, before?.opened);
  const { index, search } = opened;
  try {
    const statementPremises = await StatementPremises.open(index, search);
    return { index, search, statementPremises, prompts: new Prompts(), models, opened };
  } catch (error) {
    index.close();
    throw error;
  }
}
