import { createReadStream, existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { UserError } from "../../src/errors.js";
import { readSearchQueries } from "../search/data.js";

const trainingLine = z.object({ queries: z.record(z.string(), z.string().nullable()) });

/**
 * Queries to ask a server: those of MathlibQR, or, from a file of written queries (JSONL, each line
 * with `queries` by style), the first so many.
 *
 * @param source the folder of MathlibQR's files, or a JSONL file.
 * @throws UserError `badInput` where there are no queries.
 */
export async function loadQueries(source: string, most = 1000): Promise<string[]> {
  if (existsSync(join(source, "MathlibQR.json"))) {
    return (await readSearchQueries(source)).map(({ text }) => text).slice(0, most);
  }
  if (!source.endsWith(".jsonl") || !existsSync(source)) {
    throw new UserError(
      "badInput",
      `${source} holds no queries: name the folder of MathlibQR's files, or a JSONL file of queries.`,
    );
  }
  const queries: string[] = [];
  for await (const line of createInterface({ input: createReadStream(source) })) {
    if (queries.length >= most) break;
    const texts = Object.values(trainingLine.parse(JSON.parse(line)).queries);
    queries.push(...texts.flatMap((text) => text ?? []));
  }
  return queries.slice(0, most);
}
