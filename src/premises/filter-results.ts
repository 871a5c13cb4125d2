import { z } from "zod";
import type { DeclarationId, DeclarationIndex } from "../index/declaration-index.js";
import { type Chat, UnusableAnswer } from "../llm/chat.js";
import { showTheorem } from "./ask-sketch.js";
import type { Prompts } from "./prompts.js";
import type { Retrieved } from "./retrieve.js";
import { numbered, showDeclaration } from "./show-declaration.js";
import type { Purpose, Sketch } from "./sketch.js";
import type { Theorem } from "./theorem.js";

/** How many of a query's results are kept where the model's answer cannot be used. */
const KEPT_UNREAD = 5;

/** What was kept of a query's results. */
export interface Filtered {
  readonly kept: readonly DeclarationId[];
  /** Why the model's answer could not be used, and the first few were kept unread. */
  readonly problem?: string;
}

export interface FilterOptions {
  readonly chat: Chat;
  readonly prompts: Prompts;
  readonly index: DeclarationIndex;
  readonly theorem: Theorem;
  readonly sketch: Sketch;
  readonly signal?: AbortSignal;
}

/**
 * Has a language model read a query's results and keep those that serve its purpose (LeanSearch v2,
 * section 3.3).
 *
 * @throws BudgetSpent and UserError as {@link Chat.ask} does; an unusable answer is no error.
 */
export async function filterResults(
  { request, found }: Retrieved,
  { chat, prompts, index, theorem, sketch, signal }: FilterOptions,
): Promise<Filtered> {
  if (found.length === 0) return { kept: [] };
  const shown = found.map(({ facts }) => {
    const declaration = index.declaration(facts.id);
    return declaration === undefined ? facts.name : showDeclaration(declaration);
  });
  try {
    const { value } = await chat.ask({
      role: "filter",
      ...prompts.filter.fill({
        theorem: showTheorem(theorem),
        purpose: describePurpose(request.purpose, sketch, prompts),
        query: request.text,
        results: numbered(shown),
      }),
      schema: keptSchema(found.length),
      schemaName: "kept_results",
      ...(signal === undefined ? {} : { signal }),
    });
    const ids = [...new Set(value.kept)].map((at) => found[at]?.facts.id);
    return { kept: ids.filter((id) => id !== undefined) };
  } catch (error) {
    if (!(error instanceof UnusableAnswer)) throw error;
    return {
      kept: found.slice(0, KEPT_UNREAD).map(({ facts }) => facts.id),
      problem: `The first ${KEPT_UNREAD} results of "${request.text}" were kept unread: ${error.problem}.`,
    };
  }
}

function keptSchema(count: number) {
  return z.object({
    kept: z
      .array(z.number().int().min(0))
      .max(1000)
      .refine((numbers) => numbers.every((number) => number < count), {
        message: `the results are numbered from 0 to ${count - 1}`,
      }),
  });
}

function describePurpose(purpose: Purpose, sketch: Sketch, prompts: Prompts): string {
  if (purpose.kind === "step") {
    const step = sketch.steps[purpose.step];
    return `step ${purpose.step}: ${step?.what ?? ""} ${step?.why ?? ""}`.trim();
  }
  const described = new Map(
    prompts.filter
      .section("Purposes")
      .split("\n")
      .map((line) => {
        const colon = line.indexOf(":");
        return [line.slice(0, colon), line.slice(colon + 1).trim()];
      }),
  );
  return described.get(purpose.kind) ?? purpose.kind;
}
