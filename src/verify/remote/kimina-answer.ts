import { z } from "zod";
import { leanMessage, leanSorry } from "../lean-run.js";

const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);

const success = z.object({ messages: list(leanMessage), sorries: list(leanSorry) });
const failed = z.object({ message: z.string() });

/**
 * The answer to `POST /verify` of a Kimina Lean Server (project-numina/kimina-lean-server,
 * client/kimina/models.py: `VerifyResponse`). `error` is the server's own, such as a time-out;
 * `response` is the REPL's answer or its error.
 */
export const kiminaAnswer = z.object({
  results: z.array(
    z.object({
      custom_id: z.union([z.string(), z.number()]).transform(String),
      error: z.string().nullish(),
      response: z.union([failed, success]).nullish(),
    }),
  ),
});
export type KiminaResult = z.infer<typeof kiminaAnswer>["results"][number];
