import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { expect, it } from "vitest";
import { z } from "zod";
import { generatedLibrary } from "../../../benchmark/lean-source/generated-library.js";
import { LeanLibrary } from "../../../src/corpus/lean-source/lean-library.js";
import { scanLeanFile } from "../../../src/corpus/lean-source/scan-lean-file.js";
import { compileSource } from "../../compiled-source.js";
import { temporaryFolder } from "../../temporary-folder.js";

const FILES = 120;

const SCRIPT = `
import { readLakeProject } from "./src/corpus/lake/read-lake-project.js";
const source = { folder: process.argv[2], dependencies: "none", libraries: [] };
const names = [];
const problems = [];
const options = { onProblem: ({ line, message }) => problems.push(line + " " + message) };
for await (const { declarations } of readLakeProject(source, options)) {
  names.push(...declarations.map(({ name }) => name));
}
console.log(JSON.stringify({ names, problems }));
const abort = new AbortController();
const left = readLakeProject(source, { signal: abort.signal, onProgress: () => abort.abort() });
await left.next().then(() => console.log("went on"), (error) => console.log(error.name));
`;

it("files that are scanned in threads give what they give one by one, in the same order", async () => {
  const place = temporaryFolder();
  compileSource(place, { "read.js": SCRIPT });
  const project = join(place, "project");
  const library = new LeanLibrary();
  const write = (path: string, text: string | Uint8Array): void => {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  };
  write("lakefile.toml", '[[lean_lib]]\nname = "Generated"\n');
  write("Generated/Unreadable.lean", Uint8Array.of(0x61, 0x0a, 0xff));
  for (const { module, text } of generatedLibrary(FILES, 2000, 7)) {
    const path = `${module.replaceAll(".", "/")}.lean`;
    write(path, text);
    library.set(path, scanLeanFile(text, { module }));
  }
  const expected = [...library.files()].sort().flatMap((file) => library.declarations(file));
  const { stdout } = await execa(process.execPath, [join(place, "read.js"), project]);
  const [answer = "", aborted] = stdout.split("\n");
  const told = z
    .object({ names: z.array(z.string()), problems: z.array(z.string()) })
    .parse(JSON.parse(answer));
  expect(told.problems).toEqual(["2 it is not UTF-8 text"]);
  expect(told.names).toEqual(expected.map(({ name }) => name));
  expect(aborted).toBe("AbortError");
});
