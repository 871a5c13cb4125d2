import type { z } from "zod";
import { HttpProblem } from "./problem.js";

/**
 * The JSON of a request's body.
 *
 * @param most the largest body, in bytes.
 * @throws HttpProblem 413 for a larger one, 415 for another media type, 400 for what is no UTF-8 or
 * no JSON.
 */
export async function readJson(request: Request, most: number): Promise<unknown> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    throw new HttpProblem(415, "wrong_media_type", "Send JSON: Content-Type: application/json.");
  }
  const bytes = await readBody(request, most);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new HttpProblem(400, "not_utf8", "The body is not UTF-8.");
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpProblem(400, "not_json", "The body is not JSON.");
  }
}

/** @throws HttpProblem 422 that names the first place where the value departs from the schema. */
export function checked<Schema extends z.ZodType>(value: unknown, schema: Schema): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "The body" : issue.path.join(".");
  throw new HttpProblem(422, "unusable_request", `${where}: ${issue?.message ?? "unusable"}.`);
}

async function readBody(request: Request, most: number): Promise<Buffer> {
  const tooLarge = new HttpProblem(413, "too_large", `A body has at most ${most} bytes.`);
  if (Number(request.headers.get("content-length") ?? 0) > most) throw tooLarge;
  const pieces: Uint8Array[] = [];
  let length = 0;
  // A body that says nothing of its length is read until it is too long.
  const body = (request.body ?? []) as AsyncIterable<Uint8Array>;
  for await (const piece of body) {
    length += piece.byteLength;
    if (length > most) throw tooLarge;
    pieces.push(piece);
  }
  return Buffer.concat(pieces, length);
}
