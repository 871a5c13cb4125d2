import type { Command } from "commander";
import { z } from "zod";
import {
  documentationUrl,
  type InformalOrigin,
  leanStatement,
  toCorpusRecord,
} from "../../declaration.js";
import type { DeclarationId, DeclarationIndex } from "../../index/declaration-index.js";
import { UserError } from "../../errors.js";
import { bareName } from "../../search/query.js";
import { nearNames } from "../../search/near-names.js";
import { type Context, contextOf, outputColors as colors, wholeNumber } from "../context.js";
import { location, originText } from "../declaration-text.js";
import { withIndex } from "../find-index.js";

const flags = z.object({ json: z.boolean().default(false), limit: z.number().default(20) });

export function addShowCommand(program: Command): void {
  program
    .command("show")
    .description("show a declaration, what it uses and what uses it")
    .argument("<NAME>", "its full name, or as much of its end as is unique")
    .option(
      "-n, --limit <COUNT>",
      "how many of the declarations that use it (default: 20)",
      wholeNumber("--limit", 1, 10_000),
    )
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `
Where the name does not exist, names near it are listed and the exit code is 1.

Examples:
  lemmascope show IsCompact.exists_isMinOn
  lemmascope show exists_isMinOn --json`,
    )
    .action(async (text: string, _options: unknown, command: Command) => {
      const context = contextOf(command);
      const options = flags.parse(command.opts());
      const name = bareName(text);
      if (name === "") {
        throw new UserError("badInput", "The name is empty: give a declaration's name.");
      }
      await withIndex(context, ({ index }) => {
        const id = resolveName(context, index, name);
        if (id === undefined) reportMissing(context, index, name, options.json);
        else if (options.json) printJson(context, index, id, options.limit);
        else printDeclaration(context, index, id, options.limit);
      });
    });
}

/** The declaration of this name, or the only one whose name ends so. */
function resolveName(
  context: Context,
  index: DeclarationIndex,
  name: string,
): DeclarationId | undefined {
  const exact = index.idOf(name);
  if (exact !== undefined) return exact;
  const [only, second] = index.names.withEnding(name, 2);
  if (only === undefined || second !== undefined) return undefined;
  context.notice(`There is no ${name}; this is the only name that ends so.`);
  return only.id;
}

function reportMissing(
  context: Context,
  index: DeclarationIndex,
  name: string,
  asJson: boolean,
): void {
  const near = nearNames(index, name, 10);
  if (asJson) context.print(JSON.stringify({ name, found: false, near }));
  const what = `There is no declaration ${name} in ${index.path}`;
  if (near.length === 0) context.notice(`${what}, and no name like it.`);
  else context.notice([`${what}. Near it are:`, ...near.map((other) => `  ${other}`)].join("\n"));
  context.exitWith("nothingFound");
}

function printDeclaration(
  context: Context,
  index: DeclarationIndex,
  id: DeclarationId,
  limit: number,
): void {
  const declaration = index.declaration(id);
  const [facts] = index.facts([id]);
  if (declaration === undefined || facts === undefined) return;
  const { print } = context;
  print(`${colors.bold(declaration.name)}  ${colors.dim(declaration.kind)}`);
  const url = documentationUrl(declaration);
  const places = [location(declaration), originText(declaration), url ?? ""];
  print(colors.dim(places.filter((place) => place !== "").join("  ")));
  print("");
  print(colors.cyan(leanStatement(declaration)));
  const texts: [string, string][] = [
    ["Docstring", declaration.docstring],
    ["Informal name", declaration.informalName],
    [
      `Informal description${WRITERS[declaration.informalOrigin ?? "people"]}`,
      declaration.informalDescription,
    ],
    ["Also known as", declaration.aliases.join("; ")],
    ["Topics", declaration.topics.join("; ")],
    ["Made from", declaration.derivedFrom ?? ""],
  ];
  for (const [label, text] of texts) if (text !== "") print(`\n${colors.bold(label)}: ${text}`);
  printNames(context, "Uses", namesOf(index, index.uses(id)), undefined);
  printNames(context, "Used by", namesOf(index, index.usedBy(id, limit)), facts.usedBy);
}

/** Says of words that no person wrote where they come from. */
const WRITERS: Readonly<Record<InformalOrigin, string>> = {
  people: "",
  model: " (by a language model)",
  rules: " (read off the statement by rules)",
};

function printNames(
  context: Context,
  label: string,
  names: readonly string[],
  total: number | undefined,
): void {
  if (names.length === 0) return;
  const count = total === undefined || total === names.length ? names.length : total;
  context.print(`\n${colors.bold(`${label} (${count})`)}:`);
  for (const name of names) context.print(`  ${name}`);
  if (count > names.length) context.print(`  … and ${count - names.length} more (--limit)`);
}

function printJson(
  context: Context,
  index: DeclarationIndex,
  id: DeclarationId,
  limit: number,
): void {
  const declaration = index.declaration(id);
  const [facts] = index.facts([id]);
  if (declaration === undefined || facts === undefined) return;
  context.print(
    JSON.stringify({
      found: true,
      ...toCorpusRecord(declaration),
      lean: leanStatement(declaration),
      doc_url: documentationUrl(declaration) ?? null,
      uses: namesOf(index, index.uses(id)),
      used_by: namesOf(index, index.usedBy(id, limit)),
      used_by_count: facts.usedBy,
    }),
  );
}

function namesOf(index: DeclarationIndex, ids: readonly DeclarationId[]): string[] {
  return index.facts(ids).map(({ name }) => name);
}
