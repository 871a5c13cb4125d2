import { join } from "node:path";
import type { InferenceSession, Tensor } from "onnxruntime-node";
import { z } from "zod";
import { damaged, MODELS_FOLDER, readModelFiles } from "../models/model-files.js";
import { openOnnxModel } from "../models/onnx-session.js";
import type { Candidate, RankedCandidate, Ranker } from "./candidate.js";
import { FEATURE_NAMES, featureMatrix } from "./features.js";
import { byScore, linearOrder } from "./linear-ranker.js";
import { PINNED } from "./name-channel.js";
import type { Query } from "./query.js";

const MODEL = "ranker.onnx";

/** How many candidates the model orders; those that the linear ranker puts below stay below. */
export const RANKED_CANDIDATES = 400;

const settingsSchema = z.object({ features: z.array(z.string()) });

/**
 * Orders candidates by gradient-boosted trees over {@link FEATURE_NAMES}, trained to put the wanted
 * declaration first (`models/ranker/card.md`). The ONNX model takes `features` (float32, n × number
 * of features) and gives `scores` (float32, n × 1), higher for better.
 */
export class LearnedRanker implements Ranker {
  readonly name = "ranker";
  readonly fingerprint: string;
  readonly #session: InferenceSession;
  readonly #makeTensor: typeof Tensor;

  private constructor(fingerprint: string, session: InferenceSession, makeTensor: typeof Tensor) {
    this.fingerprint = fingerprint;
    this.#session = session;
    this.#makeTensor = makeTensor;
  }

  /**
   * Loads the bundled ranker, or the one in another models folder.
   *
   * @returns undefined where there is none.
   * @throws UserError `badInput` where its files are damaged, or it wants other features than these.
   */
  static async load(modelsFolder = MODELS_FOLDER): Promise<LearnedRanker | undefined> {
    const folder = join(modelsFolder, "ranker");
    const files = readModelFiles(folder, settingsSchema);
    if (files === undefined) return undefined;
    if (files.settings.features.join() !== FEATURE_NAMES.join()) {
      throw damaged(folder, MODEL, "it was trained on other features than this version computes");
    }
    const { session, makeTensor } = await openOnnxModel(folder, files, MODEL);
    return new LearnedRanker(files.fingerprint, session, makeTensor);
  }

  async rank(query: Query, candidates: readonly Candidate[]): Promise<RankedCandidate[]> {
    const order = linearOrder(candidates);
    const contenders = order.slice(0, RANKED_CANDIDATES);
    if (contenders.length === 0) return [];
    const scores = await this.scores(featureMatrix(query, contenders));
    const ranked = contenders
      .map((candidate, row) => ({ ...candidate, score: pin(candidate) + (scores[row] ?? 0) }))
      .sort(byScore);
    const lowest = ranked.at(-1)?.score ?? 0;
    // The rest keeps its order, and scores that fit below.
    const rest = order
      .slice(RANKED_CANDIDATES)
      .map((candidate, place) => ({ ...candidate, score: lowest - 1 - place / 1000 }));
    return [...ranked, ...rest];
  }

  /** The model's scores for rows of features. */
  async scores(features: Float32Array): Promise<Float32Array> {
    const shape = [features.length / FEATURE_NAMES.length, FEATURE_NAMES.length];
    const { scores } = await this.#session.run({
      features: new this.#makeTensor("float32", features, shape),
    });
    if (!(scores?.data instanceof Float32Array)) {
      throw new TypeError("the ranker's output is not float32");
    }
    return scores.data;
  }

  /** Releases the model's memory; the ranker cannot be used afterwards. */
  async close(): Promise<void> {
    await this.#session.release();
  }
}

/** Larger than any difference of the trees: a declaration whose name is the query comes first. */
function pin({ evidence }: Candidate): number {
  const name = evidence.find(({ channel }) => channel === "name")?.score ?? 0;
  return name >= PINNED ? 1000 * name : 0;
}
