import { z } from "zod";
import { UserError } from "../errors.js";
import type { Environment } from "../network/proxy.js";
import { apiKeyVariableSchema, baseUrlSchema, modelSchema, variable } from "./server-settings.js";

const embeddingsUrl = baseUrlSchema("/embeddings");

const remoteEmbedderSettings = z.strictObject({
  /** Where the server is: `http://localhost:11434/v1`. */
  baseUrl: embeddingsUrl,
  /** The model's name, as the server knows it. */
  model: modelSchema,
  /** How long vectors shall be; where absent, as long as the server makes them. */
  dimensions: z.number().int().min(1).max(16_384).optional(),
  /** What is sent for a query, which replaces `{query}`; the model's card says what it expects. */
  queryInstruction: template("{query}"),
  /** What is sent for a declaration, whose text replaces `{text}`. */
  documentInstruction: template("{text}"),
  /** How many texts one request carries at most. */
  batchSize: z.number().int().min(1).max(2048).default(32),
  /** How many requests are under way at the same time at most. */
  concurrency: z.number().int().min(1).max(64).default(4),
  /** How long one request may take, in ms. */
  timeoutMs: z.number().int().min(1).max(3_600_000).default(60_000),
  /** How often a request that failed is tried again. */
  maxRetries: z.number().int().min(0).max(100).default(5),
  /** The environment variable that holds the key; absent where the server needs none. */
  apiKeyVariable: apiKeyVariableSchema.optional(),
  /** How much of a text is sent, in UTF-16 code units; the rest is cut off. */
  maxCharacters: z.number().int().min(1).max(1_000_000).default(8000),
});

/** How to reach and use an OpenAI-compatible embeddings server. */
export type RemoteEmbedderSettings = z.infer<typeof remoteEmbedderSettings>;

/** The section `embedder` of the configuration file; variables may supply what is not in it. */
export const embedderSection = remoteEmbedderSettings.partial({ baseUrl: true, model: true });
export type EmbedderSection = z.infer<typeof embedderSection>;

/**
 * Settles which server makes vectors: `LEMMASCOPE_EMBEDDER_URL` and `LEMMASCOPE_EMBEDDER_MODEL`
 * come before what the configuration file says.
 *
 * @returns undefined where nothing is said of a server.
 * @throws UserError `usage` where the address or the model is missing or makes no sense.
 */
export function resolveEmbedder(
  section: EmbedderSection | undefined,
  environment: Environment,
): RemoteEmbedderSettings | undefined {
  const url = variable(environment, "LEMMASCOPE_EMBEDDER_URL", embeddingsUrl);
  const name = variable(environment, "LEMMASCOPE_EMBEDDER_MODEL", modelSchema);
  if (section === undefined && url === undefined && name === undefined) return undefined;
  const rest = section ?? embedderSection.parse({});
  const baseUrl = url ?? rest.baseUrl;
  const model = name ?? rest.model;
  if (baseUrl === undefined) throw missing("address", "baseUrl", "LEMMASCOPE_EMBEDDER_URL");
  if (model === undefined) throw missing("model", "model", "LEMMASCOPE_EMBEDDER_MODEL");
  return { ...rest, baseUrl, model };
}

function template(placeholder: string) {
  return z
    .string()
    .refine(
      (text) => text.split(placeholder).length === 2,
      `it must contain ${placeholder} once, as in "query: ${placeholder}"`,
    )
    .default(placeholder);
}

function missing(what: string, setting: string, name: string): UserError {
  return new UserError(
    "usage",
    `The embedder's ${what} is missing: set "${setting}" in the section "embedder" of the configuration file, or the environment variable ${name}.`,
  );
}
