import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildIndex } from "../../../src/index/build.js";
import { DeclarationIndex } from "../../../src/index/declaration-index.js";
import { StaticEmbedder } from "../../../src/models/static-embedder.js";
import { openSearch } from "../../../src/search/open-search.js";
import type { Search } from "../../../src/search/search.js";

/** The index of the starter corpus with vectors, and the search over it, to be closed afterwards. */
export async function openStarterWithVectors(): Promise<{
  index: DeclarationIndex;
  search: Search;
  close: () => Promise<void>;
}> {
  const folder = await mkdtemp(join(tmpdir(), "lemmascope-premises-"));
  const path = join(folder, "starter.sqlite");
  const embedder = await StaticEmbedder.load();
  if (embedder === undefined) throw new Error("the bundled encoder is missing");
  await buildIndex({ index: path, sources: ["starter"], embedder });
  await embedder.close();
  const index = DeclarationIndex.open(path);
  const opened = await openSearch(index, { environment: {}, onMissingModels: () => undefined });
  return {
    index,
    search: opened.search,
    close: async () => {
      await opened.close();
      index.close();
      await rm(folder, { recursive: true });
    },
  };
}
