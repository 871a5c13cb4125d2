// Compiles to dist/ from scratch, so that a renamed source file leaves no stale output behind.
// With --if-stale, does nothing where dist/ was made from exactly these sources: npx runs `prepare`
// before every first start.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const stampFile = join(root, "dist", ".sources");

function fingerprintOfSources() {
  const hash = createHash("sha256").update(process.version);
  const files = ["src", "benchmark"]
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name)),
    )
    .concat(
      ["tsconfig.json", "tsconfig.build.json", "package-lock.json"].map((f) => join(root, f)),
    );
  for (const file of files.sort()) hash.update(`${file}\0`).update(readFileSync(file));
  return hash.digest("hex");
}

function stampOfBuild() {
  try {
    return readFileSync(stampFile, "utf8");
  } catch {
    return undefined;
  }
}

const fingerprint = fingerprintOfSources();
if (process.argv.includes("--if-stale") && stampOfBuild() === fingerprint) process.exit(0);

rmSync(join(root, "dist"), { recursive: true, force: true });
const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
const { status } = spawnSync(process.execPath, [compiler, "-p", "tsconfig.build.json"], {
  cwd: root,
  stdio: "inherit",
});
if (status !== 0) process.exit(status ?? 1);
chmodSync(join(root, "dist", "src", "cli", "main.js"), 0o755);
writeFileSync(stampFile, fingerprint);
