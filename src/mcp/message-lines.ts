import { Transform, type TransformCallback } from "node:stream";
import { JSONRPCMessageSchema } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";

/** The longest message that is read, in bytes. */
export const LONGEST_MESSAGE = 1_000_000;

/** A JSON-RPC error response; `id` is absent where the message's own could not be read. */
export interface MessageError {
  readonly jsonrpc: "2.0";
  readonly id?: string | number;
  readonly error: { readonly code: number; readonly message: string };
}

const withId = z.object({ id: z.union([z.string(), z.number().int()]) });

/**
 * Lets only whole JSON-RPC messages through, one a line, and says what is wrong with all others: the
 * SDK's own transport drops these without an answer, and ends where a line is too long for it.
 *
 * Format: MCP 2025-11-25, "Transports", stdio; error codes: JSON-RPC 2.0, section 5.1.
 */
export class MessageLines extends Transform {
  readonly #refuse: (error: MessageError) => void;
  #pieces: Buffer[] = [];
  #length = 0;

  constructor(refuse: (error: MessageError) => void) {
    super();
    this.#refuse = refuse;
  }

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(0x0a, start);
      if (end === -1) break;
      this.#keep(chunk.subarray(start, end));
      this.#finishLine();
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
    done();
  }

  override _flush(done: TransformCallback): void {
    if (this.#length > 0) this.#finishLine();
    done();
  }

  #keep(piece: Buffer): void {
    this.#length += piece.length;
    // Of a line that is too long nothing is kept but its length.
    if (this.#length > LONGEST_MESSAGE) this.#pieces = [];
    else this.#pieces.push(piece);
  }

  #finishLine(): void {
    const line = Buffer.concat(this.#pieces);
    const isTooLong = this.#length > LONGEST_MESSAGE;
    this.#pieces = [];
    this.#length = 0;
    const problem = isTooLong
      ? refusal(-32600, `A message has at most ${LONGEST_MESSAGE} bytes.`)
      : problemOf(line);
    if (problem === "empty") return;
    if (problem === undefined) this.push(Buffer.concat([line, Buffer.from("\n")]));
    else this.#refuse(problem);
  }
}

function problemOf(line: Buffer): MessageError | "empty" | undefined {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(line);
  } catch {
    return refusal(-32700, "The message is not UTF-8.");
  }
  if (text.trim() === "") return "empty";
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refusal(-32700, "The message is not JSON.");
  }
  if (JSONRPCMessageSchema.safeParse(value).success) return undefined;
  const known = withId.safeParse(value);
  const id = known.success ? known.data.id : undefined;
  return refusal(-32600, "The message is no JSON-RPC 2.0 request or notification.", id);
}

function refusal(code: number, message: string, id?: string | number): MessageError {
  return { jsonrpc: "2.0", ...(id === undefined ? {} : { id }), error: { code, message } };
}
