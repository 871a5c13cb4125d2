import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { estimatedTokens } from "../../src/mcp/context-budget.js";
import { EXIT } from "../../src/errors.js";
import { VERSION } from "../../src/package-root.js";
import { describeProgram, MAIN, Workplace } from "../cli/command-line.js";

const resultSchema = z.object({
  content: z.array(z.object({ type: z.literal("text"), text: z.string() })).min(1),
  structuredContent: z.record(z.string(), z.unknown()).optional(),
  isError: z.boolean().optional(),
});

const searchSchema = z.object({
  answers: z.array(
    z.object({
      query: z.string(),
      results: z.array(z.object({ name: z.string(), kind: z.string(), statement: z.string() })),
      left_out: z.number().optional(),
      problem: z.string().optional(),
    }),
  ),
});

const TOOLS = ["search", "lookup", "related", "premises", "premises_from_sketch"];

let place: Workplace;
let client: Client;

async function connected(...args: string[]): Promise<Client> {
  const made = new Client({ name: "test", version: "1" });
  const command = { command: process.execPath, args: [MAIN, "mcp", ...args] };
  // Without Lean, wherever these tests run.
  const env = { ...place.environment(), PATH: "" };
  await made.connect(new StdioClientTransport({ ...command, env, stderr: "ignore" }));
  return made;
}

async function call(name: string, args: Record<string, unknown>, with_ = client) {
  const { content, structuredContent, isError } = resultSchema.parse(
    await with_.callTool({ name, arguments: args }),
  );
  return { text: content[0]?.text ?? "", structured: structuredContent, isError: isError === true };
}

describeProgram("mcp over standard streams, by the official client", () => {
  beforeAll(async () => {
    place = await Workplace.open();
    client = await connected();
  });
  afterAll(async () => {
    await client.close();
    await place.close();
  });

  it("introduces itself, and teaches how to use it", () => {
    expect(client.getServerVersion()).toMatchObject({ name: "lemmascope", version: VERSION });
    for (const tool of [...TOOLS, "find_premises"]) {
      expect(client.getInstructions()).toContain(`"${tool}"`);
    }
  });

  it("describes each tool with schemas and what it may touch", async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(TOOLS);
    for (const { name, description, inputSchema, outputSchema, annotations } of tools) {
      expect(description?.length).toBeGreaterThan(100);
      expect(Object.keys(inputSchema.properties ?? {})).toContain("max_tokens");
      expect(outputSchema?.type).toBe("object");
      expect(annotations).toMatchObject({
        readOnlyHint: true,
        // A language model may be elsewhere, and answers differently each time.
        idempotentHint: name !== "premises",
        openWorldHint: name === "premises",
      });
    }
  });

  describe("search", () => {
    it("answers each of several queries, in text and in structure", async () => {
      const queries = ["a continuous function on a compact set attains its minimum", "Group"];
      const { text, structured } = await call("search", { queries, limit: 3 });
      const { answers } = searchSchema.parse(structured);
      expect(answers.map(({ query }) => query)).toEqual(queries);
      expect(answers[0]?.results.map(({ name }) => name)).toContain("IsCompact.exists_isMinOn");
      expect(answers[1]?.results[0]?.name).toBe("Group");
      for (const { results } of answers) {
        expect(results).toHaveLength(3);
        for (const { name } of results) expect(text).toContain(name);
      }
    });

    it("keeps to kinds, as Lean writes them, and to a module", async () => {
      const filters = { kinds: ["lemma"], module: "Mathlib.Topology", limit: 5 };
      const { structured } = await call("search", { queries: ["compact"], ...filters });
      const [answer] = searchSchema.parse(structured).answers;
      for (const { kind } of answer?.results ?? []) expect(kind).toBe("theorem");
      expect(answer?.results.length).toBe(5);
    });

    it("tells where the index has no such package, or none of its own", async () => {
      for (const filter of [{ package: "garden" }, { own: true }]) {
        const { structured } = await call("search", { queries: ["compact"], ...filter });
        const [answer] = searchSchema.parse(structured).answers;
        expect(answer?.problem).toMatch(/no package garden|no project's own declarations/);
      }
    });

    it("fits 2,000 tokens where nothing is said, and gives more where asked to", async () => {
      const queries = Array.from({ length: 20 }, (_, at) => `compact set ${at}`);
      const short = await call("search", { queries, limit: 50 });
      for (const form of [short.text, JSON.stringify(short.structured)]) {
        expect(estimatedTokens(form)).toBeLessThan(2000);
      }
      const one = await call("search", { queries: ["compact"], limit: 50 });
      for (const form of [one.text, JSON.stringify(one.structured)]) {
        expect(estimatedTokens(form)).toBeLessThan(2000);
      }
      expect(searchSchema.parse(one.structured).answers[0]?.left_out).toBeGreaterThan(0);
      const more = await call("search", { queries: ["compact"], limit: 50, max_tokens: 50_000 });
      const [answer] = searchSchema.parse(more.structured).answers;
      expect(answer?.results).toHaveLength(50);
      expect(answer?.left_out).toBeUndefined();
    });

    it("says which query makes no sense, and answers the others", async () => {
      const { structured, isError } = await call("search", { queries: ["the", "group"] });
      const [bad, good] = searchSchema.parse(structured).answers;
      expect(isError).toBe(false);
      expect(bad?.problem).toMatch(/no word to search for/);
      expect(good?.results.length).toBeGreaterThan(0);
    });
  });

  it("lookup tells names that exist from those that do not, and what is near", async () => {
    const names = ["IsCompact.exists_isMinOn", "exists_isMinOn", "IsCompct.exists_isMinOm"];
    const { text, structured } = await call("lookup", { names });
    expect(structured).toMatchObject({
      answers: [
        { exists: true, exact: true, name: "IsCompact.exists_isMinOn" },
        { exists: true, exact: false, name: "IsCompact.exists_isMinOn" },
        { exists: false, near: expect.arrayContaining(["IsCompact.exists_isMinOn"]) as unknown },
      ],
    });
    expect(text).toContain("IsCompct.exists_isMinOm: does NOT exist; near it: ");
  });

  it("related tells what surrounds a declaration", async () => {
    const { text, structured } = await call("related", { name: "IsCompact", limit: 3 });
    expect(structured).toMatchObject({ exists: true, name: "IsCompact" });
    expect(text).toMatch(/^used by \(\d+\): /m);
    const missing = await call("related", { name: "IsCompct.exists_isMinOm" });
    expect(missing.structured).toMatchObject({ exists: false });
    expect(missing.text).toContain("does NOT exist");
  });

  it("answers wrong arguments and unknown tools with an error, and goes on", async () => {
    const wrong: [string, Record<string, unknown>][] = [
      ["search", {}],
      ["search", { queries: "group" }],
      ["search", { queries: [], limit: 1 }],
      ["search", { queries: ["group"], limit: 1e9 }],
      ["search", { queries: Array(500).fill("x") }],
      ["search", { queries: ["group"], surprise: true }],
      ["lookup", { names: [3] }],
      ["related", { name: { a: 1 } }],
      ["no_such_tool", {}],
      ["__proto__", {}],
    ];
    for (const [name, args] of wrong) {
      const { text, isError } = await call(name, args);
      expect({ name, isError }).toEqual({ name, isError: true });
      expect(text).not.toMatch(/\bat .*\.[jt]s|node_modules/);
    }
    expect((await call("search", { queries: ["group"] })).isError).toBe(false);
  });

  it("takes calls back, and goes on", async () => {
    const controller = new AbortController();
    const queries = Array.from({ length: 20 }, (_, at) => `compact set ${at}`);
    const options = { signal: controller.signal };
    const asked = client.callTool({ name: "search", arguments: { queries } }, undefined, options);
    controller.abort(new Error("not needed"));
    await expect(asked).rejects.toThrow(/not needed/);
    expect((await call("search", { queries: ["group"] })).isError).toBe(false);
  });

  it("shows a declaration as a resource, with its name completed", async () => {
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      "lemmascope://declaration/{name}",
    ]);
    const { completion } = await client.complete({
      ref: { type: "ref/resource", uri: "lemmascope://declaration/{name}" },
      argument: { name: "name", value: "IsCompact.exists_is" },
    });
    expect(completion.values).toContain("IsCompact.exists_isMinOn");
    const uri = "lemmascope://declaration/IsCompact.exists_isMinOn";
    const { contents } = await client.readResource({ uri });
    expect(contents[0]).toMatchObject({ uri, mimeType: "text/markdown" });
    expect(JSON.stringify(contents[0])).toContain("```lean");
    await expect(
      client.readResource({ uri: "lemmascope://declaration/exists_isMinOn" }),
    ).rejects.toThrow(/no declaration exists_isMinOn; near it: IsCompact\.exists_isMinOn/);
  });

  it("teaches sketch, retrieve, reflect", async () => {
    const goal = "Every compact subset of a metric space is bounded.";
    const prompt = await client.getPrompt({ name: "find_premises", arguments: { goal } });
    const text = JSON.stringify(prompt.messages);
    for (const part of [goal, "Sketch", "Retrieve", "Reflect", "premises_from_sketch"]) {
      expect(text).toContain(part);
    }
  });
});

