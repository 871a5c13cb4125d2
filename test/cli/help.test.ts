import { afterAll, beforeAll, expect, it } from "vitest";
import { EXIT } from "../../src/errors.js";
import { VERSION } from "../../src/package-root.js";
import { describeProgram, Workplace } from "./command-line.js";

let place: Workplace;
beforeAll(async () => {
  place = await Workplace.open();
});
afterAll(() => place.close());

describeProgram("help", () => {
  const commands = [
    [],
    ["search"],
    ["show"],
    ["index"],
    ["pull"],
    ["status"],
    ["doctor"],
    ["bench"],
    ["bench", "search"],
    ["export"],
    ["export", "words"],
    ["export", "features"],
  ];
  it.concurrent.each(commands.map((words) => [words.join(" "), words] as const))(
    "of lemmascope %s has an example that fits a terminal",
    async (name, words) => {
      const { code, stdout, stderr } = await place.run([...words, "--help"]);
      expect({ code, stderr }).toEqual({ code: EXIT.ok, stderr: "" });
      expect(stdout).toMatch(new RegExp(`Examples?:\\n {2}lemmascope ${name}`));
      expect(stdout).toContain("--index <PATH>");
      for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
    },
  );

  it("names every exit code", async () => {
    const { stdout } = await place.run(["help"]);
    const told = /Exit codes: (.*)\.\s*$/s.exec(stdout)?.[1]?.match(/\d+/g)?.map(Number);
    expect(told).toEqual(Object.values(EXIT));
  });

  it("goes to standard error, with usage, where no command is named", async () => {
    const { code, stdout, stderr } = await place.run([]);
    expect({ code, stdout }).toEqual({ code: EXIT.usage, stdout: "" });
    expect(stderr).toMatch(/^Usage: lemmascope/);
  });

  it("comes with the version", async () => {
    expect((await place.run(["--version"])).stdout).toBe(`${VERSION}\n`);
  });
});
