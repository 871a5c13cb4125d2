import { accessSync, constants, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import type { Command } from "commander";
import { z } from "zod";
import { defaultIndex, type Settings } from "../../config/settings.js";
import { STARTER_PATH } from "../../corpus/starter.js";
import { errorMessage, EXIT, UserError } from "../../errors.js";
import { checkIntegrity } from "../../index/integrity.js";
import { MODELS_FOLDER } from "../../models/model-files.js";
import { contextOf, outputColors as colors } from "../context.js";
import { starterIndexPath } from "../find-index.js";
import { examineLean, type Finding } from "../lean-findings.js";
import { examineLanguageModels } from "../llm-findings.js";

const flags = z.object({ json: z.boolean().default(false) });

export function addDoctorCommand(program: Command): void {
  program
    .command("doctor")
    .description("say what works, what is missing and how to get it")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nThe exit code is 4 where something is broken.\n\nExample:\n  lemmascope doctor",
    )
    .action((_options: unknown, command: Command) => {
      const { json } = flags.parse(command.opts());
      const findings = examine(command);
      const lines = json ? [JSON.stringify(findings)] : findings.map(describe);
      for (const line of lines) process.stdout.write(`${line}\n`);
      if (findings.some(({ state }) => state === "broken")) process.exitCode = EXIT.noIndex;
    });
}

function examine(command: Command): Finding[] {
  const machine = [examineNode(), examineSqlite(), examineStarter(), examineModels()];
  try {
    return [...machine, ...examineSettings(contextOf(command).settings)];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [...machine, { what: "Configuration", state: "broken", detail: error.message }];
  }
}

function examineSettings(settings: Settings): Finding[] {
  return [
    {
      what: "Configuration",
      state: "works",
      detail: settings.configFileExists
        ? settings.configFile
        : `defaults; a file would be ${settings.configFile}`,
    },
    examineDataDirectory(settings.dataDirectory),
    examineIndex(settings),
    examineLanguageModels(settings.llm, process.env),
    ...examineLean(settings.verify, process.env),
  ];
}

function describe({ what, state, detail, remedy }: Finding): string {
  const marks = { works: colors.green("✓"), missing: colors.yellow("–"), broken: colors.red("✗") };
  const line = `${marks[state]} ${what}: ${detail}`;
  return remedy === undefined ? line : `${line}\n  ${remedy}`;
}

function examineNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const works = major > 20 || (major === 20 && minor >= 20);
  const finding = { what: "Node.js", detail: process.version };
  if (works) return { ...finding, state: "works" };
  return { ...finding, state: "broken", remedy: "Install Node.js 20.20 or later." };
}

function examineSqlite(): Finding {
  try {
    const db = new SqliteDatabase(":memory:");
    db.exec("create virtual table probe using fts5(text)");
    const version = db.prepare<[], string>("select sqlite_version()").pluck().get();
    db.close();
    return { what: "SQLite", state: "works", detail: `${version ?? "?"} with FTS5` };
  } catch (error) {
    return {
      what: "SQLite",
      state: "broken",
      detail: errorMessage(error),
      remedy: "Run npm rebuild better-sqlite3 (it needs a C++ compiler and Python to build).",
    };
  }
}

function examineDataDirectory(directory: string): Finding {
  try {
    mkdirSync(directory, { recursive: true });
    accessSync(directory, constants.W_OK);
    return { what: "Data folder", state: "works", detail: directory };
  } catch (error) {
    return {
      what: "Data folder",
      state: "broken",
      detail: `${directory} cannot be written (${errorMessage(error)})`,
      remedy: "Set LEMMASCOPE_DATA_DIR to a folder that can.",
    };
  }
}

function examineStarter(): Finding {
  if (existsSync(STARTER_PATH)) {
    return { what: "Starter corpus", state: "works", detail: STARTER_PATH };
  }
  return {
    what: "Starter corpus",
    state: "broken",
    detail: `${STARTER_PATH} is missing`,
    remedy: "Install lemmascope again.",
  };
}

function examineModels(): Finding {
  const missing = ["encoder", "ranker"].filter((model) => !existsSync(join(MODELS_FOLDER, model)));
  const finding = { what: "Models", detail: MODELS_FOLDER };
  if (missing.length === 0) return { ...finding, state: "works" };
  return {
    ...finding,
    state: "missing",
    detail: `no ${missing.join(" and no ")} in ${MODELS_FOLDER}: searches go by words alone`,
    remedy: "Install lemmascope again.",
  };
}

function examineIndex(settings: Settings): Finding {
  const what = "Index";
  const standard = defaultIndex(settings);
  const path = settings.chosenIndex ?? (existsSync(standard) ? standard : undefined);
  if (path === undefined) {
    const starter = starterIndexPath(settings.dataDirectory);
    return {
      what,
      state: "missing",
      detail: `none chosen, so searches use the starter corpus (${starter})`,
      remedy: "For all of Mathlib: lemmascope pull",
    };
  }
  try {
    const { declarations, builtAt } = checkIntegrity(path);
    return { what, state: "works", detail: `${path}, ${declarations} declarations, ${builtAt}` };
  } catch (error) {
    return { what, state: "broken", detail: errorMessage(error) };
  }
}
