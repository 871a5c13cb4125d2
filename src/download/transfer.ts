import { UserError } from "../errors.js";
import type { RetryableFailure } from "../network/retry.js";
import type { Answer, Connection } from "./connection.js";
import { shown, statusFailure, unreachable, WrongContent, type Wanted } from "./failures.js";
import { isWebPage } from "./hub.js";
import type { PartFile } from "./part.js";
import type { RemoteFile } from "./remote-file.js";

/** Told whenever bytes have arrived. */
export type OnBytes = (receivedBytes: number, totalBytes: number | undefined) => void;

/**
 * One attempt to bring a part to the length of its file: asks for what is missing, and appends what
 * comes. It returns when the part is as long as it should be; whether it is the right content is
 * for the caller to check.
 *
 * @throws RetryableFailure if the connection or the server failed on the way; the part has grown by
 * what came before.
 * @throws WrongContent if the server sends more than the file has.
 * @throws UserError if another attempt would not help.
 */
export async function transfer(
  file: RemoteFile,
  part: PartFile,
  connection: Connection,
  onBytes: OnBytes,
  signal?: AbortSignal,
): Promise<void> {
  // Without a checksum, only the server can tell whether a full part is still today's file.
  if (file.checksum !== undefined && part.length === file.size) return;
  if (file.size !== undefined && part.length > file.size) await part.restart();

  const url = new URL(file.url);
  const answer = await connection.get(url, rangeHeaders(part), signal);
  const total = await startOfBody(answer, file, part);
  if (total === "complete") return;

  const limit = file.size ?? total;
  onBytes(part.length, limit);
  for await (const chunk of answer.body) {
    if (limit !== undefined && part.length + chunk.length > limit) throw tooLong(file, limit);
    await part.append(chunk);
    onBytes(part.length, limit);
  }
  if (limit !== undefined && part.length < limit) {
    throw unreachable(url, `it ended after ${part.length} of ${limit} bytes`);
  }
}

function rangeHeaders(part: PartFile): Record<string, string> {
  if (part.length === 0) return {};
  return {
    range: `bytes=${part.length}-`,
    ...(part.validator === undefined ? {} : { "if-range": part.validator }),
  };
}

/**
 * Reads the head of an answer and readies the part for its body.
 *
 * @returns The length of the whole file if the answer tells it, or that the part has all of it.
 */
async function startOfBody(
  answer: Answer,
  file: RemoteFile,
  part: PartFile,
): Promise<number | undefined | "complete"> {
  if (answer.status === 416) {
    await answer.body.discard();
    const total = /^bytes \*\/(\d+)$/.exec(answer.header("content-range") ?? "")?.[1];
    // With If-Range, a 416 also says that the file has not changed (RFC 9110, section 13.2.2).
    const isWhole = part.validator !== undefined && Number(total) === part.length;
    if (isWhole && (file.size === undefined || file.size === part.length)) return "complete";
    throw await startAfresh(answer, part);
  }
  if (answer.status !== 200 && answer.status !== 206) {
    await answer.body.discard();
    throw statusFailure(answer, wantedFile(file));
  }
  await refuseOtherForms(answer, file);
  const announced = await announcedLength(answer, part);
  if (file.size !== undefined && announced !== undefined && announced > file.size) {
    await answer.body.discard();
    throw tooLong(file, file.size);
  }
  if (answer.status === 200) await part.restart(validatorOf(answer));
  return announced;
}

/** The length of the whole file according to the answer. */
async function announcedLength(answer: Answer, part: PartFile): Promise<number | undefined> {
  const length = answer.header("content-length");
  if (answer.status === 200) return length === undefined ? undefined : Number(length);
  const range = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(answer.header("content-range") ?? "");
  const changed =
    part.validator !== undefined && (validatorOf(answer) ?? part.validator) !== part.validator;
  if (range === null || Number(range[1]) !== part.length || changed) {
    await answer.body.discard();
    throw await startAfresh(answer, part);
  }
  return range[3] === "*" ? undefined : Number(range[3]);
}

/** What the server holds no longer fits the part: the next attempt is to begin at the beginning. */
async function startAfresh(answer: Answer, part: PartFile): Promise<RetryableFailure> {
  await part.restart();
  return unreachable(answer.url, "what it has no longer fits what had arrived");
}

/** What `If-Range` can ask with. Weak validators do not promise the same bytes. */
function validatorOf(answer: Answer): string | undefined {
  const etag = answer.header("etag");
  if (etag !== undefined) return etag.startsWith('"') ? etag : undefined;
  return answer.header("last-modified");
}

async function refuseOtherForms(answer: Answer, file: RemoteFile): Promise<void> {
  const coding = (answer.header("content-encoding") ?? "identity").toLowerCase();
  // Servers that guess from the name call a .gz file "gzip"-coded and yet send it as it is.
  const isNamed =
    (/^(x-)?gzip$/.test(coding) && /\.gz$/i.test(file.path)) ||
    (coding === "br" && /\.br$/i.test(file.path));
  const at = shown(answer.url);
  let problem: string | undefined;
  if (isWebPage(answer)) {
    problem = `${at} answered with a web page instead of ${file.path}: check the address, and whether the network first wants a login`;
  } else if (coding !== "identity" && !isNamed) {
    problem = `${at} sends ${file.path} ${coding}-coded although it was asked not to: fetch it by other means and use "lemmascope index FILE"`;
  }
  if (problem === undefined) return;
  await answer.body.discard();
  throw new UserError("unavailable", problem);
}

function tooLong(file: RemoteFile, size: number): WrongContent {
  return new WrongContent(`the server sent more for ${file.path} than the ${size} bytes announced`);
}

function wantedFile(file: RemoteFile): Wanted {
  const url = new URL(file.url);
  if (file.partOf === undefined) {
    return {
      what: `file ${file.path}`,
      where: shown(url),
      advice: "check the address",
      isOnHub: false,
    };
  }
  return {
    what: `file ${file.path} of ${file.partOf}`,
    where: url.origin,
    advice: "the data set may have changed since it was listed; run the command again",
    isOnHub: true,
  };
}
