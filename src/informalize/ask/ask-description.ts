import type { Chat } from "../../llm/chat.js";
import { type Description, descriptionSchema } from "../gate/description.js";
import type { InformalizePrompts } from "./informalize-prompts.js";
import type { Question } from "./question.js";

/** A declaration in words, as a model gave it. */
export interface AskedDescription {
  readonly description: Description;
  /** Whether the quality gate refused its first answer, and this is the second. */
  readonly isRetried: boolean;
}

/**
 * Has a language model put a declaration into words. What the quality gate refuses goes back once with what
 * is wrong.
 *
 * @throws UnusableAnswer where the second answer will not do either; the rest as {@link Chat.ask} does.
 */
export async function askDescription(
  chat: Chat,
  prompts: InformalizePrompts,
  question: Question,
  signal?: AbortSignal,
): Promise<AskedDescription> {
  const { value, repaired } = await chat.ask({
    role: "informalize",
    ...prompts.fill(question),
    schema: descriptionSchema(question.declaration.name),
    schemaName: "informal_description",
    ...(signal === undefined ? {} : { signal }),
  });
  return { description: value, isRetried: repaired };
}
