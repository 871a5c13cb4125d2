import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  DescriptionState,
  type KeptDescription,
} from "../../src/informalize/state/description-state.js";
import { failureOf } from "../failure.js";
import { temporaryFolder } from "../temporary-folder.js";

const folder = temporaryFolder();
let count = 0;
const fresh = (): string => join(folder, `state-${(count += 1)}.jsonl`);

function kept(text: string): KeptDescription {
  const informalDescription = `Words about ${text}.`;
  return { informalName: text, informalDescription, stamp: "s", model: "m", prompt: "p" };
}

/** All that a state holds of these names. */
async function holds(path: string, names: readonly string[]): Promise<(string | undefined)[]> {
  const state = await DescriptionState.open(path);
  try {
    return names.map((name) => state.get(name)?.informalName);
  } finally {
    state.close();
  }
}

describe("a state", () => {
  it("keeps every description that it said it has, wherever a crash cuts the file", async () => {
    const name = fc.constantFrom("a", "b", "Made.c", "«odd\nname»", "é");
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(name, fc.string()), { maxLength: 12 }),
        fc.nat(200),
        async (additions, cut) => {
          const path = fresh();
          const state = await DescriptionState.open(path);
          const sizes = additions.map(([one, text]) => {
            state.add(one, kept(text));
            return readFileSync(path).length;
          });
          state.close();
          const length = Math.max(0, readFileSync(path).length - cut);
          truncateSync(path, length);
          const whole = additions.filter((_, at) => (sizes[at] ?? 0) <= length);
          const expected = new Map(whole);
          const names = additions.map(([one]) => one);
          expect(await holds(path, names)).toEqual(names.map((one) => expected.get(one)));
          // It goes on where it was cut.
          const again = await DescriptionState.open(path);
          again.add("more", kept("more"));
          again.close();
          expect(await holds(path, [...names, "more"])).toEqual([
            ...names.map((one) => expected.get(one)),
            "more",
          ]);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("holds a line a description once it is compacted, and can be added to", async () => {
    const path = fresh();
    const state = await DescriptionState.open(path);
    for (const text of ["one", "two", "three"]) {
      state.add("a", kept(text));
      state.add(text, kept(text));
    }
    state.compact();
    expect(readFileSync(path, "utf8").trimEnd().split("\n")).toHaveLength(5);
    state.add("b", kept("four"));
    state.compact();
    state.close();
    expect(await holds(path, ["a", "one", "two", "three", "b"])).toEqual([
      ...["three", "one", "two", "three", "four"],
    ]);
    expect(readFileSync(path, "utf8").trimEnd().split("\n")).toHaveLength(6);
  });

  it("is nobody else's while it is open", async () => {
    const path = fresh();
    const state = await DescriptionState.open(path);
    const failure = await failureOf(() => DescriptionState.open(path));
    expect(failure).toMatchObject({ exit: "io" });
    expect(failure.message).toMatch(/^Another run is writing to .* name another --out\.$/);
    state.close();
    expect(existsSync(`${path}.lock`)).toBe(false);
    (await DescriptionState.open(path)).close();
  });

  it.each([
    ["an empty object", "{}\n", "usage", /is no state of an informalization/],
    [
      "another version",
      '{"format":"lemmascope informalization state","version":2}\n',
      "usage",
      /another version/,
    ],
  ] as const)("refuses %s, and leaves it as it is", async (_, content, exit, sentence) => {
    const path = fresh();
    writeFileSync(path, content);
    const failure = await failureOf(() => DescriptionState.open(path));
    expect(failure).toMatchObject({ exit });
    expect(failure.message).toMatch(sentence);
    expect(readFileSync(path, "utf8")).toBe(content);
  });

  it("says which line is damaged", async () => {
    const path = fresh();
    (await DescriptionState.open(path)).close();
    appendFileSync(path, '{"name":"a"}\n');
    const failure = await failureOf(() => DescriptionState.open(path));
    expect(failure).toMatchObject({ exit: "badInput" });
    expect(failure.message).toContain("is damaged at line 2");
  });

  it("says so where it cannot be written", async () => {
    writeFileSync(join(folder, "file"), "");
    const failure = await failureOf(() => DescriptionState.open(join(folder, "file", "state")));
    expect(failure).toMatchObject({ exit: "io" });
  });
});
