import { z } from "zod";
import { isRefusal, mayBeEnglish } from "./language.js";
import { formulaProblem, latexParts, lostBackslash } from "./latex.js";
import { parrotedNames } from "./lean-names.js";

/** A declaration in words, as a language model answers. */
export interface Description {
  /** A few words, as a title: "Extreme value theorem". */
  readonly informalName: string;
  /** What it says or is, in English with LaTeX. */
  readonly informalDescription: string;
}

/** Shortest and longest texts, in characters; people's are within them with room to spare. */
const NAME_LENGTH = { least: 3, most: 120 } as const;
const DESCRIPTION_LENGTH = { least: 20, most: 1500 } as const;

/** How many names and formulas that are wrong are told at once. */
const MOST_TOLD = 3;

/** What an answer must be before anyone looks at what it says. */
const answerSchema = z.object({
  informal_name: z.string().describe("a short English title, without Lean names"),
  informal_description: z
    .string()
    .describe("what the declaration says or is, in English with LaTeX between dollar signs"),
});

/**
 * The schema of an answer about one declaration, with the quality gate in its refinements: what it refuses
 * is told to the model, which may try once more.
 *
 * @param name the declaration's full name, which the answer may not repeat.
 */
export function descriptionSchema(name: string): z.ZodType<Description> {
  return answerSchema
    .superRefine((answer, context) => {
      for (const field of ["informal_name", "informal_description"] as const) {
        const limits = field === "informal_name" ? NAME_LENGTH : DESCRIPTION_LENGTH;
        for (const message of textProblems(answer[field].trim(), name, limits)) {
          context.addIssue({ code: "custom", path: [field], message });
        }
      }
    })
    .transform((answer) => ({
      informalName: answer.informal_name.trim(),
      informalDescription: answer.informal_description.trim(),
    }));
}

/** What is wrong with a text about a declaration, each as a sentence's end; none where it will do. */
function textProblems(
  text: string,
  name: string,
  { least, most }: { readonly least: number; readonly most: number },
): string[] {
  if (text.length < least) return [`it has ${text.length} characters and needs at least ${least}`];
  if (text.length > most) return [`it has ${text.length} characters and may have at most ${most}`];
  if (isRefusal(text)) return ["it does not describe the declaration"];
  if (lostBackslash(text)) {
    return ["a LaTeX command has lost its backslash: write each backslash twice in JSON"];
  }
  const { prose, formulas, problem } = latexParts(text);
  const unbalanced = formulas.map(formulaProblem).filter((one) => one !== undefined);
  const parroted = parrotedNames(prose, formulas, name);
  return [
    ...(problem === undefined ? [] : [`its LaTeX is not balanced: ${problem}`]),
    ...unbalanced.slice(0, MOST_TOLD).map((one) => `its LaTeX is not balanced: ${one}`),
    ...(/```|`[^`]{2,}`/.test(prose) ? ["it quotes Lean code: say in words what it means"] : []),
    ...(parroted.length === 0
      ? []
      : [
          `it repeats names of Lean (${parroted.slice(0, MOST_TOLD).join(", ")}): say in words what they mean`,
        ]),
    ...(mayBeEnglish(prose) ? [] : ["it is not in English"]),
  ];
}
