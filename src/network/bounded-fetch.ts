import { type Dispatcher, fetch as request } from "undici";
import { z } from "zod";

/** An answer is longer than any that makes sense. */
export class AnswerTooLong extends Error {
  override readonly name = "AnswerTooLong";
}

export interface BoundedFetchOptions {
  readonly dispatcher: Dispatcher;
  /** Sent as the bearer of the `Authorization` header. */
  readonly apiKey: string | undefined;
  /** How long an answer may be, in bytes after decompression. */
  readonly mostBytes: number;
}

/**
 * A `fetch` for the `openai` client that posts JSON and reads the whole answer before it returns.
 * The client's time limit ends where its `fetch` returns, so that only thus it covers the answer's
 * body. Redirects are not followed: texts go where the user said and nowhere else.
 */
export function boundedFetch(options: BoundedFetchOptions): typeof fetch {
  const { dispatcher, apiKey, mostBytes } = options;
  // The client adds headers about this machine, and others that environment variables name; none of
  // them leave it.
  const headers = {
    accept: "application/json",
    "content-type": "application/json",
    "user-agent": "lemmascope",
    ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
  };
  return async (address, init = {}) => {
    const answer = await request(address instanceof Request ? address.url : address, {
      method: init.method ?? "GET",
      body: typeof init.body === "string" ? init.body : null,
      signal: init.signal ?? null,
      redirect: "manual",
      headers,
      dispatcher,
    });
    const body = await wholeBody(answer.body ?? [], mostBytes);
    const start = { status: answer.status, headers: [...answer.headers] };
    if (!answer.ok) return Response.json({ error: { message: refusalText(body) } }, start);
    return new Response(body === "" ? null : body, start);
  };
}

async function wholeBody(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  mostBytes: number,
): Promise<string> {
  const kept: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    length += piece.length;
    if (length > mostBytes) throw new AnswerTooLong(`the answer is longer than ${mostBytes} bytes`);
    kept.push(piece);
  }
  return Buffer.concat(kept).toString("utf8");
}

/**
 * The shapes in which servers say what is wrong: nested (OpenAI, Ollama), flat (vLLM, Text Embeddings
 * Inference), a bare text in `error` (Text Embeddings Inference) and FastAPI's `detail`.
 */
const refusalSchema = z.union([
  z.object({ error: z.object({ message: z.string() }) }).transform(({ error }) => error.message),
  z.object({ error: z.string() }).transform(({ error }) => error),
  z.object({ message: z.string() }).transform(({ message }) => message),
  z.object({ detail: z.string() }).transform(({ detail }) => detail),
]);

/** What the server says is wrong; empty where it says nothing that people can read. */
function refusalText(body: string): string {
  try {
    const parsed = refusalSchema.safeParse(JSON.parse(body));
    return parsed.success ? parsed.data : "";
  } catch {
    return /^\s*</.test(body) ? "" : body;
  }
}
