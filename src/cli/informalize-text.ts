import type { WrittenCorpus } from "./informalize-files.js";
import type { InformalizationPlan } from "../informalize/plan/plan.js";
import type { InformalizeProgress, InformalizeReport } from "../informalize/run.js";
import type { Usage } from "../llm/chat.js";
import { costOf, type Prices } from "../llm/cost.js";

/** How many declarations that failed are shown one by one. */
const SHOWN_FAILURES = 10;

/** What was spent, in the money of the prices. */
function moneyOf({ promptTokens, completionTokens }: Usage, prices: Prices): number {
  return costOf({ prompt: promptTokens, answer: completionTokens }, prices);
}

/** A plan in a few lines. */
export function planLines(plan: InformalizationPlan, prices: Prices | undefined): string[] {
  const { declarations, described, selected, kept, stale, toAsk } = plan.counts;
  const { prompt, answer } = plan.tokens;
  const cost =
    prices === undefined ? "" : `, at these prices ${amount(costOf(plan.tokens, prices))}`;
  return [
    `${declarations} declarations, ${described} of them described by people.`,
    `Chosen: ${selected}. Described before and kept: ${kept}.`,
    `To be described: ${toAsk} in ${plan.levels.length} levels${stale > 0 ? `, ${stale} of them anew, as what was written is out of date` : ""}.`,
    `Estimated: ${prompt} tokens of prompts and ${answer} of answers${cost}.`,
  ];
}

/** A plan for programs. */
export function planJson(plan: InformalizationPlan, prices: Prices | undefined): object {
  return {
    ...countsJson(plan),
    levels: plan.levels.length,
    estimated: {
      prompt_tokens: plan.tokens.prompt,
      completion_tokens: plan.tokens.answer,
      cost: prices === undefined ? null : costOf(plan.tokens, prices),
    },
  };
}

function countsJson({ counts }: InformalizationPlan): object {
  const { declarations, described, selected, kept, stale, toAsk } = counts;
  return { declarations, described_by_people: described, selected, kept, stale, to_ask: toAsk };
}

/** How a run is doing: how far, how fast, at what cost. */
export function progressLine(
  { done, total, failed, usage }: InformalizeProgress,
  elapsedMs: number,
  prices: Prices | undefined,
): string {
  const perMinute = elapsedMs === 0 ? 0 : (done * 60_000) / elapsedMs;
  const left = perMinute === 0 ? "" : `, ${duration(((total - done) / perMinute) * 60_000)} left`;
  return [
    `${done} of ${total}${failed > 0 ? ` (${failed} failed)` : ""}`,
    `${Math.round(perMinute)} a minute${left}`,
    spent(usage, prices),
  ].join(", ");
}

/** What a run with a language model did, in a few lines. */
export function reportLines(
  { described, retried, failed, left, usage, elapsedMs }: InformalizeReport,
  plan: InformalizationPlan,
  prices: Prices | undefined,
): string[] {
  const told = failed.slice(0, SHOWN_FAILURES).map(({ name, problem }) => `  ${name}: ${problem}.`);
  const more = failed.length - told.length;
  return [
    `Described ${described} declarations in ${duration(elapsedMs)}, ${retried} of them at the second try; ${plan.counts.kept} were described before.`,
    ...(left > 0 ? [`${left} are left: run the command again to go on.`] : []),
    ...(failed.length > 0
      ? [`${failed.length} failed, and are asked for again by the next run:`, ...told]
      : []),
    ...(more > 0 ? [`  and ${more} more.`] : []),
    `${usage.calls} calls, ${usage.cachedAnswers} answers kept from before, ${spent(usage, prices)}.`,
  ];
}

/** What a run with a language model did, for programs. */
export function reportJson(
  report: InformalizeReport,
  plan: InformalizationPlan,
  prices: Prices | undefined,
): object {
  const { outcome, reason, described, retried, failed, left, usage, elapsedMs } = report;
  return {
    outcome,
    reason: reason ?? null,
    ...countsJson(plan),
    ...{ described, retried, failed, left },
    usage: {
      calls: usage.calls,
      prompt_tokens: usage.promptTokens,
      completion_tokens: usage.completionTokens,
      cached_answers: usage.cachedAnswers,
    },
    cost: prices === undefined ? null : moneyOf(usage, prices),
    elapsed_ms: Math.round(elapsedMs),
  };
}

/** What a corpus that was written holds, in a line. */
export function writtenWords(path: string, { declarations, words }: WrittenCorpus): string {
  const { people, model, rules, none } = words;
  const told = [
    [people, "by people"],
    [model, "by a language model"],
    [rules, "by rules"],
  ] as const;
  const parts = told.filter(([count]) => count > 0).map(([count, whose]) => `${count} ${whose}`);
  const without = none === 0 ? [] : [`${none} not described`];
  return `${path}: ${declarations} declarations, described ${[...parts, ...without].join(", ")}.`;
}

function spent(usage: Usage, prices: Prices | undefined): string {
  const tokens = `${usage.promptTokens + usage.completionTokens} tokens`;
  return prices === undefined ? tokens : `${tokens}, ${amount(moneyOf(usage, prices))} spent`;
}

/** Money with two decimals, small sums with more. */
function amount(money: number): string {
  return money.toFixed(money > 0 && money < 1 ? 4 : 2);
}

/** @param ms a time. */
function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
