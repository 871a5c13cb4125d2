import { sourceLabel } from "../corpus/read.js";
import { readSource } from "../corpus/read-source.js";
import { STARTER_PATH } from "../corpus/starter.js";
import { type Declaration, toCorpusRecord } from "../declaration.js";
import { UserError } from "../errors.js";
import { type CorpusSurvey, surveyCorpus } from "../informalize/graph/survey.js";
import { withKnownWords, type WrittenWords } from "../informalize/known-words.js";
import {
  type PeoplesDescription,
  type PeoplesDescriptions,
  readDescriptions,
  withDescriptions,
} from "../informalize/people.js";
import { withRuleDescription } from "../informalize/rules.js";
import type { Context } from "./context.js";
import { UnreadPlaces } from "./corpus-sources.js";
import { progressDisplay } from "./progress.js";
import { writeLines } from "./write-lines.js";

/**
 * Reads sources to their end, with descriptions by people merged in.
 *
 * @param people files with descriptions by people, or `starter`; the first that describes a declaration wins.
 * @throws UserError as `readSource` and `readDescriptions` do.
 */
export async function readAndSurvey(
  context: Context,
  sources: readonly string[],
  people: readonly string[],
): Promise<CorpusSurvey> {
  const display = progressDisplay(context);
  const unread = new UnreadPlaces();
  const { signal } = context;
  async function* batches(): AsyncGenerator<readonly Declaration[]> {
    const described = await readPeople(people, unread, signal);
    let declarations = 0;
    for (const source of sources) {
      const label = sourceLabel(source);
      let share: number | undefined;
      const onProgress = ({ read, total }: { read: number; total: number | undefined }): void => {
        share = total === undefined ? undefined : read / total;
      };
      for await (const batch of readSource(source, { ...unread.listener, onProgress, signal })) {
        declarations += batch.length;
        display.update(share, `${declarations} declarations, reading ${label}`);
        yield batch.map((declaration) => withDescriptions(declaration, described));
      }
    }
  }
  try {
    return await surveyCorpus(batches(), { signal });
  } catch (error) {
    if (signal.aborted) throw new UserError("interrupted", "Interrupted.", { cause: error });
    throw error;
  } finally {
    display.end();
    unread.tell(context);
  }
}

async function readPeople(
  people: readonly string[],
  unread: UnreadPlaces,
  signal: AbortSignal,
): Promise<PeoplesDescriptions> {
  const { onSkip } = unread.listener;
  const all = new Map<string, PeoplesDescription>();
  for (const file of people) {
    const path = file === "starter" ? STARTER_PATH : file;
    for (const [name, description] of await readDescriptions(path, { onSkip, signal })) {
      if (!all.has(name)) all.set(name, description);
    }
  }
  return all;
}

/** What was written, by whose words the declarations have. */
export interface WrittenCorpus {
  readonly declarations: number;
  readonly words: Readonly<Record<"people" | "model" | "rules" | "none", number>>;
}

/**
 * Writes a corpus with all words that there are, in its order: readers see what was there before, or all
 * of the new.
 *
 * @param options.written what models wrote.
 * @param options.withRules whether a rule writes a line for what nobody has described.
 * @throws UserError `io`
 */
export async function writeCorpus(
  out: string,
  { spool }: Pick<CorpusSurvey, "spool">,
  { written, withRules }: { written: WrittenWords | undefined; withRules: boolean },
): Promise<WrittenCorpus> {
  const words = { people: 0, model: 0, rules: 0, none: 0 };
  function* lines(): Generator<string> {
    for (const record of spool.records()) {
      const known = written === undefined ? record : withKnownWords(record, written);
      const declaration = withRules ? withRuleDescription(known) : known;
      const { informalOrigin = "people" } = declaration;
      words[hasWords(declaration) ? informalOrigin : "none"] += 1;
      yield JSON.stringify(toCorpusRecord(declaration));
    }
  }
  return { declarations: await writeLines(out, lines()), words };
}

function hasWords({ informalName, informalDescription }: Declaration): boolean {
  return informalName !== "" || informalDescription !== "";
}
