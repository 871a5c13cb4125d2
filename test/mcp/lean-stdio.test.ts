import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MAIN, describeProgram, expectSentence, Workplace } from "../cli/command-line.js";
import { FakeChatServer } from "../llm/fake-chat-server.js";
import { installReadingLake, type ReadingLake } from "../prove/fake/reading-lake.js";
import { answerWith, proofWith, STATEMENT } from "../prove/made-up.js";

let place: Workplace;
let lake: ReadingLake;
let server: FakeChatServer;

beforeAll(async () => {
  place = await Workplace.open();
  lake = installReadingLake(place.path("lean"));
  server = await FakeChatServer.start();
  server.when({}, { kind: "says", text: answerWith("simp") });
  await place.run(["search", "compact"]);
});
afterAll(async () => {
  await server.stop();
  await place.close();
});

function environment(more: Record<string, string> = {}): Record<string, string> {
  return {
    ...lake.environment,
    PATH: `${lake.bin}:${process.env["PATH"] ?? ""}`,
    LEMMASCOPE_LEAN_PROJECT: lake.project,
    ...more,
  };
}

const model = () => ({
  LEMMASCOPE_LLM_BASE_URL: server.baseUrl,
  LEMMASCOPE_LLM_MODEL: "prover-1",
});

async function connected(args: string[], more: Record<string, string> = {}): Promise<Client> {
  const client = new Client({ name: "test", version: "1" });
  const command = { command: process.execPath, args: [MAIN, "mcp", ...args] };
  const env = { ...place.environment(), ...environment(more) };
  await client.connect(new StdioClientTransport({ ...command, env, stderr: "ignore" }));
  return client;
}

const names = async (client: Client) => (await client.listTools()).tools.map(({ name }) => name);

describe.skipIf(process.platform === "win32")("with Lean", () => {
  describeProgram("mcp", () => {
    it("offers to check proofs, and no more", async () => {
      const client = await connected([]);
      try {
        expect(await names(client)).toContain("verify");
        expect(await names(client)).not.toContain("prove");
        expect(client.getInstructions()).toContain('"verify" has Lean check');
        const args = { code: proofWith("simp"), statement: STATEMENT };
        const answer = await client.callTool({ name: "verify", arguments: args });
        expect(answer.structuredContent).toMatchObject({ proved: true, axioms: ["propext"] });
      } finally {
        await client.close();
      }
    });

    it("offers to prove where that is wanted", async () => {
      const client = await connected(["--prove"], model());
      try {
        const args = { statement: STATEMENT };
        const answer = await client.callTool({ name: "prove", arguments: args });
        expect(answer.structuredContent).toMatchObject({
          ...{ proved: true, code: proofWith("simp") },
          premises: expect.arrayContaining([expect.any(String)]) as string[],
        });
      } finally {
        await client.close();
      }
    });

    it("offers neither without Lean", async () => {
      const client = await connected([], { PATH: "" });
      try {
        expect(await names(client)).not.toContain("verify");
        expect(client.getInstructions()).toContain("Nothing here checks a proof.");
      } finally {
        await client.close();
      }
    });

    it("says what proving lacks", async () => {
      const without = await place.run(["mcp", "--prove"], { env: environment() });
      expectSentence(
        without,
        "usage",
        /^No language model is configured, so nothing can be proved/,
      );
      const env = environment({ ...model(), PATH: "" });
      const lean = await place.run(["mcp", "--prove"], { env });
      expectSentence(lean, "unavailable", /^There is no Lean that is ready, so nothing can be/);
    });
  });
});
