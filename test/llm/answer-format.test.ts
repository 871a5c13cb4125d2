import { describe, expect, it } from "vitest";
import { z } from "zod";
import { answerFormat } from "../../src/llm/answer-format.js";

describe("answerFormat", () => {
  it("is strict where all properties are required", () => {
    const schema = z.object({
      verdicts: z.array(z.object({ id: z.int(), why: z.string() })),
    });
    expect(answerFormat(schema, "verdicts")).toEqual({
      name: "verdicts",
      isStrict: true,
      jsonSchema: {
        type: "object",
        additionalProperties: false,
        required: ["verdicts"],
        properties: {
          verdicts: {
            type: "array",
            items: {
              type: "object",
              additionalProperties: false,
              required: ["id", "why"],
              properties: {
                id: { type: "integer", minimum: -(2 ** 53) + 1, maximum: 2 ** 53 - 1 },
                why: { type: "string" },
              },
            },
          },
        },
      },
    });
  });

  it.each([
    ["a property may be absent", z.object({ a: z.string(), b: z.string().optional() })],
    ["a deep one has a default", z.object({ a: z.array(z.object({ b: z.string().default("") })) })],
    ["properties have any name", z.object({ scores: z.record(z.string(), z.number()) })],
  ])("is not strict where %s", (_name, schema) => {
    const format = answerFormat(schema, "x");
    expect(format.isStrict).toBe(false);
    expect(format.jsonSchema["additionalProperties"]).toBe(false);
  });

  it("asks for what a schema takes, not for what it makes of that", () => {
    const schema = z.object({ names: z.string().transform((text) => text.split(",")) });
    expect(answerFormat(schema, "x").jsonSchema["properties"]).toEqual({
      names: { type: "string" },
    });
  });
});
