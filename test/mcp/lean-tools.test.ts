import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { verifySection, type VerifySettings } from "../../src/config/verify-settings.js";
import { addProveTool } from "../../src/mcp/prove-tool.js";
import { addVerifyTool } from "../../src/mcp/verify-tool.js";
import { NO_USAGE } from "../../src/premises/premise-run.js";
import type { PremiseService } from "../../src/service/premises/premise-service.js";
import { LeanChecks } from "../../src/service/proving/lean-checks.js";
import { ProvingService } from "../../src/service/proving/proving-service.js";
import type { DeclarationService } from "../../src/service/questions.js";
import { ChatWorkplace } from "../llm/chat-workplace.js";
import { installReadingLake, type ReadingLake } from "../prove/fake/reading-lake.js";
import { answerWith, proofWith, STATEMENT } from "../prove/made-up.js";

const place = new ChatWorkplace();
const logger = pino({ level: "silent" });
let lake: ReadingLake;
let checks: LeanChecks;
let client: Client;

/** A house that knows one declaration. */
const declaration = { name: "Finset.sum_range_id", kind: "theorem", type: "∑ i ∈ range n, i = n" };
const service: DeclarationService = {
  ask: ((name: string) => {
    if (name === "find") return Promise.resolve([{ declaration: whole() }]);
    return Promise.resolve({ asked: "", found: true, declaration: whole() });
  }) as DeclarationService["ask"],
};
const premises: PremiseService = {
  find: () =>
    Promise.resolve({
      ...{ outcome: "no language model", languageModel: "none", isCallersSketch: false },
      premises: [{ declaration: whole(), usedBy: 1, score: 1, steps: [], evidence: [] }],
      ...{ sketch: undefined, rounds: 0, unsupportedSteps: [], unknownNames: [] },
      ...{ notes: [], usage: NO_USAGE },
    }),
};

function whole() {
  const empty = { signature: "", value: "", statement: "", docstring: "", informalName: "" };
  return {
    ...{ ...empty, ...declaration, kind: "theorem" as const, module: "Made.Up", line: 1 },
    ...{ informalDescription: "", aliases: [], topics: [], references: [], derivedFrom: undefined },
  };
}

function settings(more: Partial<VerifySettings> = {}): VerifySettings {
  const section = verifySection.parse({ lake: lake.lake, project: lake.project });
  return { ...section, checker: "lake", ...more };
}

beforeEach(async () => {
  lake = installReadingLake(place.path("lean"));
  const environment = { ...process.env, ...lake.environment };
  const opened = LeanChecks.open(settings(), environment);
  if (opened === undefined) throw new Error("there is a lake");
  checks = opened;
  const server = new McpServer({ name: "test", version: "1" });
  addVerifyTool(server, { checker: checks, logger });
  const proving = new ProvingService({
    ...{ service, premises, checker: checks, llm: place.settings() },
    ...{ cachePath: place.path("answers.sqlite"), environment: {} },
    warn: (sentence) => {
      throw new Error(sentence);
    },
  });
  addProveTool(server, { proving, logger });
  client = new Client({ name: "test", version: "1" });
  const [one, other] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(one), client.connect(other)]);
});
afterEach(async () => {
  await client.close();
  await checks.close();
});

const resultSchema = z.object({
  content: z.array(z.object({ text: z.string() })).min(1),
  structuredContent: z.record(z.string(), z.unknown()).optional(),
  isError: z.boolean().optional(),
});

async function call(name: string, args: Record<string, unknown>, progress: string[] = []) {
  const onprogress = ({ message = "" }): void => void progress.push(message);
  const answer = await client.callTool({ name, arguments: args }, undefined, { onprogress });
  const { content, structuredContent, isError } = resultSchema.parse(answer);
  return { text: content[0]?.text ?? "", structured: structuredContent, isError: isError === true };
}

