import { text } from "node:stream/consumers";
import type { Command } from "commander";
import { z } from "zod";
import { kindOf } from "../../corpus/record.js";
import {
  DECLARATION_KINDS,
  declarationKind,
  type DeclarationKind,
  documentationUrl,
  leanStatement,
  toCorpusRecord,
} from "../../declaration.js";
import { UserError } from "../../errors.js";
import type { DeclarationIndex } from "../../index/declaration-index.js";
import { parseQuery } from "../../search/query.js";
import type { RankedCandidate } from "../../search/candidate.js";
import {
  type Context,
  contextOf,
  listed,
  outputColors as colors,
  wholeNumber,
} from "../context.js";
import { summaryLines } from "../declaration-text.js";
import { adviseFullIndex, withSearch } from "../find-index.js";

const flags = z.object({
  kind: z.array(declarationKind).default([]),
  module: z.string().default(""),
  package: z.string().default(""),
  own: z.boolean().default(false),
  limit: z.number().optional(),
  json: z.boolean().default(false),
  explain: z.boolean().default(false),
});

export function addSearchCommand(program: Command): void {
  program
    .command("search")
    .description("find declarations by words, LaTeX, Lean or name")
    .argument("<QUERY...>", "what to look for; - reads it from standard input")
    .option(
      "-k, --kind <KINDS>",
      `only these kinds, joined by commas: ${DECLARATION_KINDS.join(", ")}`,
      listed(parseKind),
    )
    .option("-m, --module <PREFIX>", "only this module and those below it")
    .option("-p, --package <NAME>", "only this package of a Lake project's index")
    .option("--own", "only the Lake project that the index was made of, without dependencies")
    .option(
      "-n, --limit <COUNT>",
      "how many results (default: 10)",
      wholeNumber("--limit", 1, 1000),
    )
    .option("--json", "print JSON")
    .option("--explain", "say which channel and which words brought each result")
    .addHelpText(
      "after",
      `
Without an index, the starter corpus of well-known declarations is indexed first. The exit code is 1
where nothing was found.

Examples:
  lemmascope search a continuous function on a compact set attains its minimum
  lemmascope search '$\\sum_{i<n} i = n(n-1)/2$'
  lemmascope search IsCompact.exists_isMinOn
  lemmascope search --kind theorem,definition --module Mathlib.Topology 'Continuous f' --json`,
    )
    .action(async (terms: string[], _options: unknown, command: Command) => {
      const { limit, ...options } = flags.parse(command.opts());
      const context = contextOf(command, limit);
      const isPiped = terms.length === 1 && terms[0] === "-";
      const query = isPiped ? await text(process.stdin) : terms.join(" ");
      // Before any model is loaded: what cannot be searched is refused at once.
      parseQuery(query);
      await withSearch(context, async ({ index, isStarter, search }) => {
        const started = performance.now();
        const filter = {
          kinds: options.kind,
          module: options.module.replace(/\.$/, ""),
          package: options.package,
          own: options.own,
        };
        const results = await search.search(query, {
          limit: context.settings.limit,
          filter,
        });
        const elapsedMs = performance.now() - started;
        context.logger.debug({ elapsedMs, results: results.length }, "searched");
        if (options.json) {
          printJson(context, index, { query, elapsedMs, results, explain: options.explain });
        } else {
          printResults(context, index, results, options.explain);
          if (isStarter) adviseFullIndex(context, index);
        }
        if (results.length === 0) context.exitWith("nothingFound");
      });
    });
}

function parseKind(word: string): DeclarationKind {
  const kind = kindOf(word);
  if (kind !== undefined) return kind;
  throw new UserError(
    "usage",
    `There is no kind "${word}": the kinds are ${DECLARATION_KINDS.join(", ")}.`,
  );
}

function printResults(
  context: Context,
  index: DeclarationIndex,
  results: readonly RankedCandidate[],
  explain: boolean,
): void {
  if (results.length === 0) context.notice("Nothing found: try other words, or fewer filters.");
  results.forEach((result, place) => {
    const declaration = index.declaration(result.facts.id);
    if (declaration === undefined) return;
    const [head = "", ...rest] = summaryLines(declaration);
    context.print(`${String(place + 1).padStart(2)}. ${head}`);
    for (const line of rest) context.print(`    ${line}`);
    if (explain) for (const line of explanation(result)) context.print(`    ${colors.green(line)}`);
    context.print("");
  });
}

function explanation({ score, evidence, lexical, facts }: RankedCandidate): string[] {
  const lines = evidence.map(
    ({ channel, rank, reason }) =>
      `place ${rank} of channel ${channel}${reason === undefined ? "" : `: ${reason}`}`,
  );
  const matches = lexical.matches.map(({ word, fields }) => `${word} in ${fields.join("+")}`);
  return [
    `score ${score.toFixed(3)}, used by ${facts.usedBy}`,
    ...lines,
    `words found: ${matches.length > 0 ? matches.join(", ") : "none"} (${Math.round(100 * lexical.queryCoverage)}% of the query by weight)`,
  ];
}

function printJson(
  context: Context,
  index: DeclarationIndex,
  answer: { query: string; elapsedMs: number; results: RankedCandidate[]; explain: boolean },
): void {
  const results = answer.results.flatMap((result, place) => {
    const declaration = index.declaration(result.facts.id);
    if (declaration === undefined) return [];
    const { evidence, lexical, facts } = result;
    return {
      rank: place + 1,
      score: result.score,
      ...toCorpusRecord(declaration),
      lean: leanStatement(declaration),
      doc_url: documentationUrl(declaration) ?? null,
      ...(answer.explain
        ? { explain: { channels: evidence, lexical, used_by: facts.usedBy } }
        : {}),
    };
  });
  const { query, elapsedMs } = answer;
  context.print(
    JSON.stringify({ query, index: index.path, elapsed_ms: Number(elapsedMs.toFixed(1)), results }),
  );
}
