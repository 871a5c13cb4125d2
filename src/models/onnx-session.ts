import type { InferenceSession, Tensor } from "onnxruntime-node";
import { damaged, type ModelFiles } from "./model-files.js";

/** A model ready to run, and the runtime's class for its inputs. */
export interface OnnxModel {
  readonly session: InferenceSession;
  readonly makeTensor: typeof Tensor;
}

/**
 * Opens one of a model's files for running.
 *
 * @throws UserError `badInput` where the runtime refuses it.
 */
export async function openOnnxModel(
  folder: string,
  files: ModelFiles<unknown>,
  file: string,
): Promise<OnnxModel> {
  // The runtime is large: only who loads a model pays for it.
  const { InferenceSession, Tensor } = await import("onnxruntime-node");
  try {
    const session = await InferenceSession.create(files.read(file), {
      // Batches are small: a second thread would wait more than it works.
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
    });
    return { session, makeTensor: Tensor };
  } catch (error) {
    throw damaged(folder, file, "the ONNX runtime refuses it", error);
  }
}
