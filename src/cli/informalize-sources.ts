import { existsSync } from "node:fs";
import { type LlmProfile, profileOf } from "../config/llm-settings.js";
import { UserError } from "../errors.js";
import { InformalizePrompts } from "../informalize/ask/informalize-prompts.js";
import type { CorpusSurvey } from "../informalize/graph/survey.js";
import { type EarlierStamps, planInformalization } from "../informalize/plan/plan.js";
import type { Selection } from "../informalize/plan/selection.js";
import { DescriptionState } from "../informalize/state/description-state.js";
import type { Context } from "./context.js";
import type { InformalizeChoices } from "./informalize-choices.js";
import { readAndSurvey, writeCorpus } from "./informalize-files.js";
import { runWithModel } from "./informalize-run.js";
import { planJson, planLines, reportJson, reportLines, writtenWords } from "./informalize-text.js";

/**
 * Has a language model describe what is chosen of a corpus, and writes the corpus with all descriptions
 * that there are, however the run ends.
 *
 * @throws UserError as `readSource`, `planInformalization`, `informalize` and `writeLines` do; `usage`
 * without a language model where one is needed.
 */
export async function informalizeSources(
  context: Context,
  sources: readonly string[],
  choices: InformalizeChoices,
): Promise<void> {
  const { out, dryRun, withoutModel, prices, json } = choices;
  const isAsking = !dryRun && !withoutModel;
  const profile = isAsking ? requireProfile(context) : chosenProfile(context);
  const survey = await readAndSurvey(context, sources, choices.people);
  let state: DescriptionState | undefined;
  try {
    state = await openState(out, isAsking);
    const prompts = new InformalizePrompts();
    if (withoutModel && out !== undefined && !dryRun) {
      const written = await writeCorpus(out, survey, { written: state, withRules: true });
      if (json) context.print(JSON.stringify({ out, ...written }));
      else context.print(writtenWords(out, written));
      return;
    }
    const model = choices.redo ? profile?.model : undefined;
    const earlier = earlierStamps(survey, state, prompts, model);
    const plan = planInformalization(survey, selectionOf(choices), earlier, prompts);
    if (profile === undefined || out === undefined || state === undefined || !isAsking) {
      if (json) context.print(JSON.stringify({ dry_run: true, ...planJson(plan, prices) }));
      else for (const line of planLines(plan, prices)) context.print(line);
      return;
    }
    for (const line of planLines(plan, prices)) context.notice(line);
    const parts = { survey, state, prompts, plan, model: profile.model };
    const { report, written } = await runWithModel(context, parts, { ...choices, out, profile });
    if (json)
      context.print(JSON.stringify({ out, ...written, ...reportJson(report, plan, prices) }));
    else {
      for (const line of reportLines(report, plan, prices)) context.print(line);
      context.print(writtenWords(out, written));
    }
    if (report.reason !== undefined) context.notice(report.reason);
    if (report.outcome === "interrupted") context.exitWith("interrupted");
    else if (report.outcome === "server failed") context.exitWith("unavailable");
  } finally {
    state?.close();
    survey.close();
  }
}

/** The model for the role, where there is one. */
function chosenProfile({ settings }: Context): LlmProfile | undefined {
  return settings.llm === undefined ? undefined : profileOf(settings.llm, "informalize")?.profile;
}

/** @throws UserError `usage` without a language model. */
function requireProfile(context: Context): LlmProfile {
  const profile = chosenProfile(context);
  if (profile !== undefined) return profile;
  throw new UserError(
    "usage",
    `No language model is configured for the role "informalize": describe one in the section "llm" of the configuration file, set LEMMASCOPE_LLM_BASE_URL and LEMMASCOPE_LLM_MODEL, or take --dry-run or --without-model.`,
  );
}

/** The state beside the output; only a run that asks makes one. */
async function openState(
  out: string | undefined,
  isAsking: boolean,
): Promise<DescriptionState | undefined> {
  const path = out === undefined ? undefined : `${out}.state.jsonl`;
  if (path === undefined || (!isAsking && !existsSync(path))) return undefined;
  return await DescriptionState.open(path);
}

/** What no declaration has for a stamp. */
const OTHER_STAMP = "";

/**
 * The stamps of what earlier runs described.
 *
 * @param model what other models wrote, or what was asked for with other prompts, has another stamp then;
 * undefined: whoever wrote it.
 */
function earlierStamps(
  { spool, facts }: Pick<CorpusSurvey, "spool" | "facts">,
  state: DescriptionState | undefined,
  prompts: InformalizePrompts,
  model: string | undefined,
): EarlierStamps {
  return {
    get: (name) => {
      const kept = state?.get(name);
      if (model === undefined) return kept?.stamp;
      const fact = facts[spool.idOf(name) ?? -1];
      if (kept === undefined) return fact?.given === "model" ? OTHER_STAMP : undefined;
      const isOurs = fact !== undefined && kept.prompt === prompts.version(fact.kind);
      return isOurs && kept.model === model ? kept.stamp : OTHER_STAMP;
    },
  };
}

function selectionOf(choices: InformalizeChoices): Selection {
  const { order, limit, modules, kinds, undocumented } = choices;
  return {
    ...{ order, undocumented },
    ...(limit === undefined ? {} : { limit }),
    ...(modules === undefined ? {} : { modules }),
    ...(kinds === undefined ? {} : { kinds }),
  };
}
