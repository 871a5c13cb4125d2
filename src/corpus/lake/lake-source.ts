import { resolve } from "node:path";
import { UserError } from "../../errors.js";
import { plainName } from "./lakefile.js";

/** Which of a project's dependencies to read: none, all, or those of these names. */
export type Dependencies = "none" | "all" | readonly string[];

/** What of a Lake project is to be read. */
export interface LakeSource {
  /** The folder with the lakefile. */
  readonly folder: string;
  readonly dependencies: Dependencies;
  /** Own libraries beside those that are built by default; empty for no others. */
  readonly libraries: readonly string[];
}

const SCHEME = "lake:";

/** A source as one text, as an index remembers what it was made of: `lake:/path?deps=mathlib`. */
export function lakeSourceText({ folder, dependencies, libraries }: LakeSource): string {
  const choices: string[] = [];
  if (dependencies === "all") choices.push("deps");
  else if (dependencies !== "none") choices.push(`deps=${dependencies.join(",")}`);
  if (libraries.length > 0) choices.push(`libs=${libraries.join(",")}`);
  const query = choices.length === 0 ? "" : `?${choices.join("&")}`;
  const path = resolve(folder).replaceAll(/[%?]/g, encodeURIComponent);
  return `${SCHEME}${path}${query}`;
}

/** Reads what {@link lakeSourceText} wrote; undefined for a source of another kind. */
export function parseLakeSource(source: string): LakeSource | undefined {
  if (!source.startsWith(SCHEME)) return undefined;
  const [path = "", query = ""] = source.slice(SCHEME.length).split("?");
  const choices = new Map(
    query.split("&").map((choice) => {
      const [key = "", names] = choice.split("=");
      return [key, names?.split(",")] as const;
    }),
  );
  return {
    folder: path.replaceAll("%3F", "?").replaceAll("%25", "%"),
    dependencies: choices.has("deps") ? (choices.get("deps") ?? "all") : "none",
    libraries: choices.get("libs") ?? [],
  };
}

/** How messages name a Lake project and what of it is read. */
export function lakeSourceLabel({ folder, dependencies, libraries }: LakeSource): string {
  const more = libraries.length === 0 ? "" : ` with ${libraries.join(", ")}`;
  if (dependencies === "none") return `the Lake project ${folder}${more}`;
  const which = dependencies === "all" ? "its dependencies" : dependencies.join(", ");
  return `the Lake project ${folder}${more} and ${which}`;
}

/**
 * The names in a list such as `mathlib,batteries`.
 *
 * @throws UserError `usage` for a name that no package or library can have.
 */
export function namesIn(list: string): string[] {
  const names = list.split(",").map((name) => plainName(name.trim()));
  const odd = names.find((name) => name === "" || /[\s&?=/\\]/.test(name));
  if (odd === undefined) return names;
  throw new UserError(
    "usage",
    `"${odd}" in "${list}" is no name: give names joined by commas, such as mathlib,batteries; a folder goes before the flag.`,
  );
}
