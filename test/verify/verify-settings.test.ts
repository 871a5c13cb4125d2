import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { resolveVerify, verifyInFolder, verifySection } from "../../src/config/verify-settings.js";
import { failureOf } from "../failure.js";

describe("the settings for checking proofs", () => {
  it("are for lake where nothing is set", () => {
    expect(resolveVerify(undefined, {})).toEqual({
      checker: "lake",
      timeoutMs: 300_000,
      importTimeoutMs: 600_000,
      memoryMiB: 8192,
      processes: 1,
      mostUses: 100,
      sandbox: "none",
    });
  });

  it("are for a server where one is set, unless the file says otherwise", () => {
    const environment = { LEMMASCOPE_LEAN_SERVER: "http://localhost:8000/verify/" };
    const settings = resolveVerify(undefined, environment);
    expect(settings.checker).toBe("remote");
    expect(settings.remote).toMatchObject({ baseUrl: "http://localhost:8000", batchSize: 8 });
    const section = verifySection.parse({
      checker: "repl",
      remote: { baseUrl: "http://a", batchSize: 2 },
    });
    expect(resolveVerify(section, environment)).toMatchObject({
      checker: "repl",
      remote: { baseUrl: "http://localhost:8000", batchSize: 2 },
    });
  });

  it("take paths from the file's folder, and names from the PATH", () => {
    const section = verifySection.parse({ project: "lean", lake: "lake", repl: "bin/repl" });
    expect(verifyInFolder("/there", section)).toMatchObject({
      project: resolve("/there/lean"),
      lake: "lake",
      repl: resolve("/there/bin/repl"),
    });
    const settings = resolveVerify(section, { LEMMASCOPE_LEAN_PROJECT: "other" });
    expect(settings.project).toBe(join(process.cwd(), "other"));
  });

  it.each([
    [{ LEMMASCOPE_LEAN_SERVER: "localhost:8000" }],
    [{ LEMMASCOPE_LEAN_SERVER: "http://me:secret@localhost" }],
    [{ LEMMASCOPE_LEAN_SERVER: "http://localhost?x=1" }],
  ])("refuse %j in a sentence", async (environment) => {
    const failure = await failureOf(() => resolveVerify(undefined, environment));
    expect(failure.exit).toBe("usage");
    expect(failure.message).toMatch(/LEMMASCOPE_LEAN_SERVER is wrong: it must be the address/);
  });
});
