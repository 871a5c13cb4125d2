import { closeSync, openSync, writeFileSync } from "node:fs";
import { errorMessage, UserError } from "../errors.js";

/** A file of events, one JSON line each, in order. */
export class TraceFile {
  readonly #path: string;
  readonly #file: number;
  #isOpen = true;

  /** @throws UserError `io` where the file cannot be made; a file that exists is written over. */
  constructor(path: string) {
    this.#path = path;
    try {
      this.#file = openSync(path, "w");
    } catch (error) {
      throw this.#failure(error);
    }
  }

  /** @throws UserError `io` */
  write(event: object): void {
    try {
      writeFileSync(this.#file, `${JSON.stringify(event)}\n`);
    } catch (error) {
      throw this.#failure(error);
    }
  }

  close(): void {
    if (this.#isOpen) closeSync(this.#file);
    this.#isOpen = false;
  }

  #failure(error: unknown): UserError {
    return new UserError(
      "io",
      `The trace ${this.#path} cannot be written (${errorMessage(error)}): see to its folder, or name another file.`,
      { cause: error },
    );
  }
}
