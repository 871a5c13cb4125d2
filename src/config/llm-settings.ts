import { z } from "zod";
import { UserError } from "../errors.js";
import type { Environment } from "../network/proxy.js";
import { apiKeyVariableSchema, baseUrlSchema, modelSchema, variable } from "./server-settings.js";

/** What language models are asked to do; each role may have a model of its own. */
export const ROLES = ["sketch", "filter", "judge", "rank", "prove", "informalize"] as const;
export type Role = (typeof ROLES)[number];

const chatUrl = baseUrlSchema("/chat/completions");

const profileSchema = z.strictObject({
  /** Where the server is: `http://localhost:11434/v1`. */
  baseUrl: chatUrl,
  model: modelSchema,
  /** The environment variable that holds the key; absent where the server needs none. */
  apiKeyVariable: apiKeyVariableSchema.optional(),
  /** Absent: whatever the server takes for it. Some models refuse any. */
  temperature: z.number().min(0).max(2).optional(),
  /** How long an answer may be, in tokens, thinking included. */
  maxTokens: z.number().int().min(1).max(1_000_000).default(4096),
  /** The field that carries `maxTokens`; OpenAI's reasoning models know only the second. */
  tokenLimitField: z.enum(["max_tokens", "max_completion_tokens"]).default("max_tokens"),
  /** How long one request may take, in ms. */
  timeoutMs: z.number().int().min(1).max(3_600_000).default(120_000),
  /** How often a request that failed is tried again. */
  maxRetries: z.number().int().min(0).max(100).default(4),
  /** How many requests are under way at the same time at most. */
  concurrency: z.number().int().min(1).max(64).default(4),
  /**
   * How the server can be held to JSON: to a schema, to any object, or not at all. Where it is not
   * a schema, the prompt describes it.
   */
  jsonMode: z.enum(["schema", "object", "none"]).default("none"),
});

/** One language model and how to use it. */
export type LlmProfile = z.infer<typeof profileSchema>;

const limit = z.number().positive().optional();
const wholeLimit = z.number().int().positive().optional();

const budgetSchema = z.strictObject({
  /** Requests, repairs and retries included. */
  calls: wholeLimit,
  /** Tokens of prompts and answers together. */
  tokens: wholeLimit,
  /** Seconds from the beginning of a run. */
  seconds: limit,
});

/** What a run may cost at most; absent where there is no limit. */
export type BudgetLimits = z.infer<typeof budgetSchema>;

const profileName = z.string().min(1);

/** The section `llm` of the configuration file. */
export const llmSection = z
  .strictObject({
    profiles: z
      .record(profileName, profileSchema)
      .refine((profiles) => Object.keys(profiles).length > 0, "there must be at least one"),
    /** The profile of each role; where absent, that of `default`. */
    roles: z
      .strictObject(Object.fromEntries(ROLES.map((role) => [role, profileName.optional()])))
      .default({}),
    /** Where absent, the only profile. */
    default: profileName.optional(),
    budget: budgetSchema.default({}),
    /** Whether answers are kept, so that none is paid for twice. */
    cache: z.boolean().default(true),
  })
  .superRefine(({ profiles, roles, default: fallback }, context) => {
    const named = [...Object.entries(roles).map(([role, name]) => [`roles.${role}`, name])];
    for (const [place = "", name] of [...named, ["default", fallback]]) {
      if (name === undefined || Object.hasOwn(profiles, name)) continue;
      context.addIssue({
        code: "custom",
        path: place.split("."),
        message: `there is no profile "${name}"; the profiles are ${Object.keys(profiles).join(", ")}`,
      });
    }
  });
export type LlmSection = z.infer<typeof llmSection>;

/** The language models that are configured. */
export interface LlmSettings {
  readonly profiles: Readonly<Record<string, LlmProfile>>;
  readonly roles: Readonly<Partial<Record<Role, string>>>;
  readonly default: string | undefined;
  readonly budget: BudgetLimits;
  readonly cache: boolean;
}

/**
 * Settles which language models there are: those of the configuration file; where it has none, the
 * one that `LEMMASCOPE_LLM_BASE_URL` and `LEMMASCOPE_LLM_MODEL` name, with the key in
 * `LEMMASCOPE_LLM_API_KEY`. `OPENAI_API_KEY` is taken only for OpenAI and for this machine, so that
 * it reaches nobody whom it is not meant for.
 *
 * @returns undefined where nothing is said of one.
 * @throws UserError `usage` where a variable is missing or makes no sense.
 */
export function resolveLlm(
  section: LlmSection | undefined,
  environment: Environment,
): LlmSettings | undefined {
  if (section !== undefined) return { ...section, default: section.default };
  const baseUrl = variable(environment, "LEMMASCOPE_LLM_BASE_URL", chatUrl);
  const model = variable(environment, "LEMMASCOPE_LLM_MODEL", modelSchema);
  if (baseUrl === undefined && model === undefined) return undefined;
  if (baseUrl === undefined) throw missing("address", "LEMMASCOPE_LLM_BASE_URL");
  if (model === undefined) throw missing("name", "LEMMASCOPE_LLM_MODEL");
  const apiKeyVariable = keyVariable(new URL(baseUrl), environment);
  const profile = profileSchema.parse({
    baseUrl,
    model,
    ...(apiKeyVariable === undefined ? {} : { apiKeyVariable }),
  });
  const profiles = { environment: profile };
  return { profiles, roles: {}, default: "environment", budget: {}, cache: true };
}

/**
 * The profile of a role.
 *
 * @returns undefined where the role names none and there is no default among several.
 */
export function profileOf(
  settings: LlmSettings,
  role: Role,
): { readonly name: string; readonly profile: LlmProfile } | undefined {
  const names = Object.keys(settings.profiles);
  const only = names.length === 1 ? names[0] : undefined;
  const name = settings.roles[role] ?? settings.default ?? only;
  const profile = name === undefined ? undefined : settings.profiles[name];
  return name === undefined || profile === undefined ? undefined : { name, profile };
}

function keyVariable({ hostname }: URL, environment: Environment): string | undefined {
  const isSet = (name: string): boolean => (environment[name] ?? "") !== "";
  if (isSet("LEMMASCOPE_LLM_API_KEY")) return "LEMMASCOPE_LLM_API_KEY";
  const isMeant = /^(?:localhost|127\.[\d.]+|\[::1\]|(?:.+\.)?openai\.com)$/.test(hostname);
  return isMeant && isSet("OPENAI_API_KEY") ? "OPENAI_API_KEY" : undefined;
}

function missing(what: string, name: string): UserError {
  return new UserError(
    "usage",
    `The language model's ${what} is missing: set the environment variable ${name}, or describe the model in the section "llm" of the configuration file.`,
  );
}
