import { describe, expect, it } from "vitest";
import type { DeclarationIndex } from "../../src/index/declaration-index.js";
import { CurrentIndex, OpeningError } from "../../src/service/current-index.js";

/** As much of an index as matters: whether it is outdated, and whether it has been closed. */
class FakeIndex {
  isClosed = false;
  outdated = false;
  readonly number: number;
  constructor(number: number) {
    this.number = number;
  }
  isOutdated(): boolean {
    return this.outdated;
  }
  close(): void {
    this.isClosed = true;
  }
}

interface House {
  readonly index: DeclarationIndex;
  readonly fake: FakeIndex;
}

function made(failures: ReadonlySet<number> = new Set()) {
  const opened: FakeIndex[] = [];
  let attempts = 0;
  const current = new CurrentIndex<House>(async () => {
    attempts += 1;
    await Promise.resolve();
    if (failures.has(attempts)) throw new Error(`attempt ${attempts}`);
    const fake = new FakeIndex(attempts);
    opened.push(fake);
    return { index: fake as unknown as DeclarationIndex, fake };
  });
  const ask = (): Promise<number> => current.use(({ fake }) => fake.number);
  return { current, ask, opened };
}

describe("an index that may change", () => {
  it("is opened once, and again when it has changed", async () => {
    const { ask, opened } = made();
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1]);
    const [first] = opened;
    if (first !== undefined) first.outdated = true;
    expect(await Promise.all([ask(), ask()])).toEqual([2, 2]);
    expect(opened.map(({ isClosed }) => isClosed)).toEqual([true, false]);
  });

  it("stays open for work that goes on", async () => {
    const { current, ask, opened } = made();
    let finish: () => void = () => undefined;
    const going = current.use(async ({ fake }) => {
      await new Promise<void>((resolve) => (finish = resolve));
      return fake.isClosed;
    });
    await ask();
    const [first] = opened;
    if (first !== undefined) first.outdated = true;
    expect(await ask()).toBe(2);
    expect(first?.isClosed).toBe(false);
    finish();
    expect(await going).toBe(false);
    expect(first?.isClosed).toBe(true);
  });

  it("goes on with what is open where the new one cannot be opened, and tries again", async () => {
    const { ask, opened } = made(new Set([2]));
    expect(await ask()).toBe(1);
    const [first] = opened;
    if (first !== undefined) first.outdated = true;
    expect(await ask()).toBe(1);
    expect(await ask()).toBe(3);
  });

  it("tells where nothing can be opened, each time, until something can", async () => {
    const { ask } = made(new Set([1, 2]));
    await expect(ask()).rejects.toThrow(OpeningError);
    await expect(ask()).rejects.toMatchObject({ cause: { message: "attempt 2" } });
    expect(await ask()).toBe(3);
  });
});
