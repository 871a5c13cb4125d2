import type { Database } from "better-sqlite3";

/**
 * The key under which a name is looked up: its components in reverse order, lower-cased, so that a
 * look-up of a name without its namespaces is a search by prefix. `IsCompact.exists_isMaxOn` gives
 * `exists_ismaxon.iscompact`.
 */
export function nameKey(name: string): string {
  return nameComponents(name).reverse().join(".").toLowerCase();
}

/** The components of a Lean name; dots inside guillemets (`«a.b»`) do not separate. */
export function nameComponents(name: string): string[] {
  if (!name.includes("«")) return name.split(".");
  return name.match(/(?:«[^»]*»|[^.«])+/gu) ?? [name];
}

/** Makes {@link nameKey} callable from SQL, as `lemmascope_key(name)`. */
export function registerNameKey(db: Database): void {
  db.function("lemmascope_key", { deterministic: true, directOnly: true }, (name: unknown) =>
    typeof name === "string" ? nameKey(name) : null,
  );
}
