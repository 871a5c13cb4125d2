/**
 * What short names may stand for where namespaces are open that a record does not tell of. In
 * `CategoryTheory.foo`, `HasZeroMorphisms` can only be `CategoryTheory.Limits.HasZeroMorphisms`, if no
 * other name of that outermost namespace ends so. Only names that start with a capital are looked at,
 * as others are often those of variables.
 *
 * @param names all full names, by position.
 * @param isObject whether the one at a position can stand in a statement: what is no theorem.
 * @returns a function of the outermost namespace and the short name.
 */
export function openedNames(
  names: Iterable<string>,
  isObject: (id: number) => boolean,
): (root: string, short: string) => string | undefined {
  /** By root and last component; "" where there are several. */
  const found = new Map<string, string>();
  let id = -1;
  for (const name of names) {
    id += 1;
    const first = name.indexOf(".");
    const last = name.lastIndexOf(".");
    // A name of two components is found in the outermost namespace itself.
    if (first === last || !isObject(id)) continue;
    const short = name.slice(last + 1);
    if (!CAPITAL.test(short)) continue;
    const key = `${name.slice(0, first)}.${short}`;
    found.set(key, found.has(key) ? "" : name);
  }
  return (root, short) => {
    if (root === "" || !CAPITAL.test(short)) return undefined;
    const name = found.get(`${root}.${short}`);
    return name === "" ? undefined : name;
  };
}

/** A capital, and more: a capital alone is a variable. */
const CAPITAL = /^\p{Lu}\p{L}/u;
