import { z } from "zod";
import type { DeclarationIndex } from "../index/declaration-index.js";
import type { Chat } from "../llm/chat.js";
import { showTheorem } from "./ask-sketch.js";
import type { RankedPremise } from "./evidence.js";
import type { Prompts } from "./prompts.js";
import { numbered, showDeclaration } from "./show-declaration.js";
import type { Sketch } from "./sketch.js";
import type { Theorem } from "./theorem.js";

/** How many of the pool's best a language model orders, how many at once, and by how many it moves on. */
const ORDERED = 60;
const WINDOW = 40;
const STRIDE = 20;

/** How much a place given by the language model counts against one in the pool's own order. */
const MODEL_SHARE = 2;

/** Reciprocal ranks are softened by this. */
const SOFTENING = 5;

export interface RankOptions {
  readonly chat: Chat;
  readonly prompts: Prompts;
  readonly index: DeclarationIndex;
  readonly theorem: Theorem;
  readonly sketch: Sketch | undefined;
  readonly signal?: AbortSignal;
}

/**
 * Has a language model order the best of a ranking, and fuses its order with the ranking's own. A long
 * list is read in overlapping windows from its end to its beginning, so that a good declaration can
 * rise from window to window (Sun et al. 2023, "Is ChatGPT good at search?", section 3.2).
 *
 * @returns the whole ranking; scores are made anew and go down with the places.
 * @throws UnusableAnswer, BudgetSpent and what else {@link Chat.ask} throws.
 */
export async function rankListwise(
  ranking: readonly RankedPremise[],
  options: RankOptions,
): Promise<RankedPremise[]> {
  const best = ranking.slice(0, ORDERED);
  const order = [...best.keys()];
  for (let start = Math.max(0, order.length - WINDOW); ; start = Math.max(0, start - STRIDE)) {
    const window = order.slice(start, start + WINDOW);
    const premises = window.map((at) => best[at]).filter((premise) => premise !== undefined);
    const places = await askOrder(premises, options);
    order.splice(start, window.length, ...places.map((place) => window[place] ?? 0));
    if (start === 0) break;
  }
  const fused = order.map((at, place) => ({
    at,
    score: MODEL_SHARE / (SOFTENING + place) + 1 / (SOFTENING + at),
  }));
  fused.sort((a, b) => b.score - a.score || a.at - b.at);
  const top = fused.flatMap(({ at, score }) => {
    const premise = best[at];
    return premise === undefined ? [] : [{ ...premise, score }];
  });
  const lowest = top.at(-1)?.score ?? 0;
  const rest = ranking
    .slice(ORDERED)
    .map((premise, place) => ({ ...premise, score: lowest / (2 + place) }));
  return [...top, ...rest];
}

/** All places of a window in the model's order; those that it left out keep theirs, behind. */
async function askOrder(
  premises: readonly RankedPremise[],
  { chat, prompts, index, theorem, sketch, signal }: RankOptions,
): Promise<number[]> {
  const shown = premises.map(({ facts }) => {
    const declaration = index.declaration(facts.id);
    return declaration === undefined ? facts.name : showDeclaration(declaration);
  });
  const schema = z.object({
    order: z
      .array(z.number().int().min(0))
      .min(1)
      .max(1000)
      .refine((numbers) => numbers.every((number) => number < premises.length), {
        message: `the declarations are numbered from 0 to ${premises.length - 1}`,
      }),
  });
  const { value } = await chat.ask({
    role: "rank",
    ...prompts.rank.fill({
      theorem: showTheorem(theorem),
      plan: sketch === undefined ? "" : showPlan(sketch),
      declarations: numbered(shown),
      wanted: String(Math.min(20, premises.length)),
    }),
    schema,
    schemaName: "premise_order",
    ...(signal === undefined ? {} : { signal }),
  });
  const named = [...new Set(value.order)];
  const left = [...premises.keys()].filter((place) => !named.includes(place));
  return [...named, ...left];
}

function showPlan({ steps }: Sketch): string {
  if (steps.length === 0) return "";
  return `The planned proof:\n${steps.map(({ what }, at) => `${at}. ${what}`).join("\n")}`;
}
