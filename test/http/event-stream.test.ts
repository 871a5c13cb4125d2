import { expect, it } from "vitest";
import { eventStream, wantsEvents } from "../../src/http/event-stream.js";
import { problemOf } from "../../src/http/problem.js";

it("gives events to those who ask for them", () => {
  const accepts = (accept: string): boolean => wantsEvents(new Headers({ accept }));
  expect(accepts("text/event-stream")).toBe(true);
  expect(accepts("application/json;q=0.5, Text/Event-Stream;q=1")).toBe(true);
  for (const other of ["application/json", "*/*", "text/event-streams", ""]) {
    expect(accepts(other)).toBe(false);
  }
  expect(wantsEvents(new Headers())).toBe(false);
});

it("sends what the work tells, then its result", async () => {
  const response = eventStream(
    new AbortController().signal,
    (_, tell) => {
      tell({ stage: "one" });
      tell({ stage: "two\nlines" });
      return Promise.resolve({ done: true });
    },
    problemOf,
  );
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  expect(await response.text()).toBe(
    ': working\n\nevent: progress\ndata: {"stage":"one"}\n\n' +
      'event: progress\ndata: {"stage":"two\\nlines"}\n\n' +
      'event: result\ndata: {"done":true}\n\n',
  );
});

it("ends with a problem where the work fails", async () => {
  const failing = () => Promise.reject(new Error("/a/secret/path"));
  const text = await eventStream(new AbortController().signal, failing, problemOf).text();
  expect(text).toMatch(/event: error\ndata: \{"error":\{"code":"defect"/);
  expect(text).not.toContain("secret");
});

it("tells the work when nobody reads any more, or the client is gone", async () => {
  const client = new AbortController();
  const leaving: ((response: Response) => unknown)[] = [
    (response) => response.body?.cancel(),
    () => client.abort("gone"),
  ];
  for (const leave of leaving) {
    const told = new Promise<void>((resolve) => {
      const response = eventStream(
        client.signal,
        (signal) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener("abort", () => {
              resolve();
              reject(new Error("gone"));
            });
          }),
        problemOf,
      );
      leave(response);
    });
    await told;
  }
});
