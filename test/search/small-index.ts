import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildIndex } from "../../src/index/build.js";
import { DeclarationIndex } from "../../src/index/declaration-index.js";

/** The index of the starter corpus in a folder of its own, to be closed after the tests. */
export async function openStarterIndex(): Promise<{
  index: DeclarationIndex;
  close: () => Promise<void>;
}> {
  const folder = await mkdtemp(join(tmpdir(), "lemmascope-search-"));
  const path = join(folder, "starter.sqlite");
  await buildIndex({ index: path, sources: ["starter"] });
  const index = DeclarationIndex.open(path);
  return {
    index,
    close: () => {
      index.close();
      return rm(folder, { recursive: true });
    },
  };
}
