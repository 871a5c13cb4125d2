import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A Lake project and a `lake` that does what it reads in candidates; see lake.mjs. */
export interface ReadingLake {
  readonly lake: string;
  readonly project: string;
  /** For a PATH. */
  readonly bin: string;
  /** What the program needs beside the machine's own environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** The arguments of each start so far. */
  starts(): string[][];
}

export function installReadingLake(folder: string): ReadingLake {
  const bin = join(folder, "bin");
  const project = join(folder, "project");
  for (const made of [bin, project]) mkdirSync(made, { recursive: true });
  const lake = join(bin, "lake");
  const script = fileURLToPath(new URL("lake.mjs", import.meta.url));
  writeFileSync(lake, `#!/bin/sh\nexec '${process.execPath}' '${script}' "$@"\n`);
  chmodSync(lake, 0o755);
  writeFileSync(join(project, "lakefile.toml"), 'name = "project"\n');
  writeFileSync(join(project, "lean-toolchain"), "leanprover/lean4:v4.28.0-rc1\n");
  const log = join(folder, "lake.log");
  return {
    ...{ lake, project, bin },
    environment: { FAKE_LAKE_LOG: log },
    starts: () => {
      if (!existsSync(log)) return [];
      const lines = readFileSync(log, "utf8").trim().split("\n");
      return lines.map((line) => JSON.parse(line) as string[]);
    },
  };
}
