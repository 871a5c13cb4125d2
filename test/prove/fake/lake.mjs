// Stands in for `lake env lean --json FILE`, and reads in the candidate what Lean is to say of it:
//   -- error: TEXT   an error in this line (\n stands for a new line)
//   -- hang          Lean never ends
//   sorry            a hole
// and in the statement: -- does not compile. Everything else is proved. For `lake env lean --run FILE`
// it prints the text of FAKE_DECLARATIONS. FAKE_LAKE_LOG names a file that each start is written to.
import { appendFileSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const { FAKE_LAKE_LOG: log, FAKE_DECLARATIONS: declarations } = process.env;
const args = process.argv.slice(2);
if (log) appendFileSync(log, `${JSON.stringify(args)}\n`);
if (args.includes("--run")) await run();
else await check(args.at(-1));

async function run() {
  const plan = JSON.parse(declarations ?? "{}");
  for (const line of plan.stderr ?? []) process.stderr.write(`${line}\n`);
  for (const line of plan.stdout ?? []) process.stdout.write(`${line}\n`);
  if (plan.hang) await sleep(1e8);
  process.exitCode = plan.status ?? 0;
}

async function check(file) {
  const lines = readFileSync(file, "utf8").split("\n");
  const lineOf = (pattern) => lines.findIndex((line) => pattern.test(line)) + 1;
  const from = lineOf(/^section lemmascope_candidate_section_/);
  const to = lineOf(/^end lemmascope_candidate_section_/);
  const messages = [];
  const say = (severity, line, data) =>
    messages.push({ severity, pos: { line, column: 0 }, endPos: { line, column: 1 }, data });
  const broken = lineOf(/-- does not compile/);
  if (broken > 0 && broken < from) say("error", broken, "unknown universe level");
  let hasHole = false;
  for (let at = from; at < to - 1; at += 1) {
    const line = lines[at] ?? "";
    if (/-- hang/.test(line)) await sleep(1e8);
    const told = /-- error: (.*)$/.exec(line)?.[1];
    if (told !== undefined) say("error", at + 1, told.replaceAll("\\n", "\n"));
    if (/\bsorry\b/.test(line.replace(/--.*$/, ""))) {
      say("warning", at + 1, "declaration uses `sorry`");
      hasHole = true;
    }
  }
  const isWrong = messages.some(({ severity }) => severity === "error");
  const axioms = hasHole || isWrong ? "sorryAx" : "propext";
  lines.forEach((line, at) => {
    const name = /^#print axioms (?:_root_\.)?(\S+)/.exec(line)?.[1];
    if (name === undefined || at + 1 < to) return;
    say("information", at + 1, `'${name}' depends on axioms: [${axioms}]`);
  });
  for (const message of messages) process.stdout.write(`${JSON.stringify(message)}\n`);
  process.exitCode = isWrong ? 1 : 0;
}
