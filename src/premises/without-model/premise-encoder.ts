import { join } from "node:path";
import { z } from "zod";
import type { IndexedEmbedder } from "../../index/vector-table.js";
import { MODELS_FOLDER, readModelFiles } from "../../models/model-files.js";
import { type EncoderDocument, StaticEncoder } from "../../models/static-encoder.js";
import { words } from "../../text/words.js";
import type { Theorem } from "../theorem.js";

/** What of a theorem a vector is made of. */
export const VIEWS = ["whole", "formal", "informal"] as const;
export type View = (typeof VIEWS)[number];

const settingsSchema = z.object({
  /** The fingerprint of the static encoder whose vectors of declarations it was trained on. */
  declarations: z.string(),
});

/** A theorem's vectors: of length 1, or zero where there is nothing to read. */
export interface TheoremVectors {
  /** Near the vectors of the declarations that its proof may need, by view. */
  readonly premises: Readonly<Record<View, Float32Array>>;
  /** Its own, as if it were in the index: near those of theorems like it. */
  readonly own: Float32Array;
}

/**
 * Turns a theorem into vectors near those of its premises, among the vectors that the static encoder
 * gave to the declarations of an index: these stay as they are, so that an index needs nothing more.
 * It is a static encoder itself, that reads a theorem's name, informal statement, conclusion and
 * whole statement as the fields name, docstring, type and binders of a declaration.
 * `models/premises/encoder/card.md` says how it was made.
 */
export class PremiseEncoder {
  readonly fingerprint: string;
  readonly #premises: StaticEncoder;
  readonly #declarations: StaticEncoder;

  private constructor(premises: StaticEncoder, declarations: StaticEncoder) {
    this.fingerprint = premises.fingerprint;
    this.#premises = premises;
    this.#declarations = declarations;
  }

  /**
   * Loads the premise encoder that goes with an index's vectors.
   *
   * @returns undefined where there is none, or where the vectors come from another model.
   * @throws UserError `badInput` where its files are damaged.
   */
  static async load(
    indexed: IndexedEmbedder,
    modelsFolder = MODELS_FOLDER,
  ): Promise<PremiseEncoder | undefined> {
    const folder = join(modelsFolder, "premises", "encoder");
    const files = readModelFiles(folder, settingsSchema);
    if (files?.settings.declarations !== indexed.fingerprint) {
      return undefined;
    }
    const declarations = await StaticEncoder.load(join(modelsFolder, "encoder"));
    if (declarations === undefined) return undefined;
    const premises = await StaticEncoder.load(folder);
    if (premises !== undefined) return new PremiseEncoder(premises, declarations);
    await declarations.close();
    return undefined;
  }

  async encode(theorem: Theorem): Promise<TheoremVectors> {
    const name = words(theorem.name ?? "");
    const statement = words(theorem.statement);
    const conclusion = words(theorem.conclusion);
    const informal = words(theorem.informal);
    const formalOnly = { ...NOTHING, type: conclusion, binders: statement };
    const informalOnly = { ...NOTHING, docstring: informal };
    const whole = { ...formalOnly, name, docstring: informal };
    const premises = await this.#premises.encode([whole, formalOnly, informalOnly]);
    const [own] = await this.#declarations.encode([whole]);
    const zero = new Float32Array(this.#premises.dimensions);
    return {
      premises: {
        whole: premises[0] ?? zero,
        formal: premises[1] ?? zero,
        informal: premises[2] ?? zero,
      },
      own: own ?? zero,
    };
  }

  /** Releases the models; the encoder cannot be used afterwards. */
  async close(): Promise<void> {
    await this.#premises.close();
    await this.#declarations.close();
  }
}

const NOTHING: EncoderDocument = {
  name: [],
  docstring: [],
  informal: [],
  type: [],
  binders: [],
  module: [],
};
