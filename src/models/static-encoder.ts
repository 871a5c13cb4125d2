import { join } from "node:path";
import type { InferenceSession, Tensor } from "onnxruntime-node";
import { z } from "zod";
import { EncoderVocabulary } from "./encoder-vocabulary.js";
import { MODELS_FOLDER, readModelFiles } from "./model-files.js";
import { openOnnxModel } from "./onnx-session.js";

/** The fields that a declaration's vector is made of, in the order of their ids from 1. */
const FIELDS = ["name", "docstring", "informal", "type", "binders", "module"] as const;

/** The stemmed words of a declaration, field by field, as `src/text` gives them. */
export type EncoderDocument = Readonly<Record<(typeof FIELDS)[number], readonly string[]>>;

/** The field id of a query's words. */
const QUERY = 0;

const settingsSchema = z.object({
  dimensions: z.number().int().positive(),
  /** How many distinct words count of a query and of each field. */
  longest: z.object({
    query: z.number().int().positive(),
    name: z.number().int().positive(),
    docstring: z.number().int().positive(),
    informal: z.number().int().positive(),
    type: z.number().int().positive(),
    binders: z.number().int().positive(),
    module: z.number().int().positive(),
  }),
});
type Settings = z.infer<typeof settingsSchema>;

const MODEL = "encoder.onnx";
const VOCABULARY = "vocabulary.txt";

/** Texts encoded in one run: few enough that the vectors of their words stay in the cache. */
const BATCH = 32;

/** One text as the model reads it: word by word. */
interface Entries {
  readonly ids: number[];
  readonly fields: number[];
  /** For each word, the natural logarithm of how many words its field has here; 0 in a query. */
  readonly lengths: number[];
}

/**
 * Turns queries and declarations into vectors whose scalar product says how well they fit, from -1
 * to 1. A vector is a weighted sum of the vectors of the text's words, corrected by a small network,
 * and has length 1. A text without any known word has the zero vector, which fits nothing.
 *
 * The ONNX model takes `ids` (int32, 0 pads), `fields` (int32, 0 for a query) and `lengths` (float32,
 * see {@link Entries}) of n texts with at most l words, all n × l, and gives `vectors` (float32,
 * n × dimensions). The texts of a run are all queries or all declarations.
 * `models/encoder/card.md` says how it was made.
 */
export class StaticEncoder {
  readonly dimensions: number;
  /** 16 hexadecimal digits that change with the model: vectors of two models do not compare. */
  readonly fingerprint: string;
  readonly #settings: Settings;
  readonly #vocabulary: EncoderVocabulary;
  readonly #session: InferenceSession;
  readonly #makeTensor: typeof Tensor;

  private constructor(
    settings: Settings,
    fingerprint: string,
    vocabulary: EncoderVocabulary,
    session: InferenceSession,
    makeTensor: typeof Tensor,
  ) {
    this.#settings = settings;
    this.dimensions = settings.dimensions;
    this.fingerprint = fingerprint;
    this.#vocabulary = vocabulary;
    this.#session = session;
    this.#makeTensor = makeTensor;
  }

  /**
   * Loads the bundled encoder, or the one in another folder.
   *
   * @returns undefined where there is no such folder: search then goes without vectors.
   * @throws UserError `badInput` where its files are damaged.
   */
  static async load(folder = join(MODELS_FOLDER, "encoder")): Promise<StaticEncoder | undefined> {
    const files = readModelFiles(folder, settingsSchema);
    if (files === undefined) return undefined;
    const vocabulary = new EncoderVocabulary(files.read(VOCABULARY).toString("utf8"));
    const { session, makeTensor } = await openOnnxModel(folder, files, MODEL);
    return new StaticEncoder(files.settings, files.fingerprint, vocabulary, session, makeTensor);
  }

  /** The vector of a query's words. */
  async encodeQuery(words: readonly string[]): Promise<Float32Array> {
    const ids = this.#vocabulary.ids(words, this.#settings.longest.query);
    const query = { ids, fields: ids.map(() => QUERY), lengths: ids.map(() => 0) };
    const [vector] = await this.#encode([query]);
    return vector ?? new Float32Array(this.dimensions);
  }

  /** The vectors of declarations, in their order. */
  async encode(documents: readonly EncoderDocument[]): Promise<Float32Array[]> {
    return this.#encode(documents.map((document) => this.#documentEntries(document)));
  }

  /** Releases the model's memory; the encoder cannot be used afterwards. */
  async close(): Promise<void> {
    await this.#session.release();
  }

  #documentEntries(document: EncoderDocument): Entries {
    const entries: Entries = { ids: [], fields: [], lengths: [] };
    FIELDS.forEach((field, at) => {
      const ids = this.#vocabulary.ids(document[field], this.#settings.longest[field]);
      const length = Math.log(ids.length);
      for (const id of ids) {
        entries.ids.push(id);
        entries.fields.push(at + 1);
        entries.lengths.push(length);
      }
    });
    return entries;
  }

  async #encode(texts: readonly Entries[]): Promise<Float32Array[]> {
    const vectors = texts.map(() => new Float32Array(this.dimensions));
    // Texts of like length go together, so that little is padded; empty ones keep the zero vector.
    const order = [...texts.keys()]
      .filter((at) => entryCount(texts[at]) > 0)
      .sort((a, b) => entryCount(texts[a]) - entryCount(texts[b]));
    for (let start = 0; start < order.length; start += BATCH) {
      const batch = order.slice(start, start + BATCH);
      const output = await this.#run(batch.flatMap((at) => texts[at] ?? []));
      batch.forEach((at, row) => {
        vectors[at]?.set(output.subarray(row * this.dimensions, (row + 1) * this.dimensions));
      });
    }
    return vectors;
  }

  async #run(texts: readonly Entries[]): Promise<Float32Array> {
    const width = Math.max(...texts.map(entryCount));
    const ids = new Int32Array(texts.length * width);
    const fields = new Int32Array(texts.length * width);
    const lengths = new Float32Array(texts.length * width);
    texts.forEach((text, row) => {
      ids.set(text.ids, row * width);
      fields.set(text.fields, row * width);
      lengths.set(text.lengths, row * width);
    });
    const shape = [texts.length, width];
    const { vectors } = await this.#session.run({
      ids: new this.#makeTensor("int32", ids, shape),
      fields: new this.#makeTensor("int32", fields, shape),
      lengths: new this.#makeTensor("float32", lengths, shape),
    });
    if (!(vectors?.data instanceof Float32Array)) {
      throw new TypeError("the encoder's output is not float32");
    }
    return vectors.data;
  }
}

function entryCount(text: Entries | undefined): number {
  return text?.ids.length ?? 0;
}
