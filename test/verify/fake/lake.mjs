// Stands in for `lake env lean --json FILE`: speaks its JSON lines, or misbehaves as FAKE_LAKE says.
// FAKE_LAKE is a JSON object; `kind` says what to do, see `KINDS`.
import { spawn } from "node:child_process";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const plan = JSON.parse(process.env.FAKE_LAKE ?? '{"kind":"lean"}');
const args = process.argv.slice(2);
const file = args.at(-1);
if (plan.log) appendFileSync(plan.log, `${JSON.stringify({ args, pid: process.pid, file })}\n`);

const KINDS = {
  /** Answers as Lean does for a file that is right but for what the plan says. */
  lean: () => answer(plan),
  async hang() {
    await sleep(1e8);
  },
  /** Does not listen to requests to end. */
  async stubborn() {
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, () => undefined);
    await sleep(1e8);
  },
  /** Starts children, some of which leave the process group; then hangs or ends. */
  async spawn() {
    const children = [false, true].map((detached) => {
      const script = `
        for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => undefined);
        setInterval(() => undefined, 1000);`;
      return spawn(process.execPath, ["-e", script], { detached, stdio: "inherit" });
    });
    for (const child of children) child.unref();
    writeFileSync(plan.pids, JSON.stringify(children.map(({ pid }) => pid)));
    if (plan.thenEnds) await answer(plan);
    else await sleep(1e8);
  },
  /** Takes memory without end, in a child where the plan says so. */
  async eat() {
    if (plan.inChild) {
      const own = { ...process.env, FAKE_LAKE: JSON.stringify({ kind: "eat" }) };
      spawn(process.execPath, [process.argv[1], ...args], { env: own, stdio: "inherit" });
      await sleep(1e8);
    }
    const taken = [];
    for (;;) {
      taken.push(new Uint8Array(16 * 2 ** 20).fill(taken.length + 1));
      await sleep(15);
    }
  },
  crash() {
    process.kill(process.pid, "SIGSEGV");
    return sleep(1e8);
  },
  /** Ends with a status and words of its own. */
  async fail() {
    process.stderr.write(`${plan.says ?? ""}\n`);
    process.exitCode = plan.status;
  },
  async flood() {
    const line = `${JSON.stringify(message("info", 1, "again and again ".repeat(500)))}\n`;
    for (;;)
      if (!process.stdout.write(line)) await new Promise((go) => process.stdout.once("drain", go));
  },
  /** The messages of a right file, with one line that is broken. */
  async broken() {
    await answer(plan);
    process.stdout.write(`${plan.line}\n`);
  },
};

function message(severity, line, data, column = 0) {
  return {
    severity: severity === "info" ? "information" : severity,
    pos: { line, column },
    endPos: { line, column: column + 1 },
    keepFullRange: false,
    isSilent: false,
    fileName: file,
    caption: "",
    data,
    kind: "[anonymous]",
  };
}

/**
 * What Lean would say of the file, with the plan's exceptions: `axioms` of the proof; `errors` in
 * lines of the candidate; `comparison`, the error where the candidate's theorem has another type;
 * `silent`, where Lean never comes to the questions; `extra` messages.
 */
function answer({ axioms = ["propext", "Classical.choice", "Quot.sound"], ...exceptions }) {
  const lines = readFileSync(file, "utf8").split("\n");
  const lineOf = (pattern) => lines.findIndex((line) => pattern.test(line)) + 1;
  const messages = [];
  const statement = lineOf(/_lemmascope_statement_/);
  if (statement > 0) messages.push(message("warning", statement, "declaration uses `sorry`", 8));
  const candidate = lineOf(/^section lemmascope_candidate_section_/);
  for (const { line, text, severity = "error" } of exceptions.errors ?? []) {
    messages.push(message(severity, candidate + line, text));
  }
  const check = lineOf(/^theorem lemmascope_check_/);
  if (exceptions.comparison) messages.push(message("error", check, exceptions.comparison));
  const end = lineOf(/^end lemmascope_candidate_section_/);
  lines.forEach((line, at) => {
    const name = /^#print axioms (?:_root_\.)?(\S+)/.exec(line)?.[1];
    if (name === undefined || at + 1 < end || exceptions.silent) return;
    const told =
      axioms.length === 0
        ? `'${name}' does not depend on any axioms`
        : `'${name}' depends on axioms: [${axioms.join(",\n ")}]`;
    messages.push(message("info", at + 1, told));
    for (const text of exceptions.extra ?? []) {
      messages.push(message("info", at + 1, text.replaceAll("NAME", name)));
    }
  });
  for (const one of messages) process.stdout.write(`${JSON.stringify(one)}\n`);
  process.exitCode = messages.some(({ severity }) => severity === "error") ? 1 : 0;
}

await KINDS[plan.kind]();
