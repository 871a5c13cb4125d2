import { z } from "zod";
import { UserError } from "../errors.js";
import type { Environment } from "../network/proxy.js";

/**
 * The address of an OpenAI-compatible interface, without slashes at its end.
 *
 * @param endpoint what is asked for there, which the address is to leave out: `/embeddings`.
 */
export function baseUrlSchema(endpoint: string) {
  return z
    .string()
    .refine(
      (address) => isBaseUrl(address, endpoint),
      `it must be the address of an OpenAI-compatible interface, such as http://localhost:11434/v1, without ${endpoint}, user name, query or fragment`,
    )
    .transform((address) => address.replace(/\/+$/, ""));
}

/** The environment variable that holds the key of a server. */
export const apiKeyVariableSchema = z
  .string()
  .regex(/^[A-Za-z_]\w*$/, "it must be the name of an environment variable, not the key itself");

/** A model's name, as the server knows it. */
export const modelSchema = z.string().trim().min(1);

/**
 * What an environment variable says; undefined where it is empty or absent.
 *
 * @throws UserError `usage` where it makes no sense.
 */
export function variable<T>(
  environment: Environment,
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

function isBaseUrl(address: string, endpoint: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, username, password, pathname } = new URL(address);
  return (
    /^https?:$/.test(protocol) &&
    username === "" &&
    password === "" &&
    !/[?#]/.test(address) &&
    !pathname.replace(/\/+$/, "").endsWith(endpoint)
  );
}
