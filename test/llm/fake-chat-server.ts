import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";

/** An answer of `POST /v1/chat/completions`, as OpenAI's reference describes it. */
export interface FakeCompletion {
  id: string;
  object: "chat.completion";
  created: number;
  model: string;
  choices: {
    index: number;
    finish_reason: string;
    message: { role: "assistant"; content: string | null; refusal: string | null };
  }[];
  usage?: { prompt_tokens: number; completion_tokens: number; total_tokens: number };
}

/** A question as the server gets it. */
export interface FakeQuestion {
  readonly model: string;
  /** The first system message. */
  readonly system: string;
  /** The first user message. */
  readonly user: string;
  /** The last message, which is that of a repair where there is one. */
  readonly last: string;
  readonly isRepair: boolean;
  readonly body: z.infer<typeof requestSchema>;
}

/** What the server does with one question. */
export type FakeReply =
  /** The model says this value as JSON. */
  | { kind: "json"; value: unknown }
  /** The model says this text; `finish` is `stop` where absent. */
  | { kind: "says"; text: string; finish?: string }
  | { kind: "refuses"; text: string }
  /** Another status than 200. */
  | {
      kind: "status";
      status: number;
      /** JSON, or a text as it is. */
      body?: object | string;
      headers?: Readonly<Record<string, string>>;
    }
  /** A success with this text for a body. */
  | { kind: "body"; text: string; type: string }
  /** An answer of `{}`, changed. */
  | { kind: "change"; change: (answer: FakeCompletion) => unknown }
  /** So many bytes of the body; then the connection is cut, or stays open and silent. */
  | { kind: "cut" | "stall"; after: number };

/** Which questions a rule is for; everything that it names must fit. */
export interface FakeMatch {
  readonly model?: string;
  readonly system?: string | RegExp;
  readonly user?: string | RegExp;
  readonly isRepair?: boolean;
}

type Replier = FakeReply | ((question: FakeQuestion) => FakeReply);

const messageSchema = z.strictObject({
  role: z.enum(["system", "user", "assistant"]),
  content: z.string(),
});

/** What a client may send, and nothing else. */
const requestSchema = z
  .strictObject({
    model: z.string().min(1),
    messages: z.array(messageSchema).min(2),
    temperature: z.number().min(0).max(2).optional(),
    max_tokens: z.number().int().positive().optional(),
    max_completion_tokens: z.number().int().positive().optional(),
    response_format: z
      .discriminatedUnion("type", [
        z.strictObject({ type: z.literal("json_object") }),
        z.strictObject({
          type: z.literal("json_schema"),
          json_schema: z.strictObject({
            name: z.string().regex(/^[\w-]{1,64}$/),
            schema: z.looseObject({ type: z.literal("object") }),
            strict: z.boolean(),
          }),
        }),
      ])
      .optional(),
  })
  .refine(
    (body) => (body.max_tokens === undefined) !== (body.max_completion_tokens === undefined),
    "one limit of tokens",
  );

/** Headers that a request needs; others could tell of the machine it comes from. */
const EXPECTED_HEADERS = new Set([
  "accept",
  "accept-encoding",
  "accept-language",
  "authorization",
  "connection",
  "content-length",
  "content-type",
  "host",
  "sec-fetch-mode",
  "user-agent",
]);

/**
 * A server on the loopback interface that offers `POST /v1/chat/completions` and insists on its wire
 * format. What the models say is up to rules; the rule that was added last and fits a question is
 * taken. Give each role a model of its own to tell roles apart.
 */
export class FakeChatServer {
  /** Requests must carry this key; where undefined, they must carry none. */
  key: string | undefined;
  /** How long each answer takes, in ms. */
  delayMs: (question: FakeQuestion) => number = () => 0;
  /** Told of each question before it is answered. */
  onQuestion: (question: FakeQuestion) => void = () => undefined;
  /** The questions that kept to the wire format, in order of arrival; repairs and retries, too. */
  readonly questions: FakeQuestion[] = [];
  /** What clients did that the wire format does not allow. */
  readonly violations: string[] = [];
  /** The most requests that were under way at one time. */
  mostAtOnce = 0;
  /** `http://127.0.0.1:PORT/v1` */
  baseUrl = "";

  #underWay = 0;
  readonly #rules: { readonly match: FakeMatch; readonly replies: Replier[] }[] = [];
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  static async start(): Promise<FakeChatServer> {
    const server = new FakeChatServer();
    await server.listen(0);
    return server;
  }

