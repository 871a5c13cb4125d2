import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildIndex } from "../../src/index/build.js";
import { type DeclarationFacts, DeclarationIndex } from "../../src/index/declaration-index.js";
import type { Evidence, PooledPremise, RankedPremise } from "../../src/premises/evidence.js";
import type { Theorem } from "../../src/premises/theorem.js";

/** An index of made-up declarations, to be closed after the tests. */
export async function indexOf(
  declarations: readonly (Readonly<Record<string, unknown>> & { readonly name: string })[],
): Promise<{ index: DeclarationIndex; close: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "lemmascope-premises-"));
  const corpus = join(folder, "corpus.jsonl");
  const lines = declarations.map((one) =>
    JSON.stringify({ kind: "theorem", module: "Made.Up", ...one }),
  );
  await writeFile(corpus, `${lines.join("\n")}\n`);
  const path = join(folder, "index.sqlite");
  await buildIndex({ index: path, sources: [corpus] });
  const index = DeclarationIndex.open(path);
  return {
    index,
    close: () => {
      index.close();
      return rm(folder, { recursive: true });
    },
  };
}

export function facts(id: number, name = `declaration_${id}`): DeclarationFacts {
  return { id, name, kind: "theorem", module: "Made.Up", usedBy: 3, isDerived: false };
}

/** Evidence of a query of the first round, changed. */
export function evidence(more: Partial<Evidence> = {}): Evidence {
  return {
    round: 1,
    channel: "query",
    asked: "a query",
    purpose: { kind: "theorem" },
    rank: 1,
    fit: 0.5,
    ...more,
  };
}

export function pooled(id: number, ...pieces: Evidence[]): PooledPremise {
  return { facts: facts(id), evidence: pieces };
}

/** Premises with these scores; their ids are their places from 0. */
export function ranked(...scores: number[]): RankedPremise[] {
  return scores.map((score, id) => ({ facts: facts(id), evidence: [], score }));
}

export function theorem(more: Partial<Theorem> = {}): Theorem {
  return {
    name: undefined,
    formal: "",
    statement: "",
    conclusion: "",
    informal: "",
    informalProof: "",
    imports: [],
    ...more,
  };
}
