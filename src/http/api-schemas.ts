import { z } from "zod";
import { declarationKind } from "../declaration.js";
import {
  kindWords,
  modulePrefix,
  MOST_QUERIES,
  nameText,
  ownOnly,
  packageName,
  queryText,
} from "../service/requests.js";
import { declarationRecord } from "./records.js";

export const searchRequest = z.strictObject({
  queries: z.array(queryText).min(1).max(MOST_QUERIES),
  kinds: kindWords.optional(),
  module: modulePrefix.optional(),
  package: packageName.optional(),
  own: ownOnly.optional(),
  limit: z.number().int().min(1).max(200).default(10).describe("Results for each query."),
});

const searchResult = declarationRecord.extend({
  rank: z.number().describe("From 1."),
  score: z.number().describe("Higher is better; comparable within one query only."),
});

export const searchAnswer = z.object({
  answers: z.array(z.object({ query: z.string(), results: z.array(searchResult) })),
});

export const lookupRequest = z.strictObject({
  names: z.array(nameText).min(1).max(MOST_QUERIES),
});

export const lookupAnswer = z.object({
  answers: z.array(
    z.discriminatedUnion("found", [
      z.object({
        asked: z.string(),
        found: z.literal(true),
        exact: z.boolean().describe("False where only the end of the name, or its case, differs."),
        declaration: declarationRecord,
      }),
      z.object({
        asked: z.string(),
        found: z.literal(false),
        near: z.array(z.string()).describe("Existing names like it, most alike first."),
      }),
    ]),
  ),
});

export const relatedRequest = z.strictObject({
  name: nameText,
  limit: z.number().int().min(1).max(1000).default(50).describe("How many of each list."),
});

const neighbours = z.object({
  total: z.number(),
  shown: z.array(
    z.object({
      name: z.string(),
      kind: declarationKind,
      module: z.string(),
      used_by: z.number(),
    }),
  ),
});

export const relatedAnswer = z.discriminatedUnion("found", [
  z.object({
    asked: z.string(),
    found: z.literal(true),
    name: z.string(),
    module: z.string(),
    uses: neighbours.describe("In the order of its text."),
    used_by: neighbours.describe("The most used first."),
    siblings: neighbours.describe("Of the same file, nearest by line, in the order of the file."),
  }),
  z.object({ asked: z.string(), found: z.literal(false), near: z.array(z.string()) }),
]);

export const problemSchema = z
  .object({
    error: z.object({
      code: z.string().describe("A word for programs."),
      message: z.string().describe("A sentence for people."),
    }),
  })
  .describe("What was wrong with a request.");
