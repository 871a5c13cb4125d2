import type { HttpProblem } from "./problem.js";
import { problemBody } from "./problem.js";

/** How often a silent stream shows that it lives, in ms: proxies close those that do not. */
const SIGN_OF_LIFE_MS = 15_000;

/** Work that tells how far it is. */
export type ToldWork = (signal: AbortSignal, tell: (progress: unknown) => void) => Promise<unknown>;

/** Whether a client wants events and not one answer. */
export function wantsEvents(headers: Headers): boolean {
  return /(?:^|,)\s*text\/event-stream\s*(?:;|,|$)/i.test(headers.get("accept") ?? "");
}

/**
 * A stream of server-sent events (WHATWG HTML, "Server-sent events"): `progress` any number of times,
 * then `result` or `error`, each with JSON. The work is told when nobody listens any more.
 *
 * @param signal aborted when the client goes away.
 * @param failure what the client may know of something that was thrown.
 */
export function eventStream(
  signal: AbortSignal,
  work: ToldWork,
  failure: (error: unknown) => HttpProblem,
): Response {
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  if (signal.aborted) leave();
  else signal.addEventListener("abort", leave, { once: true });
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      const send = (text: string): void => {
        if (!gone.signal.aborted) controller.enqueue(encoder.encode(text));
      };
      const event = (name: string, json: string): void => send(`event: ${name}\ndata: ${json}\n\n`);
      const living = setInterval(() => send(": working\n\n"), SIGN_OF_LIFE_MS);
      send(": working\n\n");
      try {
        const tell = (progress: unknown): void => event("progress", JSON.stringify(progress));
        event("result", JSON.stringify(await work(gone.signal, tell)));
      } catch (error) {
        event("error", problemBody(failure(error)));
      } finally {
        clearInterval(living);
        signal.removeEventListener("abort", leave);
        if (!gone.signal.aborted) controller.close();
      }
    },
    cancel: leave,
  });
  return new Response(body, {
    headers: { "content-type": "text/event-stream", "cache-control": "no-store" },
  });
}
