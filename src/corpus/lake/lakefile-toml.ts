import { join } from "node:path";
import { parse, TomlError } from "smol-toml";
import { z } from "zod";
import { UserError } from "../../errors.js";
import { type Lakefile, type ModuleGlob, plainName } from "./lakefile.js";

const texts = z.array(z.string());
const glob = z.union([z.string(), texts]);

/** A folder is named as `path`, or as the `dir` of a `source` of the type "path". */
const requirement = z
  .object({
    name: z.string(),
    path: z.string().optional(),
    source: z.looseObject({ type: z.string(), dir: z.string().optional() }).optional(),
  })
  .transform(({ name, path, source }) => ({
    name,
    path: path ?? (source?.type === "path" ? source.dir : undefined),
  }));

/** The keys that are read here; Lake knows many more. */
const lakefileToml = z.object({
  name: z.string().default(""),
  version: z.string().default(""),
  srcDir: z.string().default("."),
  packagesDir: z.string().optional(),
  defaultTargets: texts.default([]),
  lean_lib: z
    .array(
      z.object({
        name: z.string(),
        srcDir: z.string().default("."),
        roots: texts.optional(),
        globs: glob.optional(),
      }),
    )
    .default([]),
  require: z.array(requirement).default([]),
});

/**
 * Reads a `lakefile.toml`.
 *
 * @param path how messages name the file.
 * @throws UserError `badInput` for what is no TOML, and for values of the wrong type.
 */
export function readTomlLakefile(text: string, path: string): Lakefile {
  const parsed = lakefileToml.safeParse(parsedToml(text, path));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.join(".") ?? "";
    throw new UserError(
      "badInput",
      `${path} is not as Lake needs it: "${where}" is missing or not of the right type.`,
    );
  }
  const { name, version, srcDir, packagesDir, defaultTargets, lean_lib, require } = parsed.data;
  return {
    name: plainName(name),
    version,
    packagesFolder: packagesDir,
    libraries: lean_lib.map((library) => ({
      name: plainName(library.name),
      sourceFolder: join(srcDir, library.srcDir),
      roots: library.roots ?? [library.name],
      globs: [library.globs ?? []].flat().map(moduleGlob),
    })),
    defaultTargets: defaultTargets.map(plainName),
    requirements: require.map((required) => ({
      name: plainName(required.name),
      ...(required.path === undefined ? {} : { path: required.path }),
    })),
  };
}

function parsedToml(text: string, path: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [reason = ""] = error.message.replace(/^Invalid TOML document: /, "").split("\n");
    throw new UserError(
      "badInput",
      `${path}, line ${error.line}: it is not TOML (${reason}); mend it as lake would have it.`,
    );
  }
}

/** `Garden`, `Garden.*` (it and all below it) or `Garden.+` (all below it), as Lake writes globs. */
export function moduleGlob(text: string): ModuleGlob {
  const withBelow = /\.[*+]$/.test(text);
  return {
    module: withBelow ? text.slice(0, -2) : text,
    withItself: !text.endsWith(".+"),
    withBelow,
  };
}
