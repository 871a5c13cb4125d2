import { workerData } from "node:worker_threads";
import { ANSWERERS, type OpenIndex } from "./answer.js";
import { failureReply, openIndex, type Reply, type ThreadData } from "./open-index.js";
import type { QuestionName, Questions } from "./questions.js";

/** One question, as it crosses over to a thread. */
export interface Task<Name extends QuestionName = QuestionName> {
  readonly name: Name;
  readonly request: Questions[Name]["request"];
}

/** A query of common words: compiles the code of a search, and reads what every search reads. */
const WARMING = { query: "a continuous map on a compact set", kinds: [], module: "", limit: 10 };

let opened: Promise<OpenIndex> | undefined;

/** Answers one question; the thread's pool calls it. Never rejects. */
export default async function answer<Name extends QuestionName>(
  task: Task<Name>,
): Promise<Reply<Questions[Name]["answer"]>> {
  let open: OpenIndex;
  try {
    open = await (opened ??= openWarm(workerData as ThreadData));
  } catch (error) {
    opened = undefined;
    return failureReply("opening", error);
  }
  try {
    return { ok: true, answer: await ANSWERERS[task.name](open, task.request) };
  } catch (error) {
    return failureReply("answering", error);
  }
}

/** Opens the index and the models, and makes one search so that the next is as fast as any. */
async function openWarm(data: ThreadData): Promise<OpenIndex> {
  const open = await openIndex(data);
  try {
    if (data.remote === undefined) await ANSWERERS.find(open, WARMING);
    return open;
  } catch (error) {
    open.index.close();
    throw error;
  }
}
