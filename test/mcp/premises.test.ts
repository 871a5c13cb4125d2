import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import {
  type CreateMessageRequest,
  CreateMessageRequestSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { estimatedTokens } from "../../src/mcp/context-budget.js";
import { premiseOutput } from "../../src/mcp/premise-answer.js";
import { describeProgram, MAIN, Workplace } from "../cli/command-line.js";
import { RunningServer } from "../http/running-server.js";
import { FakeChatServer } from "../llm/fake-chat-server.js";
import { answerSensibly, GOAL, modelAnswer, SKETCH } from "../service/premises/model-answers.js";

const resultSchema = z.object({
  content: z.array(z.object({ type: z.literal("text"), text: z.string() })).min(1),
  structuredContent: z.unknown().optional(),
  isError: z.boolean().optional(),
});

/** What a client's model says to a question: a text, or that it will not. */
type Says = (params: CreateMessageRequest["params"]) => string | Error;

/** The sketch as `premises_from_sketch` takes it. */
const AGENTS_SKETCH = {
  steps: SKETCH.steps,
  queries: SKETCH.theoremQueries,
  definition_queries: SKETCH.definitionQueries,
  guessed_names: SKETCH.guessedNames,
  hypothetical_statements: SKETCH.hypotheticalStatements,
};

let place: Workplace;

/** @param says absent for a client that offers no sampling. */
function newClient(says?: Says): Client {
  const client = new Client(
    { name: "test", version: "1" },
    { capabilities: says === undefined ? {} : { sampling: {} } },
  );
  if (says !== undefined) {
    client.setRequestHandler(CreateMessageRequestSchema, ({ params }) => {
      const said = says(params);
      if (said instanceof Error) throw said;
      return { role: "assistant", model: "clients-own", content: { type: "text", text: said } };
    });
  }
  return client;
}

async function connected(says?: Says, env: Record<string, string> = {}): Promise<Client> {
  const client = newClient(says);
  const command = { command: process.execPath, args: [MAIN, "mcp"] };
  const environment = { ...place.environment(), ...env };
  await client.connect(
    new StdioClientTransport({ ...command, env: environment, stderr: "ignore" }),
  );
  return client;
}

async function call(client: Client, name: string, args: Record<string, unknown>) {
  const { content, structuredContent, isError } = resultSchema.parse(
    await client.callTool({ name, arguments: args }),
  );
  const text = content[0]?.text ?? "";
  if (isError === true) throw new Error(text);
  return { text, answer: premiseOutput.parse(structuredContent) };
}

/** A model as it should be. */
const sensible: Says = ({ messages }) => {
  const { content } = messages[0] ?? {};
  const text = content !== undefined && "text" in content ? content.text : "";
  return JSON.stringify(modelAnswer(text));
};

describeProgram("premises over MCP, by the official client", () => {
  beforeAll(async () => {
    place = await Workplace.open();
  });
  afterAll(() => place.close());

  describe("without any language model", () => {
    let client: Client;
    beforeAll(async () => {
      client = await connected();
    });
    afterAll(() => client.close());

    it("goes by the statement and says so, in fewer than 2,000 tokens", async () => {
      const { text, answer } = await call(client, "premises", { theorem: GOAL });
      expect(answer).toMatchObject({ language_model: "none", outcome: "no language model" });
      expect(text).toContain("No language model was used.");
      expect(answer.premises.map(({ name }) => name)).toContain("IsCompact.exists_isMinOn");
      for (const form of [text, JSON.stringify(answer)]) {
        expect(estimatedTokens(form)).toBeLessThan(2000);
      }
    });

    it("takes words for a theorem, too", async () => {
      const theorem = "A continuous function on a compact set attains its minimum.";
      const { answer } = await call(client, "premises", { theorem, limit: 10 });
      expect(answer.premises.map(({ name }) => name)).toContain("IsCompact.exists_isMinOn");
    });

    it("says that there is no model for what only a model can do", async () => {
      const asked = call(client, "premises", { theorem: GOAL, mode: "full" });
      await expect(asked).rejects.toThrow(/no language model for the mode "full"/);
    });

    it("turns a sketch into premises by step, unsupported steps and names that do not exist", async () => {
      const { text, answer } = await call(client, "premises_from_sketch", {
        theorem: GOAL,
        ...AGENTS_SKETCH,
      });
      const minimum = answer.premises.find(({ name }) => name === "IsCompact.exists_isMinOn");
      expect(minimum?.steps).toEqual([1]);
      expect(answer.steps).toMatchObject([
        { step: 1, supported: true },
        { step: 2, supported: false, premises: [] },
      ]);
      expect(answer.steps[0]?.premises).toContain(minimum?.rank);
      expect(answer.unknown_names).toMatchObject([{ name: "IsCompact.exists_isMinimumOn" }]);
      expect(text).toMatch(/Step 2 is NOT supported/);
      expect(text).toMatch(/exists_isMinimumOn: does NOT exist; near it: .*exists_isMinOn/);
      for (const form of [text, JSON.stringify(answer)]) {
        expect(estimatedTokens(form)).toBeLessThan(2000);
      }
    });

    it("gives the evidence and all premises where it is allowed more", async () => {
      const more = { limit: 60, max_tokens: 50_000 };
      const { answer } = await call(client, "premises_from_sketch", { ...AGENTS_SKETCH, ...more });
      expect(answer.premises).toHaveLength(60);
      expect(answer.left_out).toBeUndefined();
      const minimum = answer.premises.find(({ name }) => name === "IsCompact.exists_isMinOn");
      expect(minimum?.evidence).toMatch(/its name was guessed/);
    });

    it("refuses sketches that ask for nothing or too much, and goes on", async () => {
      const query = { what: "x", queries: Array(30).fill("compact") };
      const refused: [Record<string, unknown>, RegExp][] = [
        [{}, /asks for nothing/],
        [{ theorem: GOAL }, /asks for nothing/],
        [{ steps: [query, query, query, query, query, query] }, /at most 150/],
        [{ guessed_names: Array(101).fill("IsCompact") }, /at most 100/],
        [{ steps: "prove it" }, /steps/],
        [{ guessed_names: ["x"], surprise: true }, /surprise/],
      ];
      for (const [args, why] of refused) {
        await expect(call(client, "premises_from_sketch", args)).rejects.toThrow(why);
      }
      expect((await call(client, "premises_from_sketch", AGENTS_SKETCH)).answer.outcome).toBe(
        "sketched",
      );
    });
  });

  describe("by sampling", () => {
    it("has the client's model plan, tells progress that only rises, and says whose plan it was", async () => {
      const client = await connected(sensible);
      const told: number[] = [];
      const result = await client.callTool(
        { name: "premises", arguments: { theorem: GOAL } },
        undefined,
        { onprogress: ({ progress }) => told.push(progress) },
      );
      const answer = premiseOutput.parse(result.structuredContent);
      expect(answer).toMatchObject({ language_model: "client", outcome: "sketched" });
      expect(answer.summary).toMatch(/Your own language model/);
      expect(answer.steps.map(({ supported }) => supported)).toEqual([true, false]);
      expect(told.length).toBeGreaterThan(3);
      expect(told).toEqual([...new Set(told)].sort((a, b) => a - b));
      // The client takes progress that it did not ask for as a mistake.
      const mistakes: Error[] = [];
      client.onerror = (error) => mistakes.push(error);
      const full = await call(client, "premises", { theorem: GOAL, mode: "full" });
      expect(full.answer).toMatchObject({ language_model: "client", outcome: "supported" });
      expect(mistakes).toEqual([]);
      await client.close();
    });

    it("has a wrong answer mended, and goes by the statement where that does not help", async () => {
      const questions: number[] = [];
      const client = await connected((params) => {
        questions.push(params.messages.length);
        return "I would rather talk about the weather.";
      });
      const { answer } = await call(client, "premises", { theorem: GOAL });
      expect(questions).toEqual([1, 3]);
      expect(answer.summary).toMatch(/made no plan that could be used/);
      expect(answer.notes?.join()).toMatch(/no JSON object/);
      expect(answer.premises.map(({ name }) => name)).toContain("IsCompact.exists_isMinOn");
      await client.close();
    });

    it("goes by the statement where the user says no", async () => {
      const client = await connected(() => new Error("User rejected sampling request"));
      const { answer } = await call(client, "premises", { theorem: GOAL });
      expect(answer.language_model).toBe("none");
      expect(answer.notes?.join()).toMatch(/User rejected sampling request/);
      await client.close();
    });

    it("works over HTTP, too", async () => {
      const server = await RunningServer.start(["mcp", "--http"]);
      const client = newClient(sensible);
      await client.connect(new StreamableHTTPClientTransport(new URL(`${server.address}/mcp`)));
      const { answer } = await call(client, "premises", { theorem: GOAL, mode: "full" });
      expect(answer).toMatchObject({ language_model: "client", outcome: "supported" });
      await client.close();
      expect((await server.stop()).code).toBe(0);
    });
  });

  describe("with a configured model", () => {
    let models: FakeChatServer;
    let client: Client;

    beforeAll(async () => {
      models = await FakeChatServer.start();
      client = await connected(() => new Error("asked"), {
        LEMMASCOPE_LLM_BASE_URL: models.baseUrl,
        LEMMASCOPE_LLM_MODEL: "made-up",
      });
    });
    beforeEach(() => answerSensibly(models));
    afterAll(async () => {
      await client.close();
      await models.stop();
    });

    it("does the whole loop with it, and does not ask the client's", async () => {
      const { answer } = await call(client, "premises", { theorem: GOAL });
      expect(answer).toMatchObject({ language_model: "configured", outcome: "supported" });
      expect(models.violations).toEqual([]);
    });

    it("ends in time with what it has where the model does not answer", async () => {
      models.when({}, { kind: "stall", after: 3 });
      const { answer } = await call(client, "premises", {
        theorem: `${GOAL} -- again`,
        informal: "The minimum is attained.",
        max_seconds: 1,
      });
      expect(answer).toMatchObject({ language_model: "configured", outcome: "budget spent" });
      expect(answer.premises.length).toBeGreaterThan(0);
    });

    it("stops asking when the call is taken back, and goes on", async () => {
      models.when({}, { kind: "stall", after: 3 });
      const before = models.questions.length;
      const controller = new AbortController();
      const asked = client.callTool(
        { name: "premises", arguments: { theorem: GOAL, informal: "To be taken back." } },
        undefined,
        { signal: controller.signal },
      );
      asked.catch(() => undefined);
      while (models.questions.length === before) await new Promise((done) => setTimeout(done, 5));
      controller.abort(new Error("not needed"));
      await expect(asked).rejects.toThrow(/not needed/);
      answerSensibly(models);
      const { answer } = await call(client, "premises", { theorem: GOAL, mode: "sketch" });
      expect(answer.outcome).toBe("sketched");
    });
  });
});
