import { join } from "node:path";

/** How a client starts the server. */
export interface StartCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/** A client's configuration file, and what belongs into it. */
export interface ClientConfiguration {
  readonly id: ClientId;
  /** As people know it. */
  readonly title: string;
  /** The file that the client reads. */
  readonly file: string;
  /** The keys that lead to our entry. */
  readonly path: readonly string[];
  readonly entry: Readonly<Record<string, unknown>>;
}

export const CLIENT_IDS = ["claude-code", "claude-desktop", "cursor", "vscode", "zed"] as const;
export type ClientId = (typeof CLIENT_IDS)[number];

/** Where files are looked for. */
export interface Whereabouts {
  readonly home: string;
  /** The folder of the project that is set up. */
  readonly project: string;
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The name under which clients know the server. */
const NAME = "lemmascope";

/**
 * What each client's configuration has to hold. Sources: the MCP pages of code.claude.com,
 * modelcontextprotocol.io (Claude Desktop), cursor.com, code.visualstudio.com and zed.dev.
 */
export function clientConfigurations(
  { command, args }: StartCommand,
  whereabouts: Whereabouts,
): readonly ClientConfiguration[] {
  const { home, project } = whereabouts;
  const start = { command, args };
  return [
    {
      id: "claude-code",
      title: "Claude Code, this project",
      file: join(project, ".mcp.json"),
      path: ["mcpServers", NAME],
      entry: { type: "stdio", ...start },
    },
    {
      id: "claude-desktop",
      title: "Claude Desktop",
      file: join(settingsFolder(whereabouts), "Claude", "claude_desktop_config.json"),
      path: ["mcpServers", NAME],
      entry: start,
    },
    {
      id: "cursor",
      title: "Cursor",
      file: join(home, ".cursor", "mcp.json"),
      path: ["mcpServers", NAME],
      entry: start,
    },
    {
      id: "vscode",
      title: "VS Code, this project",
      file: join(project, ".vscode", "mcp.json"),
      path: ["servers", NAME],
      entry: { type: "stdio", ...start },
    },
    {
      id: "zed",
      title: "Zed",
      file: zedSettings(whereabouts),
      path: ["context_servers", NAME],
      entry: { ...start, env: {} },
    },
  ];
}

/** Where a platform's programs keep their settings. */
function settingsFolder({ home, platform, environment }: Whereabouts): string {
  if (platform === "darwin") return join(home, "Library", "Application Support");
  if (platform === "win32") return environment["APPDATA"] ?? join(home, "AppData", "Roaming");
  return environment["XDG_CONFIG_HOME"] ?? join(home, ".config");
}

/** Zed keeps to `~/.config` on macOS too. */
function zedSettings(whereabouts: Whereabouts): string {
  const { home, platform } = whereabouts;
  if (platform === "win32") return join(settingsFolder(whereabouts), "Zed", "settings.json");
  const folder = platform === "darwin" ? join(home, ".config") : settingsFolder(whereabouts);
  return join(folder, "zed", "settings.json");
}
