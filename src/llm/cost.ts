/** Tokens of prompts and of answers. */
export interface TokenCounts {
  readonly prompt: number;
  readonly answer: number;
}

/** Prices per million tokens, in whatever money. */
export type Prices = TokenCounts;

/** What tokens cost, in the money of the prices. */
export function costOf(tokens: TokenCounts, prices: Prices): number {
  return (tokens.prompt * prices.prompt + tokens.answer * prices.answer) / 1e6;
}
