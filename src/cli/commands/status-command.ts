import type { Command } from "commander";
import { z } from "zod";
import { sourceLabel } from "../../corpus/read.js";
import type { IndexedPackage } from "../../index/package-table.js";
import { SCHEMA_VERSION } from "../../index/schema.js";
import { contextOf } from "../context.js";
import { withIndex } from "../find-index.js";

const flags = z.object({ json: z.boolean().default(false) });

export function addStatusCommand(program: Command): void {
  program
    .command("status")
    .description("say which index is used and what is in it")
    .option("--json", "print JSON")
    .addHelpText("after", "\nExample:\n  lemmascope status --index mathlib.sqlite")
    .action(async (_options: unknown, command: Command) => {
      const context = contextOf(command);
      const { json } = flags.parse(command.opts());
      await withIndex(context, ({ index, isStarter }) => {
        const summary = index.summary();
        const kinds = index.kindCounts();
        if (json) {
          const byKind = Object.fromEntries(kinds.map((row) => [row.kind, row.declarations]));
          context.print(JSON.stringify({ ...summary, schema: SCHEMA_VERSION, isStarter, byKind }));
          return;
        }
        const rows: [string, string][] = [
          ["Index", `${summary.path}${isStarter ? " (the starter corpus)" : ""}`],
          ["Size", `${(summary.bytes / 1e6).toFixed(1)} MB`],
          ["Declarations", String(summary.declarations)],
          ["Kinds", kinds.map((row) => `${row.declarations} ${row.kind}`).join(", ")],
          ["Made of", summary.sources.map(sourceLabel).join(", ")],
          ...summary.packages.map(packageRow),
          ["Left out", `${summary.skippedLines} malformed lines, ${summary.duplicates} duplicates`],
          ["Vectors", summary.embedder ?? "none"],
          ["Made", `${summary.builtAt} by lemmascope ${summary.builtBy}`],
          ["Corpus fingerprint", summary.corpusFingerprint],
          ["Vocabulary", summary.vocabularyFingerprint],
          ["Schema", String(SCHEMA_VERSION)],
        ];
        for (const [label, value] of rows) context.print(`${label.padEnd(20)}${value}`);
      });
    });
}

function packageRow({ name, version, isOwn, declarations }: IndexedPackage): [string, string] {
  const owner = version === "" ? name : `${name} ${version}`;
  return [isOwn ? "Own package" : "Package", `${owner}, ${declarations} declarations`];
}
