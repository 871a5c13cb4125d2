import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Declaration } from "../../../src/declaration.js";
import { compressedRows } from "../../../src/informalize/graph/dependency-graph.js";
import { contentHash, stampsOf } from "../../../src/informalize/graph/stamps.js";
import { strongComponents } from "../../../src/informalize/graph/strong-components.js";
import { declaration } from "../../index/made-up.js";
import { arbitraryRows, idOf, reachable, withSurvey } from "./made-up.js";

/** The stamp of each node, where a node's content is its number and what was changed. */
function stampsIn(rows: readonly (readonly number[])[], contents: readonly string[]): string[] {
  const graph = compressedRows(rows);
  const stamps = stampsOf(graph, strongComponents(graph), (id) =>
    contentHash([contents[id] ?? ""]),
  );
  return rows.map((_, id) => stamps.of(id));
}

describe("stamps", () => {
  it("change for what was changed and all that depends on it, however far, and for nothing else", () => {
    const rowsAndOne = arbitraryRows.chain((rows) =>
      fc.tuple(fc.constant(rows), fc.nat({ max: rows.length - 1 })),
    );
    fc.assert(
      fc.property(rowsAndOne, ([rows, changed]) => {
        const contents = rows.map((_, id) => `content ${id}`);
        const before = stampsIn(rows, contents);
        const after = stampsIn(rows, contents.with(changed, "something else"));
        const reached = reachable(rows);
        for (const id of rows.keys()) {
          const dependsOnIt = id === changed || reached[id]?.has(changed) === true;
          expect(after[id] !== before[id]).toBe(dependsOnIt);
        }
      }),
    );
  });

  it("are the same whatever the order of the corpus and of what each depends on", () => {
    const rowsAndOrder = arbitraryRows.chain((rows) =>
      fc.tuple(
        fc.constant(rows),
        fc.shuffledSubarray([...rows.keys()], { minLength: rows.length, maxLength: rows.length }),
      ),
    );
    fc.assert(
      fc.property(rowsAndOrder, ([rows, order]) => {
        const contents = rows.map((_, id) => `content ${id}`);
        const placeOf = new Map(order.map((id, place) => [id, place]));
        const moved = order.map((id) =>
          (rows[id] ?? []).map((target) => placeOf.get(target) ?? -1).reverse(),
        );
        const before = stampsIn(rows, contents);
        const after = stampsIn(
          moved,
          order.map((id) => contents[id] ?? ""),
        );
        expect(after).toEqual(order.map((id) => before[id]));
      }),
    );
  });

  it("tell all declarations apart", () => {
    fc.assert(
      fc.property(arbitraryRows, (rows) => {
        const contents = rows.map((_, id) => `content ${id}`);
        expect(new Set(stampsIn(rows, contents)).size).toBe(rows.length);
      }),
    );
  });

  const rose = declaration("Rose", { kind: "structure", line: 1, value: "where petals : Nat" });
  const red = declaration("Rose.red", { signature: "(r : Rose)", type: "r = r", line: 5 });

  it.each<[string, Partial<Declaration>]>([
    ["its line", { line: 9 }],
    ["its module", { module: "Garden" }],
    ["its topics", { topics: ["botany"] }],
    ["a description by somebody", { informalName: "Rose", informalDescription: "A rose." }],
  ])("stay where %s changes", async (_, change) => {
    expect(await stampsBy([{ ...rose, ...change }, red])).toEqual(await stampsBy([rose, red]));
  });

  it.each<[string, Partial<Declaration>]>([
    ["its value", { value: "where petals : Int" }],
    ["its docstring", { docstring: "A flower." }],
    ["its kind", { kind: "class" }],
  ])("change with %s, also for what depends on it", async (_, change) => {
    const [before, after] = [
      await stampsBy([rose, red]),
      await stampsBy([{ ...rose, ...change }, red]),
    ];
    expect(after.Rose).not.toBe(before.Rose);
    expect(after.red).not.toBe(before.red);
  });

  it("stay where only the proof of a theorem changes", async () => {
    const proved = { ...red, value: ":= by rfl", references: ["Thorn"] };
    const thorn = declaration("Thorn", { kind: "definition" });
    expect(await stampsBy([rose, proved, thorn])).toEqual(await stampsBy([rose, red, thorn]));
  });
});

function stampsBy(corpus: readonly Declaration[]): Promise<{ Rose: string; red: string }> {
  return withSurvey(corpus, (survey) => ({
    Rose: survey.stamps.of(idOf(survey, "Rose")),
    red: survey.stamps.of(idOf(survey, "Rose.red")),
  }));
}
