import type { LlmProfile } from "../config/llm-settings.js";
import type { UserError } from "../errors.js";
import {
  ModelServerFailures,
  type Refusal,
  unavailable,
} from "../network/model-server-failures.js";
import type { RetryableFailure } from "../network/retry.js";

/** What the failures of one profile's server mean, in sentences for those who configured it. */
export class ChatFailures extends ModelServerFailures {
  readonly #profile: LlmProfile;
  readonly #owner: string;

  constructor(name: string, profile: LlmProfile, apiKey: string | undefined) {
    const owner = `the profile ${JSON.stringify(name)}'s`;
    super(
      {
        kind: "language model server",
        owner,
        baseUrl: profile.baseUrl,
        path: "/chat/completions",
        model: profile.model,
        timeoutMs: profile.timeoutMs,
        apiKeyVariable: profile.apiKeyVariable,
        addressVariable: "LEMMASCOPE_LLM_BASE_URL",
        whenSlow: `lower its "maxTokens" or "concurrency"`,
        whenRefused: `"model", "temperature", "maxTokens", "tokenLimitField" and "jsonMode"`,
      },
      apiKey,
    );
    this.#profile = profile;
    this.#owner = owner;
  }

  override refused(refusal: Refusal): RetryableFailure | UserError {
    const { status, message } = refusal;
    if (status !== 413 && !([400, 422].includes(status) && TOO_LONG.test(message))) {
      return super.refused(refusal);
    }
    return unavailable(
      `${this.server} takes no question so long (${this.said(status, message)}): lower ${this.#owner} "maxTokens", or choose a model with more context.`,
    );
  }

  /** A success whose content is none. @param how what is wrong, to stand in brackets. */
  wrongAnswer(how: string): UserError {
    return unavailable(
      `${this.server} did not answer with a chat completion (${this.quoted(how)}): check that "${this.#profile.model}" is a chat model, and that the address is that of an OpenAI-compatible interface.`,
    );
  }

  /** A success that reports a failure, as routers between several providers send it. */
  reported(message: string): UserError {
    return unavailable(
      `${this.server} failed (${this.quoted(message)}): try again when it is well.`,
    );
  }
}

/** How servers say that prompt and answer are more than the model takes. */
const TOO_LONG = /context (?:length|window|size)|prompt is too long|maximum.*(?:length|tokens)/i;
