import { join } from "node:path";
import { z } from "zod";
import { damaged, MODELS_FOLDER, readModelFiles } from "../../models/model-files.js";
import { type OnnxModel, openOnnxModel } from "../../models/onnx-session.js";
import { PREMISE_FEATURES } from "./premise-features.js";

const MODEL = "ranker.onnx";

const settingsSchema = z.object({
  features: z.array(z.string()),
  /** The fingerprint of the premise encoder whose similarities it was trained on. */
  encoder: z.string(),
});

/**
 * Scores the candidates of a theorem by gradient-boosted trees over {@link PREMISE_FEATURES}, trained
 * to put the rarer premises of a proof first (`models/premises/ranker/card.md`). The ONNX model takes
 * `features` (float32, n × number of features) and gives `scores` (float32, n × 1), higher for better.
 */
export class PremiseRanker {
  readonly fingerprint: string;
  readonly #model: OnnxModel;

  private constructor(fingerprint: string, model: OnnxModel) {
    this.fingerprint = fingerprint;
    this.#model = model;
  }

  /**
   * Loads the ranker that goes with a premise encoder.
   *
   * @param encoder the premise encoder's fingerprint.
   * @returns undefined where there is none.
   * @throws UserError `badInput` where its files are damaged, or it wants other features or another
   * encoder than these.
   */
  static async load(
    encoder: string,
    modelsFolder = MODELS_FOLDER,
  ): Promise<PremiseRanker | undefined> {
    const folder = join(modelsFolder, "premises", "ranker");
    const files = readModelFiles(folder, settingsSchema);
    if (files === undefined) return undefined;
    if (files.settings.features.join() !== PREMISE_FEATURES.join()) {
      throw damaged(folder, MODEL, "it was trained on other features than this version computes");
    }
    if (files.settings.encoder !== encoder) {
      throw damaged(folder, MODEL, "it was trained on another premise encoder");
    }
    return new PremiseRanker(files.fingerprint, await openOnnxModel(folder, files, MODEL));
  }

  /** The model's scores for rows of features. */
  async scores(features: Float32Array): Promise<Float32Array> {
    const { session, makeTensor } = this.#model;
    const shape = [features.length / PREMISE_FEATURES.length, PREMISE_FEATURES.length];
    const { scores } = await session.run({ features: new makeTensor("float32", features, shape) });
    if (!(scores?.data instanceof Float32Array)) {
      throw new TypeError("the premise ranker's output is not float32");
    }
    return scores.data;
  }

  /** Releases the model's memory; the ranker cannot be used afterwards. */
  async close(): Promise<void> {
    await this.#model.session.release();
  }
}