  async listen(port: number): Promise<void> {
    this.#server.listen(port, "127.0.0.1");
    await once(this.#server, "listening");
    this.baseUrl = `http://127.0.0.1:${this.port}/v1`;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  /** Adds a rule. Replies are given in order, one a question, the last one again and again. */
  when(match: FakeMatch, ...replies: [Replier, ...Replier[]]): void {
    this.#rules.unshift({ match, replies });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#underWay += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#underWay);
    response.on("close", () => (this.#underWay -= 1));
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const body = this.#checked(request, Buffer.concat(chunks).toString("utf8"));
    if (body === undefined) {
      sendJson(response, 400, { error: { message: this.violations.at(-1) } });
      return;
    }
    const question = questionOf(body);
    this.questions.push(question);
    this.onQuestion(question);
    const replies = this.#rules.find(({ match }) => fits(question, match))?.replies ?? [];
    const reply = replies.length > 1 ? replies.shift() : replies[0];
    await sleep(this.delayMs(question));
    this.#respond(question, typeof reply === "function" ? reply(question) : reply, response);
  }

  #respond(question: FakeQuestion, reply: FakeReply | undefined, response: ServerResponse): void {
    switch (reply?.kind) {
      case undefined: {
        const message = `model "${question.model}" not found, try pulling it first`;
        sendJson(response, 404, { error: { message, type: "api_error", param: null, code: null } });
        return;
      }
      case "status": {
        const isText = typeof reply.body === "string";
        response.writeHead(reply.status, {
          "content-type": isText ? "text/plain" : "application/json",
          ...reply.headers,
        });
        response.end(isText ? reply.body : JSON.stringify(reply.body ?? {}));
        return;
      }
      case "body":
        response.writeHead(200, { "content-type": reply.type }).end(reply.text);
        return;
      case "json":
        sendJson(response, 200, completion(question, JSON.stringify(reply.value)));
        return;
      case "says":
        sendJson(response, 200, completion(question, reply.text, reply.finish));
        return;
      case "refuses": {
        const answer = completion(question, "");
        for (const choice of answer.choices) {
          choice.message = { role: "assistant", content: null, refusal: reply.text };
        }
        sendJson(response, 200, answer);
        return;
      }
      case "change":
        sendJson(response, 200, reply.change(completion(question, "{}")));
        return;
      case "cut":
      case "stall": {
        const json = JSON.stringify(completion(question, "{}"));
        const length = Buffer.byteLength(json);
        response.writeHead(200, { "content-type": "application/json", "content-length": length });
        response.write(json.slice(0, reply.after), () => {
          if (reply.kind === "cut") response.socket?.destroySoon();
        });
      }
    }
  }

  #checked(request: IncomingMessage, text: string): z.infer<typeof requestSchema> | undefined {
    const { method, url, headers } = request;
    const authorization = this.key === undefined ? undefined : `Bearer ${this.key}`;
    const problems = [
      method === "POST" ? "" : `method ${method ?? ""}`,
      url === "/v1/chat/completions" ? "" : `address ${url ?? ""}`,
      headers["content-type"] === "application/json" ? "" : "content type",
      headers["user-agent"] === "lemmascope" ? "" : "user agent",
      headers.authorization === authorization ? "" : `key ${headers.authorization ?? "missing"}`,
      ...Object.keys(headers).map((name) => (EXPECTED_HEADERS.has(name) ? "" : `header ${name}`)),
    ].filter((problem) => problem !== "");
    try {
      const parsed = requestSchema.parse(JSON.parse(text));
      if (problems.length === 0) return parsed;
    } catch (error) {
      problems.push(String(error));
    }
    this.violations.push(problems.join("; "));
    return undefined;
  }
}

function questionOf(body: z.infer<typeof requestSchema>): FakeQuestion {
  const first = (role: string): string =>
    body.messages.find((message) => message.role === role)?.content ?? "";
  return {
    model: body.model,
    system: first("system"),
    user: first("user"),
    last: body.messages.at(-1)?.content ?? "",
    isRepair: body.messages.some(({ role }) => role === "assistant"),
    body,
  };
}

function fits(question: FakeQuestion, { model, system, user, isRepair }: FakeMatch): boolean {
  const holds = (text: string, wanted: string | RegExp | undefined): boolean =>
    wanted === undefined ||
    (typeof wanted === "string" ? text.includes(wanted) : text.search(wanted) !== -1);
  return (
    (model === undefined || model === question.model) &&
    (isRepair === undefined || isRepair === question.isRepair) &&
    holds(question.system, system) &&
    holds(question.user, user)
  );
}

/** Tokens are counted as words. */
function completion({ body }: FakeQuestion, text: string, finish = "stop"): FakeCompletion {
  const words = (said: string): number => said.split(/\s+/).length;
  const prompt = body.messages.reduce((sum, { content }) => sum + words(content), 0);
  const answer = words(text);
  return {
    id: "chatcmpl-made-up",
    object: "chat.completion",
    created: 0,
    model: body.model,
    choices: [
      {
        index: 0,
        finish_reason: finish,
        message: { role: "assistant", content: text, refusal: null },
      },
    ],
    usage: { prompt_tokens: prompt, completion_tokens: answer, total_tokens: prompt + answer },
  };
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}
