import { createHash } from "node:crypto";
import type { Database } from "better-sqlite3";
import { readMeta, writeMeta } from "./schema.js";

/** Fingerprints are numbers below this, written as 16 hexadecimal digits. */
const MODULUS = 1n << 64n;

/**
 * A fingerprint of all declarations of an index, whatever the order in which they were read: the sum
 * of the first eight bytes of each one's SHA-256 over its name and content hash. A sum can be corrected
 * for the declarations that changed, without reading the others.
 */
export class CorpusFingerprint {
  #sum: bigint;

  private constructor(sum: bigint) {
    this.#sum = sum;
  }

  /** The fingerprint of what an index holds now; reads every declaration. */
  static of(db: Database): CorpusFingerprint {
    const fingerprint = new CorpusFingerprint(0n);
    const rows = db
      .prepare<[], [string, Buffer]>(
        "select n.name, d.hash from declarations d join names n on n.id = d.id",
      )
      .raw();
    for (const [name, content] of rows.iterate()) fingerprint.add(name, content);
    return fingerprint;
  }

  /** The stored fingerprint of an index. */
  static stored(db: Database): CorpusFingerprint {
    return new CorpusFingerprint(BigInt(`0x${readMeta(db, "corpus_fingerprint") ?? "0"}`));
  }

  /** @param content the declaration's content hash. */
  add(name: string, content: Uint8Array): void {
    this.#sum = (this.#sum + part(name, content)) % MODULUS;
  }

  /** Takes a declaration out that was added. */
  remove(name: string, content: Uint8Array): void {
    this.#sum = (this.#sum - part(name, content) + MODULUS) % MODULUS;
  }

  store(db: Database): void {
    writeMeta(db, "corpus_fingerprint", this.#sum.toString(16).padStart(16, "0"));
  }
}

function part(name: string, content: Uint8Array): bigint {
  const hash = createHash("sha256").update(name).update("\0").update(content);
  return hash.digest().readBigUInt64BE();
}
