import type { OpenAI } from "openai";
import pLimit, { type LimitFunction } from "p-limit";
import type { LlmProfile } from "../config/llm-settings.js";
import { ModelServer, readKey } from "../network/model-server.js";
import type { Environment } from "../network/proxy.js";
import { interrupted, type RetryOptions } from "../network/retry.js";
import { formatInstruction } from "./answer-format.js";
import { type Budget, estimatedTokens, type Tokens } from "./budget.js";
import { BudgetSpent } from "./chat.js";
import { type ChatCompletion, readChatCompletion } from "./chat-completion.js";
import { ChatFailures } from "./chat-failures.js";
import type { Completion, CompletionRequest } from "./completions.js";
import { linkSignals } from "./link-signals.js";

export interface EndpointOptions extends Pick<RetryOptions, "retry" | "onRetry"> {
  /** Where keys and proxies are read from, as `process.env`. */
  readonly environment: Environment;
  readonly budget: Budget;
}

type Body = OpenAI.ChatCompletionCreateParamsNonStreaming;

/** Room for what stands around an answer, and for one token of it with its thinking and escapes. */
const MOST_BYTES_AROUND = 1024 * 1024;
const MOST_BYTES_A_TOKEN = 64;

/** Shorter keys, such as those that local servers ask for, are words that answers may have. */
const LEAST_SECRET = 8;

/** `POST /chat/completions` of one profile's server, within a budget. */
export class ChatEndpoint {
  readonly #profile: LlmProfile;
  readonly #failures: ChatFailures;
  readonly #server: ModelServer;
  readonly #budget: Budget;
  readonly #apiKey: string | undefined;
  readonly #inTurn: LimitFunction;
  readonly #closing = new AbortController();

  private constructor(
    profile: LlmProfile,
    parts: { failures: ChatFailures; server: ModelServer; budget: Budget; apiKey?: string },
  ) {
    this.#profile = profile;
    this.#failures = parts.failures;
    this.#server = parts.server;
    this.#budget = parts.budget;
    this.#apiKey = parts.apiKey;
    this.#inTurn = pLimit(profile.concurrency);
  }

  /**
   * Contacts nobody yet.
   *
   * @throws UserError `usage` if the key is missing or a proxy setting cannot be used.
   */
  static async open(
    name: string,
    profile: LlmProfile,
    { environment, budget, ...retrying }: EndpointOptions,
  ): Promise<ChatEndpoint> {
    const { baseUrl, timeoutMs, maxRetries, maxTokens } = profile;
    const apiKey = readKey(profile.apiKeyVariable, environment, {
      use: `the key of the language model "${name}"`,
      remedy: `take "apiKeyVariable" out of its profile`,
    });
    const server = await ModelServer.open({
      ...retrying,
      env: environment,
      baseUrl,
      apiKey,
      timeoutMs,
      maxRetries,
      mostBytes: MOST_BYTES_AROUND + maxTokens * MOST_BYTES_A_TOKEN,
    });
    const failures = new ChatFailures(name, profile, apiKey);
    const key = apiKey === undefined ? {} : { apiKey };
    return new ChatEndpoint(profile, { failures, server, budget, ...key });
  }

  /** @throws as `Chat.ask` */
  async complete(request: CompletionRequest, signal?: AbortSignal): Promise<Completion> {
    const linked = linkSignals([this.#budget.signal, this.#closing.signal, signal]);
    try {
      return await linked.race(() =>
        this.#inTurn(async () => {
          // Its turn may come long after whoever waited for it has gone.
          if (linked.signal.aborted) throw interrupted();
          return await this.#send(request, linked.signal);
        }),
      );
    } catch (error) {
      if (signal?.aborted === true) throw interrupted();
      if (!(error instanceof BudgetSpent)) this.#budget.checkTime();
      throw error;
    } finally {
      linked.release();
    }
  }

  /** Ends what is under way or waits, and cuts all connections. */
  close(): Promise<void> {
    this.#closing.abort();
    return this.#server.close();
  }

  async #send(request: CompletionRequest, signal: AbortSignal): Promise<Completion> {
    const body = requestBody(request, this.#profile);
    const promptTokens = estimatedTokens(JSON.stringify(body.messages));
    const failures = this.#failures;
    let calls = 0;
    const answer = await this.#server.request(
      async (client, requestSignal) => {
        const room = await this.#budget.reserve(
          { promptTokens, completionTokens: this.#profile.maxTokens },
          requestSignal,
        );
        calls += 1;
        let cost: Tokens | undefined;
        try {
          const read = readChatCompletion(
            await client.chat.completions.create(body, { signal: requestSignal }),
          );
          cost = costOf(read, promptTokens);
          return { said: read.said({ ...request, ...this.#profile }, failures), cost };
        } finally {
          room.settle(cost);
        }
      },
      {
        failures,
        refused: (refusal) => failures.refused(refusal),
        wrongAnswer: (how) => failures.wrongAnswer(how),
      },
      signal,
    );
    const { text, model, isCutOff } = answer.said;
    return {
      text: this.#withoutKey(text),
      model: this.#withoutKey(model),
      isCutOff,
      ...answer.cost,
      calls,
      source: "model",
    };
  }

  /** Servers have been seen to send back what they were sent. */
  #withoutKey(text: string): string {
    const key = this.#apiKey;
    return key === undefined || key.length < LEAST_SECRET ? text : text.replaceAll(key, "…");
  }
}

/** What an answer cost, by the server's count or by ours. */
function costOf({ usage, length }: ChatCompletion, promptTokens: number): Tokens {
  return {
    promptTokens: usage?.prompt_tokens ?? promptTokens,
    completionTokens: usage?.completion_tokens ?? estimatedTokens(length),
  };
}

function requestBody(
  { system, user, turns, format }: CompletionRequest,
  profile: LlmProfile,
): Body {
  const { model, temperature, maxTokens, tokenLimitField, jsonMode } = profile;
  const isDescribed = format !== undefined && jsonMode !== "schema";
  const body: Body = {
    model,
    messages: [
      {
        role: "system",
        content: isDescribed ? `${system}\n\n${formatInstruction(format)}` : system,
      },
      { role: "user", content: user },
      ...turns,
    ],
    [tokenLimitField]: maxTokens,
  };
  if (temperature !== undefined) body.temperature = temperature;
  if (format === undefined || jsonMode === "none") return body;
  if (jsonMode === "object") return { ...body, response_format: { type: "json_object" } };
  const { name, jsonSchema, isStrict } = format;
  return {
    ...body,
    response_format: {
      type: "json_schema",
      json_schema: { name, schema: { ...jsonSchema }, strict: isStrict },
    },
  };
}