describeProgram("mcp over standard streams", () => {
  beforeAll(async () => {
    place = await Workplace.open();
  });
  afterAll(() => place.close());

  const initialize = JSON.stringify({
    jsonrpc: "2.0",
    id: 1,
    method: "initialize",
    params: {
      protocolVersion: "2025-06-18",
      capabilities: {},
      clientInfo: { name: "test", version: "1" },
    },
  });

  it("writes nothing but protocol, answers all that was asked before its input ends, and ends", async () => {
    const asked = [2, 3, 4].map((id) =>
      JSON.stringify({
        jsonrpc: "2.0",
        id,
        method: "tools/call",
        params: { name: "search", arguments: { queries: ["group"] } },
      }),
    );
    const garbage = ["{", '{"jsonrpc":"2.0","id":"x"}', "\u0000", "[".repeat(2000)];
    const input = [initialize, ...garbage, ...asked].map((line) => `${line}\n`).join("");
    const { code, stdout } = await place.run(["mcp", "--verbose"], { input });
    expect(code).toBe(EXIT.ok);
    const replies = stdout
      .trimEnd()
      .split("\n")
      .map((line) => z.looseObject({ jsonrpc: z.literal("2.0") }).parse(JSON.parse(line)));
    const answered = replies.filter(({ result }) => result !== undefined).map(({ id }) => id);
    expect(answered.sort()).toEqual([1, 2, 3, 4]);
    expect(replies.filter(({ error }) => error !== undefined)).toHaveLength(garbage.length);
  });

  it("shakes hands without an index, and then says, without its path, that it has none", async () => {
    const made = await connected("--index", place.path("missing.sqlite"));
    const { text, isError } = await call("search", { queries: ["group"] }, made);
    expect(isError).toBe(true);
    expect(text).toMatch(/^The index or its models cannot be used/);
    expect(text).not.toContain(place.folder);
    await made.close();
  });
});
