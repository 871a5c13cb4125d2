import type { Field } from "./schema.js";

/**
 * Parameters of BM25F: the words of all fields count as one text, each occurrence with its field's
 * weight, and the length of the whole text normalises. (Robertson, Zaragoza and Taylor, "Simple BM25
 * extension to multiple weighted fields", CIKM 2004, with one length normalisation for all fields;
 * separate normalisation by field measured worse.)
 */
export interface Bm25fParameters {
  readonly weights: Readonly<Record<Field, number>>;
  /** How soon repeats of a word stop to count. */
  readonly saturation: number;
  /** From 0 to 1: how far long texts are held back. */
  readonly lengthNormalization: number;
}

/** The weight of a word by how few declarations have it: BM25's, and never negative. */
export function inverseDocumentFrequency(documents: number, declarations: number): number {
  return Math.log(1 + (declarations - documents + 0.5) / (documents + 0.5));
}

/** What a word's weighted count is measured against in a text of this many words. */
export function lengthNorm(
  words: number,
  meanWords: number,
  { saturation, lengthNormalization }: Bm25fParameters,
): number {
  const relative = words / Math.max(1, meanWords);
  return saturation * (1 - lengthNormalization + lengthNormalization * relative);
}
