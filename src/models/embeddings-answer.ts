import { z } from "zod";
import { WrongAnswer } from "../network/model-server-failures.js";

/** The parts of an answer of `POST /v1/embeddings` that matter here. */
const answerSchema = z.object({
  data: z.array(
    z.object({ index: z.number().int().min(0), embedding: z.array(z.number()).min(1) }),
  ),
});

/**
 * The vectors of an answer, in the order of the texts that were sent, scaled to length 1. A vector
 * of zeros stays as it is.
 *
 * @param texts how many texts were sent.
 * @param dimensions how long the vectors must be; where undefined, as long as each other.
 * @throws WrongAnswer
 */
export function readAnswer(
  answer: unknown,
  texts: number,
  dimensions: number | undefined,
): Float32Array[] {
  const data = parse(answer);
  if (data.length !== texts) {
    throw new WrongAnswer(`${counted(data.length, "vector")} for ${counted(texts, "text")}`);
  }
  const expected = dimensions ?? data[0]?.embedding.length;
  const vectors: (Float32Array | undefined)[] = Array.from({ length: texts }, () => undefined);
  for (const { index, embedding } of data) {
    if (index >= texts) throw new WrongAnswer(`a vector for text ${index} of ${texts}`);
    if (vectors[index] !== undefined) throw new WrongAnswer(`two vectors for text ${index}`);
    if (embedding.length !== expected) {
      throw new WrongAnswer(`vectors of ${embedding.length} dimensions instead of ${expected}`);
    }
    vectors[index] = ofLengthOne(embedding);
  }
  // As many different indexes below that number as there are texts are all of them.
  return vectors.filter((vector) => vector !== undefined);
}

function parse(answer: unknown): z.infer<typeof answerSchema>["data"] {
  if (typeof answer === "string") {
    throw new WrongAnswer(/^\s*</.test(answer) ? "a web page" : "a text that is not JSON");
  }
  const parsed = answerSchema.safeParse(answer);
  if (parsed.success) return parsed.data.data;
  const issue = parsed.error.issues[0];
  const where = issue?.path.join(".") ?? "";
  throw new WrongAnswer(`${where === "" ? "the answer" : where}: ${issue?.message ?? "nothing"}`);
}

function ofLengthOne(embedding: readonly number[]): Float32Array {
  let squares = 0;
  for (const value of embedding) squares += value * value;
  if (!Number.isFinite(squares)) throw new WrongAnswer("a vector of immense length");
  const scale = squares === 0 ? 0 : 1 / Math.sqrt(squares);
  return Float32Array.from(embedding, (value) => value * scale);
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
