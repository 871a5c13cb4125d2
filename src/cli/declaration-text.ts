import { documentationUrl, type Declaration, leanStatement, wordsAbout } from "../declaration.js";
import { outputColors as colors } from "./context.js";

/** Where a declaration stands: `Mathlib.Topology.Order.Compact:229`. */
export function location({ module, line }: Declaration): string {
  return line === undefined ? module : `${module}:${line}`;
}

/** The package and file that a declaration comes from: `garden 0.3.0, Garden/Rose.lean`; or "". */
export function originText({ origin }: Declaration): string {
  if (origin === undefined) return "";
  const owner = [origin.package, origin.version].filter((text) => text !== "").join(" ");
  return [owner, origin.file].filter((text) => text !== "").join(", ");
}

/** Cuts a text at a word, with an ellipsis, so that it has at most `length` characters. */
export function shorten(text: string, length: number): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  if (line.length <= length) return line;
  const cut = line.slice(0, length - 2);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(" "), length / 2))} …`;
}

/**
 * Cuts a statement in its middle, where its hypotheses are, to about `length` characters: its name
 * and its conclusion tell the most.
 */
export function shortenMiddle(text: string, length: number): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  if (line.length <= length) return line;
  const head = shorten(line, Math.ceil(length / 2));
  const tail = line.slice(line.length - Math.floor(length / 2));
  return `${head} ${tail.slice(tail.indexOf(" ") + 1)}`;
}

/** A search result's lines for people, without its number. */
export function summaryLines(declaration: Declaration): string[] {
  const lines = [
    `${colors.bold(declaration.name)}  ${colors.dim(declaration.kind)}`,
    colors.cyan(shortenMiddle(leanStatement(declaration), 400)),
  ];
  const informal = wordsAbout(declaration);
  if (informal !== "") lines.push(shorten(informal, 300));
  const url = documentationUrl(declaration);
  const places = [location(declaration), originText(declaration), url ?? ""].filter(
    (place) => place !== "",
  );
  if (places.length > 0) lines.push(colors.dim(places.join("  ")));
  return lines;
}
