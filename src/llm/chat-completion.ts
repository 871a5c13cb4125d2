import { z } from "zod";
import type { Role } from "../config/llm-settings.js";
import { WrongAnswer } from "../network/model-server-failures.js";
import { RetryableFailure } from "../network/retry.js";
import { UnusableAnswer } from "./chat.js";
import type { ChatFailures } from "./chat-failures.js";

/** The parts of an answer of `POST /v1/chat/completions` that matter here (OpenAI API reference). */
const completionSchema = z.object({
  model: z.string().optional(),
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
      }),
    )
    .nullish(),
  usage: z
    .object({
      prompt_tokens: z.number().int().min(0),
      completion_tokens: z.number().int().min(0),
    })
    .nullish()
    .catch(undefined),
  error: z.object({ message: z.string() }).nullish().catch(undefined),
});

/** What a model said. */
export interface Said {
  readonly text: string;
  readonly model: string;
  readonly isCutOff: boolean;
}

/** Who was asked, for sentences about the answer. */
export interface Asked {
  readonly role: Role;
  readonly model: string;
  readonly maxTokens: number;
}

/** An answer that keeps to the protocol. */
export interface ChatCompletion {
  /** What the server counted. */
  readonly usage: z.infer<typeof completionSchema>["usage"];
  /** What was written, for counting where the server does not. */
  readonly length: string;
  /**
   * What the model said.
   *
   * @throws UnusableAnswer where it said nothing on purpose: it refused, a filter held the answer
   * back, or all tokens went into thinking.
   * @throws RetryableFailure where it said nothing by accident.
   */
  said(asked: Asked, failures: Pick<ChatFailures, "reported" | "quoted">): Said;
}

/** @throws WrongAnswer where it is no chat completion. */
export function readChatCompletion(answer: unknown): ChatCompletion {
  if (typeof answer === "string") {
    throw new WrongAnswer(/^\s*</.test(answer) ? "a web page" : "a text that is not JSON");
  }
  const parsed = completionSchema.safeParse(answer);
  if (!parsed.success) throw new WrongAnswer(describe(parsed.error));
  const { choices, model, usage, error } = parsed.data;
  const choice = choices?.[0];
  if (choices === undefined && !error) throw new WrongAnswer("choices: there are none");
  const text = choice?.message.content ?? "";
  return {
    usage,
    length: text,
    said(asked, failures) {
      if (choice === undefined && error) {
        const reason = failures.quoted(error.message);
        throw new RetryableFailure(reason, failures.reported(error.message));
      }
      const refusal = choice?.message.refusal ?? "";
      if (refusal !== "") {
        throw new UnusableAnswer(asked, `it refuses (${failures.quoted(refusal)})`);
      }
      const reason = choice?.finish_reason;
      if (reason === "content_filter") {
        throw new UnusableAnswer(asked, "a content filter of the server held it back");
      }
      const isCutOff = reason === "length";
      if (text.trim() !== "") return { text, model: model ?? asked.model, isCutOff };
      if (isCutOff) {
        throw new UnusableAnswer(
          asked,
          `all ${asked.maxTokens} tokens were spent before it said anything; raise its profile's "maxTokens"`,
        );
      }
      const what = choice === undefined ? "no choices" : "an empty text";
      const final = new UnusableAnswer(asked, `the server answered with ${what}`);
      throw new RetryableFailure(`an answer with ${what}`, final);
    },
  };
}

function describe({ issues: [issue] }: z.ZodError): string {
  const where = issue?.path.join(".") ?? "";
  return `${where === "" ? "the answer" : where}: ${issue?.message ?? "nothing"}`;
}
