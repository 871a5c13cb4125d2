import { describe, expect, it } from "vitest";
import { EmbeddingsFailures } from "../../src/models/embeddings-failures.js";
import { FakeProxy } from "../download/fake-proxy.js";
import { failureOf } from "../failure.js";
import type { FakeAnswer, Fault } from "./fake-embeddings-server.js";
import { declarations, expectVectors, query, RemoteWorkplace } from "./remote-workplace.js";

const workplace = new RemoteWorkplace();

/** The sentence that embedding two texts ends with. */
async function sentence(
  more: Parameters<typeof workplace.ready>[0] = {},
  options: Parameters<typeof workplace.ready>[1] = {},
): Promise<string> {
  const embedder = await workplace.ready(more, options);
  const failure = await failureOf(() => embedder.embedDeclarations(declarations(["x", "y"])));
  expect(failure.exit).toBe("unavailable");
  expect(failure.message).toMatch(/^[^\n]*\.$/);
  return failure.message;
}

describe("failures that pass", () => {
  const passing: [string, Fault, RegExp][] = [
    ["status 500", { kind: "status", status: 500 }, /^status 500$/],
    ["status 503", { kind: "status", status: 503, body: "<html>" }, /^status 503$/],
    ["status 408", { kind: "status", status: 408 }, /^status 408$/],
    ["status 429", { kind: "status", status: 429 }, /^status 429$/],
    ["an answer cut off", { kind: "cut", after: 40 }, /^the connection was cut$/],
    ["an answer that never comes", { kind: "stall", after: 0 }, /^no answer within 0\.2 s$/],
    ["an answer that stalls", { kind: "stall", after: 40 }, /^no answer within 0\.2 s$/],
  ];

  it.each(passing)("are tried again: %s", async (_name, fault, reason) => {
    workplace.server.faults = [fault, fault];
    const reasons: string[] = [];
    const embedder = await workplace.ready(
      { timeoutMs: 200 },
      { onRetry: (notice) => reasons.push(notice.reason) },
    );
    expectVectors(await embedder.embedDeclarations(declarations(["x", "y"])), ["x", "y"]);
    expect(reasons).toHaveLength(2);
    for (const said of reasons) expect(said).toMatch(reason);
  });

  it("are tried again as often as configured, and then said", async () => {
    workplace.server.everyFault = {
      kind: "status",
      status: 500,
      body: { error: { message: "out of\n\u001b[31m memory" } },
    };
    expect(await sentence({ maxRetries: 2 })).toMatch(
      /^The embeddings server at http:\S+\/v1 failed \(status 500: out of \[31m memory\): its log/,
    );
    expect(workplace.server.requests).toHaveLength(3);
    await sentence({ maxRetries: 0 });
    expect(workplace.server.requests).toHaveLength(4);
  });

  it("that end with silence name the time limit", async () => {
    workplace.server.everyFault = { kind: "stall", after: 10 };
    expect(await sentence({ maxRetries: 1, timeoutMs: 100 })).toMatch(
      /gave no whole answer within 0\.1 s: raise the embedder's "timeoutMs"/,
    );
  });

  it("wait as long as a server asks, in seconds", async () => {
    workplace.server.faults = [{ kind: "status", status: 429, headers: { "retry-after": "1" } }];
    const delays: number[] = [];
    const embedder = await workplace.ready({}, { onRetry: ({ delayMs }) => delays.push(delayMs) });
    await embedder.embedQuery(query("x"));
    expect(delays).toEqual([1000]);
  });

  it("wait as long as a server asks, until a date", async () => {
    const date = new Date(Date.now() + 2000).toUTCString();
    workplace.server.faults = [{ kind: "status", status: 503, headers: { "retry-after": date } }];
    const delays: number[] = [];
    const embedder = await workplace.ready({}, { onRetry: ({ delayMs }) => delays.push(delayMs) });
    await embedder.embedQuery(query("x"));
    expect(delays).toHaveLength(1);
    // Dates have whole seconds.
    expect(delays[0]).toBeGreaterThan(500);
    expect(delays[0]).toBeLessThanOrEqual(2000);
  });

  it("are final where a server asks for hours", async () => {
    workplace.server.everyFault = {
      kind: "status",
      status: 429,
      headers: { "retry-after": "7200" },
      body: { message: "Model is overloaded" },
    };
    expect(await sentence()).toMatch(
      /has too much to do \(status 429: Model is overloaded\): .* "concurrency"/,
    );
    expect(workplace.server.requests).toHaveLength(1);
  });

  it("include a server that goes away for a while", async () => {
    const { server } = workplace;
    const { port } = server;
    const reasons: string[] = [];
    const embedder = await workplace.ready(
      { maxRetries: 50 },
      {
        retry: { baseDelayMs: 20, maxDelayMs: 40 },
        onRetry: ({ reason }) => {
          reasons.push(reason);
          if (reasons.length === 3) void server.listen(port);
        },
      },
    );
    await embedder.embedQuery(query("x"));
    await server.stop();
    expectVectors([await embedder.embedQuery(query("back"))], ["back"]);
    expect(reasons).toContain("the connection was refused");
  });
});

describe("failures for good", () => {
  const nested = (message: string) => ({ error: { message, type: "invalid_request_error" } });
  const final: [string, Fault, RegExp][] = [
    [
      "a key is wanted",
      { kind: "status", status: 401, body: nested("Unauthorized") },
      /asks for a key \(status 401: Unauthorized\): set the embedder's "apiKeyVariable"/,
    ],
    [
      "the address is wrong",
      { kind: "status", status: 404, body: "404 page not found" },
      /^There is nothing at http:\S+\/v1\/embeddings \(status 404: 404 page not found\): .* ends in \/v1\.$/,
    ],
    [
      "the address is that of a web page",
      { kind: "status", status: 404, body: "<!doctype html><title>Not here</title>" },
      /^There is nothing at \S+ \(status 404\): /,
    ],
    [
      "dimensions that the model cannot give",
      {
        kind: "status",
        status: 400,
        body: { object: "error", message: "Model does not support matryoshka representation" },
      },
      /refuses the request \(status 400: Model does not .*\): check the embedder's "model" and "dimensions"/,
    ],
    [
      "a field it does not know",
      { kind: "status", status: 422, body: { detail: [{ loc: ["body"] }] } },
      /refuses the request \(status 422\)/,
    ],
    [
      "a redirect",
      {
        kind: "status",
        status: 308,
        headers: { location: "https://elsewhere.example/v1/embeddings?token=secret" },
      },
      /redirects to https:\/\/elsewhere\.example\/v1\/embeddings \(status 308\), which is not followed/,
    ],
    [
      "a redirect to nowhere",
      { kind: "status", status: 302 },
      /redirects nowhere \(status 302\), which is not followed/,
    ],
  ];

  it.each(final)("are said at once: %s", async (_name, fault, expected) => {
    workplace.server.everyFault = fault;
    expect(await sentence()).toMatch(expected);
    expect(workplace.server.requests).toHaveLength(1);
  });

  it("name a model that the server does not have", async () => {
    expect(await sentence({ model: "bge-m9" })).toMatch(
      /has no model "bge-m9" \(status 404: model "bge-m9" not found, .*\): .* "ollama pull bge-m9"\.$/,
    );
  });

  it("never show the key", async () => {
    workplace.server.key = "sk-secret";
    workplace.server.everyFault = {
      kind: "status",
      status: 403,
      body: nested("Incorrect API key provided: sk-secret"),
    };
    const env = { MY_KEY: "sk-secret" };
    const said = await sentence({ apiKeyVariable: "MY_KEY" }, { env });
    expect(said).toMatch(/does not accept the key in MY_KEY \(status 403: Incorrect API key/);
    expect(said).not.toContain("sk-secret");
  });

  it("name the address where no server runs, and what to start", async () => {
    await workplace.server.stop();
    const reasons: string[] = [];
    const onRetry = ({ reason }: { reason: string }): unknown => reasons.push(reason);
    expect(await sentence({}, { onRetry })).toMatch(
      /^No embeddings server answers at http:\/\/127\.0\.0\.1:\d+\/v1 \(the connection was refused\): start it, for example with "ollama serve", or set the embedder's "baseUrl"/,
    );
    expect(reasons).toEqual([]);
  });

  it("come from a proxy, too, where one is configured", async () => {
    const proxy = await FakeProxy.start();
    try {
      const said = await sentence(
        { baseUrl: "http://lemmascope.invalid:8000/v1", maxRetries: 0 },
        { env: { http_proxy: `http://127.0.0.1:${proxy.port}` } },
      );
      expect(said).toMatch(/lemmascope\.invalid:8000\/v1 failed \(status 502\)/);
      expect(proxy.seen).toEqual(["POST http://lemmascope.invalid:8000/v1/embeddings"]);
    } finally {
      await proxy.stop();
    }
  });

  it("name a certificate that cannot be trusted", async () => {
    const failures = new EmbeddingsFailures(workplace.settings(), undefined);
    const refused = Object.assign(new Error("self-signed certificate"), {
      code: "DEPTH_ZERO_SELF_SIGNED_CERT",
    });
    const failure = await failureOf(() => {
      throw failures.network(new TypeError("fetch failed", { cause: refused }), true);
    });
    expect(failure.exit).toBe("unavailable");
    expect(failure.message).toMatch(
      /^The certificate of http:\S+\/v1 cannot be trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\): set NODE_EXTRA_CA_CERTS/,
    );
  });
});

describe("answers that hold no vectors as asked for", () => {
  const answer = (change: (answer: FakeAnswer) => unknown): Fault => ({ kind: "change", change });
  const first = (embedding: (number | null)[]): Fault =>
    answer(({ data: [one, ...rest] }) => ({ data: [{ ...one, embedding }, ...rest] }));
  const wrong: [string, Fault, RegExp][] = [
    ["too few", answer(({ data }) => ({ data: data.slice(1) })), /1 vector for 2 texts/],
    ["too many", answer(({ data }) => ({ data: [...data, ...data] })), /4 vectors for 2 texts/],
    [
      "an index twice",
      answer(({ data }) => ({ data: data.map((item) => ({ ...item, index: 0 })) })),
      /two vectors for text 0/,
    ],
    [
      "an index too high",
      answer(({ data }) => ({ data: data.map((item) => ({ ...item, index: item.index + 1 })) })),
      /a vector for text 2 of 2/,
    ],
    ["another length", first([1, 2, 3]), /vectors of 3 dimensions instead of 12/],
    ["an empty vector", first([]), /data\.0\.embedding: /],
    ["null", first([1, null, 3]), /data\.0\.embedding\.1: .*expected number, received null/],
    ["immense numbers", first(Array<number>(12).fill(1e300)), /a vector of immense length/],
    ["no data", answer(() => ({ object: "list" })), /data: .*expected array/],
    ["nothing", { kind: "text", text: "", type: "application/json" }, /is not JSON/],
    ["a status of no content", { kind: "status", status: 204 }, /the answer: /],
    [
      "NaN",
      { kind: "text", text: '{"data":[{"index":0,"embedding":[NaN]}]}', type: "application/json" },
      /a text that is not JSON/,
    ],
    ["half of JSON", { kind: "text", text: '{"data":[', type: "application/json" }, /is not JSON/],
    [
      "a web page",
      { kind: "text", text: " <html>Sign in</html>", type: "text/html" },
      /a web page/,
    ],
    [
      "an immense answer",
      { kind: "text", text: " ".repeat(3 << 20), type: "application/json" },
      /longer than \d+ bytes/,
    ],
  ];

  it.each(wrong)("are refused at once: %s", async (_name, fault, how) => {
    workplace.server.everyFault = fault;
    const said = await sentence({ batchSize: 2 });
    expect(said).toMatch(/did not answer with the vectors asked for \(.*\): check that "made-up/);
    expect(said).toMatch(how);
    expect(workplace.server.requests).toHaveLength(1);
  });

  it("are refused where a later batch has vectors of another length", async () => {
    const embedder = await workplace.connect({ batchSize: 1, concurrency: 1 });
    workplace.server.faults = [undefined, first([1, 2, 3])];
    const failure = await failureOf(() =>
      embedder.embedDeclarations(declarations(["x", "y", "z"])),
    );
    expect(failure.message).toMatch(/vectors of 3 dimensions instead of 12/);
    expect(workplace.server.requests.slice(1)).toEqual([["x"], ["y"]]);
  });

  it("are refused where the server does not keep to the dimensions asked for", async () => {
    workplace.server.everyFault = first([1, 2, 3]);
    expect(await sentence({ dimensions: 12 })).toMatch(/3 dimensions instead of 12/);
  });
});

describe("an abort", () => {
  it("before the start asks nothing", async () => {
    const embedder = await workplace.ready();
    const signal = AbortSignal.abort();
    const texts = declarations(["x"]);
    expect((await failureOf(() => embedder.embedDeclarations(texts, signal))).exit).toBe(
      "interrupted",
    );
    expect((await failureOf(() => embedder.embedQuery(query("x"), signal))).exit).toBe(
      "interrupted",
    );
    expect((await failureOf(() => workplace.connect({}, { signal }))).exit).toBe("interrupted");
    expect(workplace.server.requests).toEqual([]);
  });

  it.each<[string, Fault | undefined]>([
    ["between requests", undefined],
    ["while an answer stalls", { kind: "stall", after: 10 }],
    [
      "while it waits to try again",
      { kind: "status", status: 429, headers: { "retry-after": "60" } },
    ],
  ])("ends the work %s, after which nothing is asked", async (_name, fault) => {
    const controller = new AbortController();
    const { server } = workplace;
    server.everyFault = fault;
    server.onRequest = () => {
      if (server.requests.length === 4) setTimeout(() => controller.abort(), 20);
    };
    server.delayMs = () => 5;
    const embedder = await workplace.ready({ batchSize: 1, concurrency: 4 });
    const texts = declarations(Array.from({ length: 400 }, (_, at) => `text ${at}`));
    const failure = await failureOf(() => embedder.embedDeclarations(texts, controller.signal));
    expect(failure.exit).toBe("interrupted");
    // Requests that were on their way may still arrive.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const asked = server.requests.length;
    expect(asked).toBeLessThan(400);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(server.requests).toHaveLength(asked);
  });

  it("leaves no listeners on the signal", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners += 1;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners -= 1;
      remove(...args);
    };
    const embedder = await workplace.connect({ batchSize: 1 }, { signal });
    const texts = Array.from({ length: 30 }, (_, at) => `text ${at}`);
    await embedder.embedDeclarations(declarations(texts), signal);
    expect(listeners).toBe(0);
  });
});

it("one failure stops the requests that were not yet sent", async () => {
  const { server } = workplace;
  server.faults = [undefined, undefined, { kind: "status", status: 401 }];
  server.delayMs = () => 5;
  const embedder = await workplace.ready({ batchSize: 1, concurrency: 2 });
  const texts = declarations(Array.from({ length: 100 }, (_, at) => `text ${at}`));
  const failure = await failureOf(() => embedder.embedDeclarations(texts));
  expect(failure.message).toMatch(/asks for a key/);
  expect(server.requests.length).toBeLessThan(10);
});

it("a closed embedder cannot be used", async () => {
  const embedder = await workplace.ready();
  await embedder.close();
  await expect(embedder.embedQuery(query("x"))).rejects.toThrow(/closed/);
  expect(workplace.server.requests).toEqual([]);
});
