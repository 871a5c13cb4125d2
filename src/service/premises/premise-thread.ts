import { type MessagePort, workerData } from "node:worker_threads";
import { Prompts } from "../../premises/prompts.js";
import { StatementPremises } from "../../premises/without-model/statement-premises.js";
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

let opened: Promise<PremiseHouse> | undefined;

/** Does one run; the thread's pool calls it, several at a time. Never rejects. */
export default async function run(task: PremiseTask): Promise<Reply<PremisesFound>> {
  const link = new RunLink(task.port);
  try {
    let house: PremiseHouse;
    try {
      house = await (opened ??= open(workerData as PremiseThreadData));
    } catch (error) {
      opened = undefined;
      return failureReply("opening", error);
    }
    return { ok: true, answer: await answerPremises(house, task.request, task.source, link) };
  } catch (error) {
    return failureReply("answering", error);
  } finally {
    link.close();
  }
}

async function open({ models, ...data }: PremiseThreadData): Promise<PremiseHouse> {
  const { index, search } = await openIndex(data);
  try {
    const statementPremises = await StatementPremises.open(index, search);
    return { index, search, statementPremises, prompts: new Prompts(), models };
  } catch (error) {
    index.close();
    throw error;
  }
}
