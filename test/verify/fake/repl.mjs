// Stands in for the Lean REPL (leanprover-community/repl): JSON commands on standard input with a blank
// line after each, answers likewise. FAKE_REPL is a JSON object:
// - `replay`: a file with a JSON list of {request, answer}: what must be asked, and what the real REPL
//   answered, word for word. Anything else that is asked ends the conversation with an error.
// - otherwise it answers as Lean would for check files that are right, numbers environments, and
//   misbehaves in the check whose number (from 1, imports not counted) is in `hang`, `crash`, `garble`,
//   `eat`, or where `crashOn` is part of the command.
// - `log`: a file that gets a line for each start, import and check.
import { appendFileSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";

const plan = JSON.parse(process.env.FAKE_REPL ?? "{}");
const recorded = plan.replay ? JSON.parse(readFileSync(plan.replay, "utf8")) : undefined;
let environments = 0;
let checks = 0;
note("start");

let lines = [];
for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() !== "") {
    lines.push(line.trimEnd());
  } else if (lines.length > 0) {
    const text = lines.join("");
    lines = [];
    await respond(text);
  }
}

function note(what) {
  if (plan.log) appendFileSync(plan.log, `${process.pid} ${what}\n`);
}

async function respond(text) {
  const request = JSON.parse(text);
  if (recorded !== undefined) {
    const next = recorded.shift();
    const same = next !== undefined && isDeepStrictEqual(next.request, request);
    await write(same ? next.answer : JSON.stringify({ message: `not in the recording: ${text}` }));
    return;
  }
  if (/^import /.test(request.cmd) && request.env === undefined) {
    note(`import ${request.cmd.trim().replaceAll("\n", ", ")}`);
    const missing = request.cmd.includes("Missing");
    const messages = [
      { severity: "error", pos: { line: 1, column: 0 }, data: "unknown module prefix 'Missing'" },
    ];
    await write(JSON.stringify({ ...(missing ? { messages } : {}), env: environments++ }));
    return;
  }
  checks += 1;
  note(`check in ${request.env}`);
  if (plan.hang === checks) await sleep(1e8);
  if (plan.crash === checks || (plan.crashOn && request.cmd.includes(plan.crashOn))) {
    process.stderr.write("Stack overflow detected. Aborting.\n");
    process.exit(134);
  }
  if (plan.garble === checks) return write('{"env": ');
  const taken = [];
  while (plan.eat === checks) {
    taken.push(new Uint8Array(16 * 2 ** 20).fill(1));
    await sleep(15);
  }
  if (plan.delayMs) await sleep(plan.delayMs);
  const body = request.cmd.split("\n");
  const messages = body.flatMap((line, at) => {
    const name = /^#print axioms (?:_root_\.)?(\S+)/.exec(line)?.[1];
    if (name === undefined) return [];
    const data = `'${name}' depends on axioms: [propext]`;
    return [{ severity: "info", pos: { line: at + 1, column: 0 }, endPos: null, data }];
  });
  const sorries = body.flatMap((line, at) => {
    const column = line.indexOf("sorry");
    if (column === -1) return [];
    const pos = { line: at + 1, column };
    return [{ proofState: at, pos, endPos: { ...pos, column: column + 5 }, goal: "⊢ True" }];
  });
  await write(JSON.stringify({ sorries, messages, env: environments++ }, undefined, 1));
}

/** In small pieces, as a pipe may hand it on. */
async function write(text) {
  const whole = `${text}\n\n`;
  for (let at = 0; at < whole.length; at += 4000) {
    process.stdout.write(whole.slice(at, at + 4000));
    if (whole.length < 40000) await sleep(0);
  }
}
