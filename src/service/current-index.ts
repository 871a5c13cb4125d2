import type { DeclarationIndex } from "../index/declaration-index.js";

/**
 * What answers from an index, opened anew when the index is changed or replaced on the disk: an index
 * that is being watched, or was just made again, is searched as it is now.
 */
export class CurrentIndex<House extends { readonly index: DeclarationIndex }> {
  readonly #open: (before: House | undefined) => Promise<House>;
  #current: { readonly house: House; users: number } | undefined;
  #opening: Promise<void> | undefined;

  /** @param open opens it; what was open before may be drawn on, but for its index. */
  constructor(open: (before: House | undefined) => Promise<House>) {
    this.#open = open;
  }

  /**
   * Does some work with what is open. Where the index has been changed but cannot be opened as it is
   * now, the work is done with what was open before.
   *
   * @throws OpeningError where nothing could be opened at all; what the work throws.
   */
  async use<T>(work: (house: House) => Promise<T> | T): Promise<T> {
    if (this.#current === undefined || this.#current.house.index.isOutdated()) {
      await (this.#opening ??= this.#reopen().finally(() => (this.#opening = undefined)));
    }
    const used = this.#current;
    if (used === undefined) throw new RangeError("nothing is open");
    used.users += 1;
    try {
      return await work(used.house);
    } finally {
      used.users -= 1;
      this.#closeUnused(used);
    }
  }

  async #reopen(): Promise<void> {
    const before = this.#current;
    try {
      this.#current = { house: await this.#open(before?.house), users: 0 };
    } catch (error) {
      if (before === undefined) throw new OpeningError(error);
      return;
    }
    if (before !== undefined) this.#closeUnused(before);
  }

  #closeUnused(used: { readonly house: House; readonly users: number }): void {
    if (used.users === 0 && used !== this.#current) used.house.index.close();
  }
}

/** An index, or its models, could not be opened; the cause says why. */
export class OpeningError extends Error {
  constructor(cause: unknown) {
    super("the index could not be opened", { cause });
  }
}
