import { join } from "node:path";
import { PACKAGE_ROOT } from "../package-root.js";

/**
 * The embedded starter corpus: 1,845 well-known Mathlib declarations with descriptions, aliases and
 * topics written by people. `corpus/README.md` is its card.
 */
export const STARTER_PATH: string = join(PACKAGE_ROOT, "corpus", "starter.jsonl");
