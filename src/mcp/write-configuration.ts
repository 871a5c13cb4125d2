import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { constants } from "node:fs";
import { dirname } from "node:path";
import { isDeepStrictEqual } from "node:util";
import {
  applyEdits,
  findNodeAtLocation,
  getNodeValue,
  modify,
  parseTree,
  type ParseError,
} from "jsonc-parser";
import { errorCode, UserError } from "../errors.js";
import type { ClientConfiguration } from "./client-configurations.js";

/** What writing a configuration came to. */
export interface Written {
  readonly outcome: "made" | "changed" | "unchanged";
  /** The copy of the file as it was; undefined where there was none, or nothing was changed. */
  readonly backup: string | undefined;
}

/**
 * Puts our entry into a client's configuration file, and leaves all else in it as it is: other servers,
 * comments, order and indentation.
 *
 * @throws UserError `badInput` for a file that is no JSON, `io` for one that cannot be written.
 */
export function writeConfiguration({ file, path, entry }: ClientConfiguration): Written {
  return describingFailure(file, () => {
    const before = readIfThere(file);
    const text = merged(before ?? "{}\n", file, path, entry);
    if (text === before) return { outcome: "unchanged", backup: undefined };
    // Settings are often links into a folder under version control: the link stays.
    const target = before === undefined ? file : realpathSync(file);
    const backup = before === undefined ? undefined : backUp(target);
    mkdirSync(dirname(target), { recursive: true });
    const temporary = `${target}.${process.pid}.tmp`;
    const mode = before === undefined ? 0o600 : statSync(target).mode & 0o777;
    writeFileSync(temporary, text, { mode, flush: true });
    renameSync(temporary, target);
    return { outcome: before === undefined ? "made" : "changed", backup };
  });
}

/**
 * The text of a configuration with our entry in it.
 *
 * @param text JSON with comments and trailing commas; blank for an empty object.
 * @throws UserError `badInput` where it is something else.
 */
export function merged(
  text: string,
  file: string,
  path: readonly string[],
  entry: Readonly<Record<string, unknown>>,
): string {
  const mark = text.startsWith("\uFEFF") ? "\uFEFF" : "";
  const bare = text.slice(mark.length);
  const content = bare.trim() === "" ? "{}\n" : bare;
  const problems: ParseError[] = [];
  const tree = parseTree(content, problems, { allowTrailingComma: true });
  if (problems.length > 0 || tree?.type !== "object") {
    throw new UserError("badInput", `${file} is not a JSON object: mend it, and run this again.`);
  }
  path.slice(0, -1).forEach((_, depth) => {
    const above = findNodeAtLocation(tree, path.slice(0, depth + 1));
    if (above === undefined || above.type === "object") return;
    throw new UserError(
      "badInput",
      `In ${file}, "${path[depth] ?? ""}" is no object: mend it first.`,
    );
  });
  const present = findNodeAtLocation(tree, [...path]);
  if (present !== undefined && isDeepStrictEqual(getNodeValue(present), entry)) return text;
  const tabs = /^\t/m.test(content);
  const width = /^( +)\S/m.exec(content)?.[1]?.length ?? 2;
  const edits = modify(content, [...path], entry, {
    formattingOptions: { insertSpaces: !tabs, tabSize: tabs ? 1 : width, eol: eolOf(content) },
  });
  return mark + applyEdits(content, edits);
}

function eolOf(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Copies a file beside itself, under a name that is not taken. */
function backUp(file: string): string {
  const time = new Date().toISOString().replaceAll(/[:.]/g, "-");
  for (let attempt = 0; ; attempt += 1) {
    const backup = `${file}.${time}${attempt === 0 ? "" : `-${attempt}`}.backup`;
    try {
      copyFileSync(file, backup, constants.COPYFILE_EXCL);
      return backup;
    } catch (error) {
      if (errorCode(error) !== "EEXIST") throw error;
    }
  }
}

function describingFailure<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = errorCode(error);
    if (error instanceof UserError || code === undefined) throw error;
    throw new UserError("io", `${file} cannot be written (${code}): check its permissions.`, {
      cause: error,
    });
  }
}
