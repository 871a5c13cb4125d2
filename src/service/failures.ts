import type { ExitName } from "../errors.js";
import { UserError } from "../errors.js";

/** Too many questions are waiting already. */
export class BusyError extends Error {
  override readonly name = "BusyError";

  /** @param what waits, in the plural. */
  constructor(what = "searches") {
    super(`Too many ${what} are waiting: try again in a moment.`);
  }
}

/** The index or the models cannot be used. Its message is for whoever runs the service. */
export class UnusableIndexError extends Error {
  override readonly name = "UnusableIndexError";
  /** Undefined for a defect. */
  readonly exit: ExitName | undefined;

  constructor(exit: ExitName | undefined, message: string) {
    super(message);
    this.exit = exit;
  }
}

/** A defect of lemmascope, met on a search thread. Its message is that thread's stack trace. */
export class DefectError extends Error {
  override readonly name = "DefectError";
}

/** What a client may know of a failure. */
export interface PublicFailure {
  /**
   * - `request`: what was asked makes no sense; the message says why.
   * - `busy`: asking again in a moment will do.
   * - `cancelled`: the client took its request back.
   * - `unavailable`: the index, a model or an embedding service cannot be used.
   * - `defect`: a fault of lemmascope.
   */
  readonly kind: "request" | "busy" | "cancelled" | "unavailable" | "defect";
  /** One sentence without paths, addresses or stack traces. */
  readonly message: string;
}

/** What a client is told of a failure. The log has the rest. */
export function publicFailure(error: unknown): PublicFailure {
  if (error instanceof BusyError) return { kind: "busy", message: error.message };
  if (error instanceof UserError && (error.exit === "badInput" || error.exit === "usage")) {
    return { kind: "request", message: error.message };
  }
  if (error instanceof UserError && error.exit === "interrupted") {
    return { kind: "busy", message: "The server is ending: ask again when it is back." };
  }
  if (error instanceof UserError || error instanceof UnusableIndexError) {
    return {
      kind: "unavailable",
      message:
        "The index or its models cannot be used; the server's log says why, and lemmascope doctor what to do.",
    };
  }
  if (error instanceof Error && error.name === "AbortError") {
    return { kind: "cancelled", message: "The request was cancelled." };
  }
  return { kind: "defect", message: "This is a defect in lemmascope; the server's log has more." };
}