describe.skipIf(process.platform === "win32")("verify", () => {
  it("says that a statement is proved, and on what it rests", async () => {
    const { text, structured } = await call("verify", {
      code: proofWith("simp"),
      statement: STATEMENT,
    });
    expect(structured).toMatchObject({ proved: true, messages: [], axioms: ["propext"] });
    expect(text).toMatch(/^Axioms: propext\nProved\. \([\d.]+ s\)$/);
  });

  it("gives errors with their places, and shortens them to fit", async () => {
    const code = proofWith(`simp -- error: unsolved goals\\n⊢ ${"x ".repeat(3000)}\nsorry`);
    const { text, structured } = await call("verify", { code });
    expect(structured).toMatchObject({
      ...{ proved: false, failure: "Lean found an error in line 7: unsolved goals." },
      messages: [
        { severity: "error", line: 7, column: 0 },
        { severity: "sorry", line: 8 },
        { severity: "warning", line: 8 },
      ],
    });
    expect(text).toMatch(/^7:0: error: unsolved goals\n⊢ x x/);
    expect(text.length).toBeLessThan(6000);
  });

  it("does not show Lean what could run programs", async () => {
    const { structured, isError } = await call("verify", { code: "#eval 1\n" });
    expect(structured).toMatchObject({
      proved: false,
      messages: [{ severity: "refused", line: 1 }],
    });
    expect([isError, lake.starts()]).toEqual([false, []]);
  });

  it("says what is wrong with a statement", async () => {
    const { text, isError } = await call("verify", { code: "x", statement: "words" });
    expect(isError).toBe(true);
    expect(text).toMatch(/^The statement to prove states no named theorem/);
  });

  it("tells nothing of the machine where Lean fails", async () => {
    writeFileSync(lake.lake, "#!/bin/sh\necho 'no such file: /home/somebody/secret' >&2\nexit 1\n");
    const { text, isError } = await call("verify", { code: "theorem a : True := trivial" });
    expect(isError).toBe(true);
    expect(text).toMatch(
      /^Lean or the language model cannot be used now; the server's log says why/,
    );
  });

  it("is not there without Lean, nor where Mathlib is asked for and not built", () => {
    const environment = { PATH: place.folder };
    expect(LeanChecks.open(settings({ lake: "lake" }), environment)).toBeUndefined();
    expect(LeanChecks.open(settings({ project: place.folder }), environment)).toBeUndefined();
    const project = join(place.folder, "unbuilt");
    mkdirSync(project);
    writeFileSync(join(project, "lakefile.toml"), '[[require]]\nname = "mathlib"\n');
    expect(LeanChecks.open(settings({ project }), environment)).toBeUndefined();
  });

  it("refuses more checks than can wait, in a sentence", async () => {
    const code = "theorem a : True := trivial -- hang";
    const stop = new AbortController();
    const waiting = Array.from({ length: 30 }, () =>
      checks.check({ code }, { signal: stop.signal }).catch((error: unknown) => error),
    );
    const { text, isError } = await call("verify", { code });
    expect([isError, text]).toEqual([
      ...[true, "Too many checks are waiting: try again in a moment."],
    ]);
    stop.abort();
    await Promise.all(waiting);
  });
});

describe.skipIf(process.platform === "win32")("prove", () => {
  it("gives the proof, tells progress, and has the library help with errors", async () => {
    const bad = answerWith("foo -- error: Unknown constant `Foo.bar`");
    const good = answerWith("simp");
    place.server.when(
      { system: "You prove theorems" },
      { kind: "says", text: bad },
      { kind: "says", text: good },
    );
    const progress: string[] = [];
    const { text, structured } = await call("prove", { statement: STATEMENT }, progress);
    expect(structured).toMatchObject({
      ...{ outcome: "proved", proved: true, code: proofWith("simp"), attempts: 2 },
      ...{ premises: ["Finset.sum_range_id"], model_calls: 2, axioms: ["propext"] },
    });
    expect(text).toContain(`\`\`\`lean\n${proofWith("simp")}`);
    expect(progress.slice(0, 3)).toEqual([
      "looking for premises",
      "candidate 1: waiting for attempt 1",
      "candidate 1: checking attempt 1",
    ]);
    const [first, second] = place.server.questions;
    expect(first?.user).toContain("- theorem Finset.sum_range_id : ∑ i ∈ range n, i = n");
    expect(second?.user).toContain("For names near `Foo.bar`:\n- theorem Finset.sum_range_id");
  });

  it("gives the best attempt with its errors where the time is up", async () => {
    const bad = answerWith("foo -- error: no");
    const slow = answerWith("simp -- hang");
    place.server.when({}, { kind: "says", text: bad }, { kind: "says", text: slow });
    const args = { statement: STATEMENT, max_seconds: 3, retrieval: "none" };
    const { structured } = await call("prove", args);
    expect(structured).toMatchObject({
      ...{ outcome: "interrupted", proved: false, attempts: 2, premises: [] },
      messages: [{ severity: "error", line: 7, text: "no" }],
    });
  });

  it("says so where the time was up before anything", async () => {
    place.server.delayMs = () => 5000;
    const { text, isError } = await call("prove", { statement: STATEMENT, max_seconds: 1 });
    expect(isError).toBe(true);
    expect(text).toBe("The 1 seconds were over before there was any attempt: raise max_seconds.");
  });
});
