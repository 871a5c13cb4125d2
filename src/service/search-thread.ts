import { workerData } from "node:worker_threads";
import { ANSWERERS, type OpenIndex } from "./answer.js";
import { CurrentIndex, OpeningError } from "./current-index.js";
import { failureReply, openIndex, type Reply, type ThreadData } from "./open-index.js";
import type { QuestionName, Questions, Readiness } from "./questions.js";

/** One question, as it crosses over to a thread. */
export interface Task<Name extends QuestionName = QuestionName> {
  readonly name: Name;
  readonly request: Questions[Name]["request"];
}

/** A query of common words: compiles the code of a search, and reads what every search reads. */
const WARMING = { query: "a continuous map on a compact set", kinds: [], module: "", limit: 10 };

let readiness: Readiness | undefined;

const current = new CurrentIndex<OpenIndex>(async (before) => {
  const open = await openWarm(workerData as ThreadData, before);
  readiness = open.readiness;
  return open;
});

/** Answers one question; the thread's pool calls it. Never rejects. */
export default async function answer<Name extends QuestionName>(
  task: Task<Name>,
): Promise<Reply<Questions[Name]["answer"]>> {
  const told = readiness;
  try {
    const given = await current.use((open) => ANSWERERS[task.name](open, task.request));
    const news = readiness === told ? undefined : readiness;
    return { ok: true, answer: given, ...(news === undefined ? {} : { readiness: news }) };
  } catch (error) {
    if (error instanceof OpeningError) return failureReply("opening", error.cause);
    return failureReply("answering", error);
  }
}

/** Opens the index and the models, and makes one search so that the next is as fast as any. */
async function openWarm(data: ThreadData, before: OpenIndex | undefined): Promise<OpenIndex> {
  const open = await openIndex(data, before);
  try {
    if (data.remote === undefined) await ANSWERERS.find(open, WARMING);
    return open;
  } catch (error) {
    open.index.close();
    throw error;
  }
}
