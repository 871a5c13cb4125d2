import { z } from "zod";
import { UserError } from "../errors.js";

/** The address of an OpenAI-compatible interface, up to but without `/embeddings`. */
const baseUrlSchema = z
  .string()
  .refine(
    isBaseUrl,
    "it must be the address of an OpenAI-compatible interface, such as http://localhost:11434/v1, without /embeddings, user name, query or fragment",
  )
  .transform((address) => address.replace(/\/+$/, ""));

const modelSchema = z.string().trim().min(1);

const remoteEmbedderSettings = z.strictObject({
  /** Where the server is: `http://localhost:11434/v1`. */
  baseUrl: baseUrlSchema,
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
  apiKeyVariable: z
    .string()
    .regex(/^[A-Za-z_]\w*$/, "it must be the name of an environment variable, not the key itself")
    .optional(),
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
  environment: Readonly<Record<string, string | undefined>>,
): RemoteEmbedderSettings | undefined {
  const url = variable(environment, "LEMMASCOPE_EMBEDDER_URL", baseUrlSchema);
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

function isBaseUrl(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, username, password, pathname } = new URL(address);
  return (
    /^https?:$/.test(protocol) &&
    username === "" &&
    password === "" &&
    !/[?#]/.test(address) &&
    !/\/embeddings\/*$/.test(pathname)
  );
}

function variable<T>(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
  schema: z.ZodType<T>,
): T | undefined {
  const text = environment[name];
  if (text === undefined || text === "") return undefined;
  const parsed = schema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new UserError(
    "usage",
    `The environment variable ${name} is wrong: ${parsed.error.issues[0]?.message ?? "it is empty"}.`,
  );
}

function missing(what: string, setting: string, name: string): UserError {
  return new UserError(
    "usage",
    `The embedder's ${what} is missing: set "${setting}" in the section "embedder" of the configuration file, or the environment variable ${name}.`,
  );
}
