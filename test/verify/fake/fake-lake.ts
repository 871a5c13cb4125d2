import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** What the fake lake does; see lake.mjs. */
export interface LakePlan {
  readonly kind:
    "lean" | "hang" | "stubborn" | "spawn" | "eat" | "crash" | "fail" | "flood" | "broken";
  readonly axioms?: readonly string[];
  readonly errors?: readonly { line: number; text: string; severity?: "error" | "warning" }[];
  readonly comparison?: string;
  readonly silent?: boolean;
  readonly extra?: readonly string[];
  readonly line?: string;
  readonly status?: number;
  readonly says?: string;
  readonly pids?: string;
  readonly thenEnds?: boolean;
  readonly inChild?: boolean;
  /** A file that each start is written to. */
  readonly log?: string;
}

/** A folder with a Lake project and a program `lake`, as they stand on a machine with Lean. */
export interface FakeLake {
  readonly lake: string;
  readonly project: string;
  readonly bin: string;
}

export function installFakeLake(folder: string): FakeLake {
  const bin = join(folder, "bin");
  const project = join(folder, "project");
  for (const made of [bin, project]) mkdirSync(made, { recursive: true });
  const lake = join(bin, "lake");
  writeScript(lake, "lake.mjs");
  writeFileSync(join(project, "lakefile.toml"), 'name = "project"\n');
  writeFileSync(join(project, "lean-toolchain"), "leanprover/lean4:v4.28.0-rc1\n");
  return { lake, project, bin };
}

/** A shell script that starts one of the fakes with node. */
export function writeScript(path: string, fake: string): void {
  const script = fileURLToPath(new URL(fake, import.meta.url));
  writeFileSync(path, `#!/bin/sh\nexec '${process.execPath}' '${script}' "$@"\n`);
  chmodSync(path, 0o755);
}

export function environmentWith(plan: LakePlan, more: Record<string, string> = {}) {
  return { ...process.env, ...more, FAKE_LAKE: JSON.stringify(plan) };
}
