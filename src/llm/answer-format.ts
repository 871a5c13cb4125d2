import { z } from "zod";

/** What an answer must be, in the words of JSON Schema. */
export interface AnswerFormat {
  /** Small letters and underscores. */
  readonly name: string;
  readonly jsonSchema: Readonly<Record<string, unknown>>;
  /**
   * Whether servers can be held to it in OpenAI's strict mode, which wants every property required
   * (OpenAI's guide "Structured model outputs", section "Supported schemas").
   */
  readonly isStrict: boolean;
}

/** The format of answers that a zod schema takes. Refinements are not in it. */
export function answerFormat(schema: z.ZodType, name: string): AnswerFormat {
  const jsonSchema = { ...z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) };
  delete jsonSchema.$schema;
  const isStrict = jsonSchema.type === "object" && close(jsonSchema);
  return { name, jsonSchema, isStrict };
}

/** What a model is told where its server cannot hold it to a format. */
export function formatInstruction(format: AnswerFormat): string {
  return `Answer with one JSON object and nothing else. It must follow this JSON schema:\n${JSON.stringify(format.jsonSchema)}`;
}

/**
 * Closes all objects of a schema against properties that it does not name, as strict mode wants it.
 *
 * @returns whether all properties that it names are required.
 */
function close(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.map(close).every(Boolean);
  if (typeof schema !== "object" || schema === null) return true;
  const node = schema as Record<string, unknown>;
  let isStrict = true;
  if (node["type"] === "object") {
    const names = Object.keys(node["properties"] ?? {});
    const required = Array.isArray(node["required"]) ? node["required"] : [];
    // An object with properties of any name is a record, which strict mode does not know.
    if (node["additionalProperties"] === undefined) node["additionalProperties"] = false;
    isStrict =
      node["additionalProperties"] === false && names.every((name) => required.includes(name));
  }
  return Object.values(node).map(close).every(Boolean) && isStrict;
}
