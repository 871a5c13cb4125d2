import { homedir } from "node:os";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { z } from "zod";
import { UserError } from "../../errors.js";
import {
  CLIENT_IDS,
  type ClientConfiguration,
  clientConfigurations,
  type ClientId,
  type StartCommand,
} from "../../mcp/client-configurations.js";
import { type Context, contextOf, listed, outputColors as colors } from "../context.js";

const MAIN = fileURLToPath(new URL("../main.js", import.meta.url));

const flags = z.object({
  client: z.array(z.enum(CLIENT_IDS)).default([...CLIENT_IDS]),
  write: z.boolean().default(false),
});

export function addInitCommand(program: Command): void {
  program
    .command("init")
    .description("tell AI agents how to start lemmascope")
    .option("--client <NAMES>", `which agents: ${CLIENT_IDS.join(", ")}`, listed(parseClient))
    .option("--write", "write it into the files of the agents that --client names, after a backup")
    .addHelpText(
      "after",
      `
Without --write it only prints what belongs into which file. With --write all else in a file stays
as it is, comments too.

Examples:
  lemmascope init
  lemmascope init --client claude-code,zed --write`,
    )
    .action(async (_options: unknown, command: Command) => {
      const context = contextOf(command);
      const { client, write } = flags.parse(command.opts());
      if (write && command.getOptionValueSource("client") === undefined) {
        throw new UserError(
          "usage",
          "Say whose files to write: --client with one or several of " +
            CLIENT_IDS.join(", ") +
            ".",
        );
      }
      const chosen = clientConfigurations(startCommand(context), {
        home: homedir(),
        project: process.cwd(),
        platform: process.platform,
        environment: process.env,
      }).filter(({ id }) => client.includes(id));
      if (write) await writeAll(context, chosen);
      else for (const configuration of chosen) show(context, configuration);
    });
}

function parseClient(text: string): ClientId {
  const client = CLIENT_IDS.find((id) => id === text);
  if (client !== undefined) return client;
  throw new UserError(
    "usage",
    `There is no agent "${text}": the agents are ${CLIENT_IDS.join(", ")}.`,
  );
}

/** Agents start without a shell's PATH: this very Node.js and program are named in full. */
function startCommand({ settings }: Context): StartCommand {
  const index = settings.chosenIndex === undefined ? [] : ["--index", settings.chosenIndex];
  return { command: process.execPath, args: [MAIN, "mcp", ...index] };
}

function show(context: Context, { title, file, path, entry }: ClientConfiguration): void {
  const [outer = "", name = ""] = path;
  context.print(`${colors.bold(title)}  ${colors.dim(file)}`);
  context.print(JSON.stringify({ [outer]: { [name]: entry } }, undefined, 2));
  context.print("");
}

async function writeAll(
  context: Context,
  configurations: readonly ClientConfiguration[],
): Promise<void> {
  const { writeConfiguration } = await import("../../mcp/write-configuration.js");
  for (const configuration of configurations) {
    const { outcome, backup } = writeConfiguration(configuration);
    const kept = backup === undefined ? "" : `; as it was: ${backup}`;
    const what = { made: "made", changed: "changed", unchanged: "already right" }[outcome];
    context.print(`${configuration.title}: ${configuration.file} ${what}${kept}`);
  }
}
