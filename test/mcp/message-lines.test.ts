import { once } from "node:events";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LONGEST_MESSAGE, type MessageError, MessageLines } from "../../src/mcp/message-lines.js";

/** Writes pieces of input. @returns what came through, line by line, and what was refused. */
async function through(pieces: readonly Uint8Array[]) {
  const refused: MessageError[] = [];
  const lines = new MessageLines((error) => refused.push(error));
  let passed = "";
  lines.on("data", (piece) => (passed += String(piece)));
  for (const piece of pieces) lines.write(piece);
  lines.end();
  await once(lines, "end");
  return { passed: passed.split("\n").filter((line) => line !== ""), refused };
}

const message = (id: number) => JSON.stringify({ jsonrpc: "2.0", id, method: "ping" });

describe("messages", () => {
  it("come through whole, however the input is cut", async () => {
    const text = [1, 2, 3].map((id) => `${message(id)}\n`).join("");
    const cuts = fc.array(fc.integer({ min: 1, max: text.length - 1 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(cuts, async (places) => {
        const ends = [...new Set(places), text.length].sort((a, b) => a - b);
        const pieces = ends.map((end, at) => Buffer.from(text.slice(ends[at - 1] ?? 0, end)));
        const { passed, refused } = await through(pieces);
        expect(passed).toEqual([1, 2, 3].map(message));
        expect(refused).toEqual([]);
      }),
    );
  });

  it("are refused where they are no JSON, no UTF-8, no JSON-RPC or too long; others still pass", async () => {
    const { passed, refused } = await through([
      Buffer.from("{\n"),
      Buffer.from([0x22, 0xff, 0x22, 0x0a]),
      Buffer.from('{"id": 7, "method": "ping"}\n[]\n3\n'),
      Buffer.alloc(LONGEST_MESSAGE, 0x20),
      Buffer.alloc(LONGEST_MESSAGE, 0x20),
      Buffer.from(`\n\r\n\n${message(1)}\r\n${message(2)}`),
    ]);
    expect(refused.map(({ error, id }) => [error.code, id])).toEqual([
      [-32700, undefined],
      [-32700, undefined],
      [-32600, 7],
      [-32600, undefined],
      [-32600, undefined],
      [-32600, undefined],
    ]);
    expect(passed.map((line) => line.trim())).toEqual([message(1), message(2)]);
  });

  it("of any bytes are answered or passed on, one by one", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 50 })), async (lines) => {
        const bare = lines.map((line) => line.filter((byte) => byte !== 0x0a));
        const { passed, refused } = await through(
          bare.map((line) => Buffer.concat([line, Buffer.from("\n")])),
        );
        const blank = bare.filter((line) => /^\s*$/.test(Buffer.from(line).toString("utf8")));
        expect(passed.length + refused.length).toBe(bare.length - blank.length);
      }),
    );
  });
});
