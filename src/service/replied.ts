import { UserError } from "../errors.js";
import { DefectError, UnusableIndexError } from "./failures.js";
import type { Reply } from "./open-index.js";

/**
 * The answer that a thread gave.
 *
 * @throws UnusableIndexError, UserError or DefectError, as what went wrong there.
 */
export function replied<Answer>(reply: Reply<Answer>): Answer {
  if (reply.ok) return reply.answer;
  if (reply.during === "opening") throw new UnusableIndexError(reply.exit, reply.message);
  if (reply.exit === undefined) throw new DefectError(reply.message);
  throw new UserError(reply.exit, reply.message);
}
