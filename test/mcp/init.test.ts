import { readdir, readFile, stat, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { mkdirSync, writeFileSync } from "node:fs";
import { parse } from "jsonc-parser";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  CLIENT_IDS,
  clientConfigurations,
  type Whereabouts,
} from "../../src/mcp/client-configurations.js";
import { merged } from "../../src/mcp/write-configuration.js";
import { describeProgram, expectSentence, Workplace } from "../cli/command-line.js";
import { failureOf } from "../failure.js";

const PATH = ["mcpServers", "lemmascope"];
const ENTRY = { command: "node", args: ["main.js", "mcp"] };
const put = (text: string) => merged(text, "the file", PATH, ENTRY);

describe("a client's configuration with our entry", () => {
  it("keeps comments, other servers, indentation and trailing commas", () => {
    const text = `{
    // Mine.
    "mcpServers": {
        "other": { "command": "x" }, /* keep */
    },
    "theme": "dark",
}
`;
    const result = put(text);
    for (const kept of ["// Mine.", "/* keep */", '"theme": "dark",', '"other"']) {
      expect(result).toContain(kept);
    }
    expect(parse(result)).toEqual({
      mcpServers: { other: { command: "x" }, lemmascope: ENTRY },
      theme: "dark",
    });
    expect(result).toMatch(/^ {8}"lemmascope": \{$/m);
    expect(put(result)).toBe(result);
  });

  it("replaces an earlier entry of ours, and is made from nothing", () => {
    const before = JSON.stringify({ mcpServers: { lemmascope: { command: "old", env: {} } } });
    expect(parse(put(before))).toEqual({ mcpServers: { lemmascope: ENTRY } });
    for (const empty of ["", " \n", "{}", "\uFEFF{}"]) {
      expect(parse(put(empty).replace("\uFEFF", ""))).toEqual({
        mcpServers: { lemmascope: ENTRY },
      });
    }
    expect(put("{\r\n}\r\n")).not.toMatch(/[^\r]\n/);
  });

  it.each(["{", "[]", "3", '{"a": }', '{"mcpServers": []}', '{"mcpServers": "x"}'])(
    "is not forced into %s",
    async (text) => {
      const { exit, message } = await failureOf(() => put(text));
      expect(exit).toBe("badInput");
      expect(message).toMatch(/the file.* mend it/);
    },
  );
});

describe("the places of clients' files", () => {
  const at = (platform: NodeJS.Platform, environment: Whereabouts["environment"] = {}) =>
    Object.fromEntries(
      clientConfigurations(ENTRY, { home: "/h", project: "/p", platform, environment }).map(
        ({ id, file }) => [id, file.replaceAll("\\", "/")],
      ),
    );

  it("are those of each platform", () => {
    expect(at("linux")).toEqual({
      "claude-code": "/p/.mcp.json",
      "claude-desktop": "/h/.config/Claude/claude_desktop_config.json",
      cursor: "/h/.cursor/mcp.json",
      vscode: "/p/.vscode/mcp.json",
      zed: "/h/.config/zed/settings.json",
    });
    expect(at("darwin")).toMatchObject({
      "claude-desktop": "/h/Library/Application Support/Claude/claude_desktop_config.json",
      zed: "/h/.config/zed/settings.json",
    });
    expect(at("win32", { APPDATA: "/r" })).toMatchObject({
      "claude-desktop": "/r/Claude/claude_desktop_config.json",
      zed: "/r/Zed/settings.json",
    });
  });
});

describeProgram("init", () => {
  let place: Workplace;
  beforeEach(async () => {
    place = await Workplace.open();
  });
  afterEach(() => place.close());

  /** Where a client's file is for a program that runs in the workplace. */
  const fileOf = (id: string) =>
    clientConfigurations(ENTRY, {
      home: place.folder,
      project: place.folder,
      platform: process.platform,
      environment: place.environment(),
    }).find((configuration) => configuration.id === id)?.file ?? "";

  it("prints every client's configuration, and touches nothing", async () => {
    const { code, stdout } = await place.run(["init", "--index", "some.sqlite"]);
    expect(code).toBe(0);
    for (const id of CLIENT_IDS) expect(stdout).toContain(fileOf(id));
    expect(stdout).toContain(place.path("some.sqlite"));
    expect(await readdir(place.folder)).toEqual([]);
  });

  it("writes for the clients that are named, keeps a copy, and then has nothing to do", async () => {
    const file = fileOf("zed");
    mkdirSync(dirname(file), { recursive: true });
    const before = '{\n  // Large.\n  "buffer_font_size": 16\n}\n';
    writeFileSync(file, before);
    const args = ["init", "--client", "zed,cursor", "--write"];
    const { stdout } = await place.run(args);
    expect(stdout).toMatch(/^Zed: .* changed; as it was: .*\.backup$/m);
    expect(stdout).toMatch(/^Cursor: .* made$/m);
    const after = await readFile(file, "utf8");
    expect(after).toContain("// Large.");
    expect(parse(after)).toMatchObject({
      buffer_font_size: 16,
      context_servers: { lemmascope: { args: expect.arrayContaining(["mcp"]) as unknown } },
    });
    const backups = (await readdir(dirname(file))).filter((name) => name.endsWith(".backup"));
    expect(backups).toHaveLength(1);
    expect(await readFile(join(dirname(file), backups[0] ?? ""), "utf8")).toBe(before);
    expect((await place.run(args)).stdout.match(/already right/g)).toHaveLength(2);
    expect(await readdir(dirname(file))).toHaveLength(2);
  });

  it.skipIf(process.platform === "win32")("follows a link, and keeps who may read", async () => {
    const target = await place.file("dotfiles.json", "{}");
    const file = fileOf("cursor");
    mkdirSync(dirname(file), { recursive: true });
    await symlink(target, file);
    const { mode } = await stat(target);
    await place.run(["init", "--client", "cursor", "--write"]);
    expect(parse(await readFile(target, "utf8"))).toHaveProperty("mcpServers.lemmascope");
    expect((await stat(target)).mode).toBe(mode);
  });

  it("wants to know whose files to write, and leaves broken ones alone", async () => {
    expectSentence(await place.run(["init", "--write"]), "usage", /Say whose files to write/);
    expectSentence(await place.run(["init", "--client", "emacs"]), "usage", /no agent "emacs"/);
    await place.file(".mcp.json", "{ not json");
    const broken = await place.run(["init", "--client", "claude-code", "--write"]);
    expectSentence(broken, "badInput", /\.mcp\.json is not a JSON object/);
    expect(await readFile(place.path(".mcp.json"), "utf8")).toBe("{ not json");
  });

  it("gives a configuration that starts the server", async () => {
    await place.run(["init", "--client", "claude-code", "--write"]);
    const text = await readFile(place.path(".mcp.json"), "utf8");
    const { lemmascope } = (parse(text) as { mcpServers: Record<string, typeof ENTRY> }).mcpServers;
    expect(lemmascope?.command).toBe(process.execPath);
    const [main, ...args] = lemmascope?.args ?? [];
    expect(main).toMatch(/main\.js$/);
    const ping = '{"jsonrpc":"2.0","id":1,"method":"ping"}\n';
    const { stdout } = await place.run(args, { input: ping });
    expect(JSON.parse(stdout)).toEqual({ jsonrpc: "2.0", id: 1, result: {} });
  });
});
