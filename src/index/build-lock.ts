import { FileLock } from "../file-lock.js";

/** Keeps two builds of one index apart, by the empty file `PATH.building.lock`. */
export class BuildLock {
  readonly #lock: FileLock;

  private constructor(lock: FileLock) {
    this.#lock = lock;
  }

  /**
   * Takes the lock of an index.
   *
   * @throws UserError `io` where another build has it; errors of SQLite where the file cannot be
   * written.
   */
  static acquire(target: string): BuildLock {
    const taken = `Another process is building or watching the index ${target}: wait for it to end, or end it, then try again.`;
    return new BuildLock(FileLock.acquire(`${target}.building.lock`, taken));
  }

  /** Gives the index free; further calls do nothing. */
  release(): void {
    this.#lock.release();
  }
}
