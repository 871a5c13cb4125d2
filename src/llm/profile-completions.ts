import { type LlmSettings, profileOf, type Role, ROLES } from "../config/llm-settings.js";
import { UserError } from "../errors.js";
import { ChatEndpoint, type EndpointOptions } from "./chat-endpoint.js";
import { choiceOf, type Completion, type CompletionRequest } from "./completions.js";
import type { Completions, ModelChoice } from "./completions.js";

/** The servers of all profiles, each asked for the roles that name it. */
export class ProfileCompletions implements Completions {
  readonly #settings: LlmSettings;
  /** By the profile's name. */
  readonly #endpoints: ReadonlyMap<string, ChatEndpoint>;

  private constructor(settings: LlmSettings, endpoints: ReadonlyMap<string, ChatEndpoint>) {
    this.#settings = settings;
    this.#endpoints = endpoints;
  }

  /**
   * Contacts nobody yet.
   *
   * @param roles those that will be asked; the profiles of others need no key.
   * @throws UserError `usage` where a key is missing or a proxy setting cannot be used.
   */
  static async open(
    settings: LlmSettings,
    roles: readonly Role[] = ROLES,
    options: EndpointOptions,
  ): Promise<ProfileCompletions> {
    const endpoints = new Map<string, ChatEndpoint>();
    try {
      for (const role of roles) {
        const found = profileOf(settings, role);
        if (found === undefined || endpoints.has(found.name)) continue;
        endpoints.set(found.name, await ChatEndpoint.open(found.name, found.profile, options));
      }
    } catch (error) {
      await Promise.all([...endpoints.values()].map((endpoint) => endpoint.close()));
      throw error;
    }
    return new ProfileCompletions(settings, endpoints);
  }

  async complete(request: CompletionRequest, signal?: AbortSignal): Promise<Completion> {
    const { name } = requireProfile(this.#settings, request.role);
    const endpoint = this.#endpoints.get(name);
    if (endpoint === undefined) throw new Error(`role ${request.role} was not announced`);
    return await endpoint.complete(request, signal);
  }

  forget(): void {
    // Servers keep nothing for us.
  }

  async close(): Promise<void> {
    await Promise.all([...this.#endpoints.values()].map((endpoint) => endpoint.close()));
  }
}

/** The model of a role and its parameters. @throws UserError `usage` where it has none. */
export function choiceFor(settings: LlmSettings, role: Role): ModelChoice {
  return choiceOf(requireProfile(settings, role).profile);
}

function requireProfile(
  settings: LlmSettings,
  role: Role,
): NonNullable<ReturnType<typeof profileOf>> {
  const found = profileOf(settings, role);
  if (found !== undefined) return found;
  const names = Object.keys(settings.profiles).join(", ");
  throw new UserError(
    "usage",
    `No language model is configured for the role "${role}": name one of the profiles (${names}) under "roles", or as "default", in the section "llm" of the configuration file.`,
  );
}
