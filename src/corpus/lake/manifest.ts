import { z } from "zod";
import { UserError } from "../../errors.js";
import { plainName } from "./lakefile.js";

/** A package that Lake has fetched, or that lies elsewhere on the disk. */
export interface ManifestPackage {
  readonly name: string;
  /** Of a package from Git: what was asked for (a tag, a branch) and the commit that this gave. */
  readonly inputRevision: string;
  readonly revision: string;
  /** Of a package from a path: its folder, relative to the project's. */
  readonly folder: string | undefined;
  /** The folder of the package inside of its repository; "" for the repository's own. */
  readonly subfolder: string;
  /** Its lakefile, relative to its folder; undefined where the manifest does not say. */
  readonly lakefile: string | undefined;
}

/** What `lake-manifest.json` says. */
export interface LakeManifest {
  /** Where packages from Git are, relative to the project's folder. */
  readonly packagesFolder: string | undefined;
  /** Those that the project requires and those that these require, in Lake's order. */
  readonly packages: readonly ManifestPackage[];
}

const text = z.string().nullish();

const packageEntry = z.discriminatedUnion("type", [
  z.object({ type: z.literal("path"), name: z.string(), dir: z.string(), configFile: text }),
  z.object({
    type: z.literal("git"),
    name: z.string(),
    rev: z.string(),
    inputRev: text,
    subDir: text,
    configFile: text,
  }),
]);

/** What versions before 7 call `inputRev?` and `subDir?`. */
const olderEntry = z.looseObject({}).transform((entry) => ({
  ...entry,
  inputRev: entry["inputRev?"] ?? entry["inputRev"],
  subDir: entry["subDir?"] ?? entry["subDir"],
}));

/** Versions 3 to 6 wrap an entry in its type, `{"git": {"name": …}}`; the first two know no other. */
const wrappedEntry = z.union([
  z.object({ git: olderEntry }).transform(({ git }) => ({ ...git, type: "git" })),
  z.object({ path: z.looseObject({}) }).transform(({ path }) => ({ ...path, type: "path" })),
  olderEntry.transform((entry) => ({ type: "git", ...entry })),
]);

const manifest = z.object({
  packagesDir: text,
  packages: z.array(z.union([packageEntry, wrappedEntry.pipe(packageEntry)])).default([]),
});

/**
 * Reads a `lake-manifest.json` (Lake's own `Lake.Load.Manifest`, in the forms of all its versions).
 *
 * @param path how messages name the file.
 * @throws UserError `badInput` for what is no such manifest.
 */
export function readManifest(json: string, path: string): LakeManifest {
  const parsed = manifest.safeParse(parsedJson(json, path));
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join(".") ?? "";
    throw new UserError(
      "badInput",
      `${path} is not a manifest of Lake's: "${where}" is missing or not of the right type; make it again with lake update.`,
    );
  }
  return {
    packagesFolder: parsed.data.packagesDir ?? undefined,
    packages: parsed.data.packages.map((entry) => ({
      name: plainName(entry.name),
      inputRevision: entry.type === "git" ? (entry.inputRev ?? "") : "",
      revision: entry.type === "git" ? entry.rev : "",
      folder: entry.type === "path" ? entry.dir : undefined,
      subfolder: entry.type === "git" ? (entry.subDir ?? "") : "",
      lakefile: entry.configFile ?? undefined,
    })),
  };
}

function parsedJson(json: string, path: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new UserError("badInput", `${path} is not JSON: make it again with lake update.`);
  }
}
