import { type LlmSettings, profileOf } from "../config/llm-settings.js";
import type { Finding } from "./lean-findings.js";

/** The roles of reasoning mode. */
const PREMISE_ROLES = ["sketch", "filter", "judge", "rank"] as const;

/** What there is for reasoning mode. No server is asked. */
export function examineLanguageModels(
  settings: LlmSettings | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Finding {
  const what = "Language model";
  if (settings === undefined) {
    return {
      what,
      state: "missing",
      detail: "none configured (searching does not need one; premises come from the statement)",
      remedy: 'For reasoning mode: a section "llm" in the configuration file.',
    };
  }
  const profiles = PREMISE_ROLES.map((role) => profileOf(settings, role));
  const unassigned = PREMISE_ROLES.filter((_, at) => profiles[at] === undefined);
  if (unassigned.length > 0) {
    return {
      what,
      state: "missing",
      detail: `no profile for ${unassigned.join(", ")}`,
      remedy: 'Name one under "roles", or as "default", in the section "llm".',
    };
  }
  const keyless = profiles.flatMap((found) => {
    const variable = found?.profile.apiKeyVariable;
    return variable !== undefined && !environment[variable] ? [variable] : [];
  });
  const used = [...new Set(profiles.map((found) => describe(found)))].join(", ");
  if (keyless.length === 0) return { what, state: "works", detail: `${used} (not asked)` };
  const [variable = ""] = keyless;
  return {
    what,
    state: "missing",
    detail: `${used}, but ${variable} holds no key`,
    remedy: `Set ${variable}.`,
  };
}

function describe(found: ReturnType<typeof profileOf>): string {
  return found === undefined ? "" : `${found.profile.model} at ${found.profile.baseUrl}`;
}
