import type { Usage } from "./chat.js";

/** What was spent between two counts of the same chat. */
export function usageSince(before: Usage, now: Usage): Usage {
  return {
    calls: now.calls - before.calls,
    promptTokens: now.promptTokens - before.promptTokens,
    completionTokens: now.completionTokens - before.completionTokens,
    cachedAnswers: now.cachedAnswers - before.cachedAnswers,
  };
}
