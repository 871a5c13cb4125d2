import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Writes the download room as JavaScript into `directory`, for tests that need it in a process of
 * its own, and a script beside it.
 *
 * @returns The path of the script.
 */
export async function compileScript(directory: string, script: string): Promise<string> {
  const room = (await readdir(join(root, "src/download"))).map((name) => `src/download/${name}`);
  for (const file of ["src/errors.ts", ...room]) {
    const { outputText } = ts.transpileModule(await readFile(join(root, file), "utf8"), {
      compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext },
    });
    const output = join(directory, file.replace(/\.ts$/, ".js"));
    await mkdir(dirname(output), { recursive: true });
    await writeFile(output, outputText);
  }
  await writeFile(join(directory, "package.json"), '{"type":"module"}');
  await symlink(join(root, "node_modules"), join(directory, "node_modules"), "junction");
  const path = join(directory, "script.js");
  await writeFile(path, script);
  return path;
}
