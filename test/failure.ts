import { UserError } from "../src/errors.js";

/** The UserError that some work ends with; other errors come through, and success is one. */
export async function failureOf(work: () => unknown): Promise<UserError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error("it succeeded");
}
