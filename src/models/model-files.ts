import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { errorCode, UserError } from "../errors.js";
import { PACKAGE_ROOT } from "../package-root.js";

/** Where the bundled models lie: one folder a model. */
export const MODELS_FOLDER: string = join(PACKAGE_ROOT, "models");

const MANIFEST = "manifest.json";

const manifestSchema = z.object({
  /** The files that make up the model, each with the SHA-256 of its bytes in hexadecimal digits. */
  files: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
  /** What the model's runtime must know beside the files; each runtime has a schema for it. */
  settings: z.unknown(),
});

/** The files of one bundled model, verified. */
export interface ModelFiles<Settings> {
  readonly settings: Settings;
  /** 16 hexadecimal digits that change with any file of the model and with its settings. */
  readonly fingerprint: string;
  /** The bytes of each file, by its name. */
  readonly read: (file: string) => Buffer;
}

/**
 * Reads a model's folder, which its training script wrote: `manifest.json`, the files that it
 * lists, and a card for people.
 *
 * @param folder the model's own folder.
 * @returns undefined where the folder does not exist: this installation is without that model.
 * @throws UserError `badInput` where the folder is there and a file is missing or damaged.
 */
export function readModelFiles<Settings>(
  folder: string,
  settingsSchema: z.ZodType<Settings>,
): ModelFiles<Settings> | undefined {
  if (!existsSync(folder)) return undefined;
  const manifestBytes = readModelFile(folder, MANIFEST);
  const { files, settings } = parseManifest(folder, manifestBytes, settingsSchema);
  const contents = new Map<string, Buffer>();
  for (const [file, expected] of Object.entries(files)) {
    const bytes = readModelFile(folder, file);
    if (sha256(bytes) !== expected) {
      throw damaged(folder, file, "its checksum is not the one in the manifest");
    }
    contents.set(file, bytes);
  }
  return {
    settings,
    fingerprint: sha256(JSON.stringify([files, settings])).slice(0, 16),
    read: (file) => {
      const bytes = contents.get(file);
      if (bytes === undefined) throw damaged(folder, MANIFEST, `it does not list ${file}`);
      return bytes;
    },
  };
}

/** The sentence for a model whose files are not what its training script wrote. */
export function damaged(folder: string, file: string, how: string, cause?: unknown): UserError {
  return new UserError(
    "badInput",
    `The model file ${join(folder, file)} is damaged (${how}): install lemmascope again.`,
    { cause },
  );
}

function readModelFile(folder: string, file: string): Buffer {
  try {
    return readFileSync(join(folder, file));
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    const how = code === "ENOENT" ? "it is missing" : `it cannot be read, ${code}`;
    throw damaged(folder, file, how, error);
  }
}

function parseManifest<Settings>(
  folder: string,
  bytes: Buffer,
  settingsSchema: z.ZodType<Settings>,
): { files: Readonly<Record<string, string>>; settings: Settings } {
  try {
    const { files, settings } = manifestSchema.parse(JSON.parse(bytes.toString("utf8")));
    return { files, settings: settingsSchema.parse(settings) };
  } catch (error) {
    throw damaged(folder, MANIFEST, "it is not a manifest of this model", error);
  }
}

function sha256(content: Buffer | string): string {
  return createHash("sha256").update(content).digest("hex");
}
