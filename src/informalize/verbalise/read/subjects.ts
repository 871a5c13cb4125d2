import type { IsLocal } from "./local-names.js";
import { lastComponent } from "../say/name-words.js";
import type { TermTokens } from "./term-tokens.js";

const MOST = 4;

/** Words of Lean's language, and names that nearly every statement has. */
const NOT_SUBJECTS: ReadonlySet<string> = new Set(
  (
    "Type Prop Sort True False by fun if then else let have show from in do match with at where " +
    "extends alias rfl id this Type* Sort* Category* Category Finset List Filter Set univ max min and or not Nat Int Real default some none true false"
  ).split(" "),
);

/**
 * The declarations that some texts of Lean name, in their order, at most four: what a declaration is
 * about. A predicate goes before a function, as it says more. Instance binders do not count.
 */
export function subjectsOf(texts: readonly TermTokens[], isLocal: IsLocal): string[] {
  const found = new Set<string>();
  for (const { tokens, partners } of texts) {
    for (let at = 0; at < tokens.length; at += 1) {
      const token = tokens[at];
      if (token === undefined) break;
      const isInstance = token.text === "[" && !token.touches;
      if (isInstance) at = Math.max(at, partners[at] ?? -1);
      else if (token.kind === "name") {
        const name = subject(token.text, isLocal);
        if (name !== undefined) found.add(name);
      }
    }
  }
  const all = [...found];
  const isPredicate = (name: string): boolean => /^[A-Z]/.test(lastComponent(name));
  return [...all.filter(isPredicate), ...all.filter((name) => !isPredicate(name))].slice(0, MOST);
}

function subject(name: string, isLocal: IsLocal): string | undefined {
  // Of `f.range` with a variable f, what is known is the last part.
  const known = isLocal(name) ? name.slice(name.indexOf(".") + 1 || name.length) : name;
  if (known.length < 3 || NOT_SUBJECTS.has(known) || !/^[\p{L}«]/u.test(known)) return undefined;
  return known;
}
