import { Prompt } from "../llm/prompt.js";

/** The questions that reasoning mode asks; each is a file of `prompts/`. */
export const PROMPT_NAMES = ["sketch", "filter", "judge", "rank"] as const;
export type PromptName = (typeof PROMPT_NAMES)[number];

/** All prompts of reasoning mode, read once. */
export class Prompts {
  readonly sketch = new Prompt("sketch");
  readonly filter = new Prompt("filter");
  readonly judge = new Prompt("judge");
  readonly rank = new Prompt("rank");

  /** The version of each. */
  get versions(): Readonly<Record<PromptName, string>> {
    return {
      sketch: this.sketch.version,
      filter: this.filter.version,
      judge: this.judge.version,
      rank: this.rank.version,
    };
  }
}
