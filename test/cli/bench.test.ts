import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readSearchReport } from "../../benchmark/search/report.js";
import { EXIT } from "../../src/errors.js";
import {
  describeProgram,
  expectSentence,
  untilSaid,
  WITHOUT_SIGNALS,
  Workplace,
} from "./command-line.js";

const QUERIES = [
  { declaration: "Group", lean: "class Group", natural: "a set with an invertible operation" },
  { declaration: "IsCompact.exists_isMinOn", lean: "IsCompact s", natural: "minimum is attained" },
  { declaration: "Nowhere.to_be_found", lean: "Nowhere", natural: "nothing of the kind" },
];

let place: Workplace;
beforeAll(async () => {
  place = await Workplace.open();
  await writeQueries(place.path("small"), 1);
  await writeQueries(place.path("large"), 2000);
});
afterAll(() => place.close());

/** Files in the benchmark's published shape, with each query asked so many times. */
async function writeQueries(folder: string, times: number): Promise<void> {
  const entries = Array.from({ length: times }, (_, round) =>
    QUERIES.map(({ declaration, lean, natural }, number) => ({
      id: `${round}.${number}`,
      full_name: declaration,
      kind: "theorem",
      difficulty: "Easy",
      q1a_lean: lean,
      q1b_latex: "",
      q1c_natural: natural,
      q2_slogan: null,
      q3_nickname: "",
      q4_special_case: "()",
    })),
  ).flat();
  await mkdir(folder);
  await writeFile(join(folder, "MathlibQR.json"), JSON.stringify(entries));
  await writeFile(
    join(folder, "MathlibQR_shared171.json"),
    JSON.stringify({ shared_declarations: QUERIES.map(({ declaration }) => declaration) }),
  );
}

describeProgram("bench search", () => {
  it.concurrent("writes both reports, which --compare reads", async () => {
    const args = ["bench", "search", "--data", "small", "--out", "results", "--json"];
    const { code, stdout, stderr } = await place.run(args);
    expect(code).toBe(EXIT.ok);
    expect(stderr).toMatch(/^Searched the starter corpus/m);
    const report = await readSearchReport(place.path("results", "search.json"));
    expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(report)));
    expect(report.summary.slices.full.all.n).toBe(9);
    expect(report.summary.slices.resolved.all.n).toBe(6);
    const markdown = await readFile(place.path("results", "search.md"), "utf8");
    expect(markdown).toMatch(/^# MathlibQR: fair nDCG@10 /);

    const path = join("results", "search.json");
    const compared = await place.run(["bench", "search", "--compare", path, path]);
    expect(compared.code).toBe(EXIT.ok);
    expect(compared.stdout).toMatch(/\| fair/);
    const some = ["bench", "search", "--compare", path, path, "--only"];
    const only = await place.file("only.txt", 'No.such\n{"name": "Nor.such"}\n');
    expectSentence(await place.run([...some, only]), "badInput", /no query for any of these/);
    const broken = await place.file("broken.txt", 'a\n{"nam": 1}\n');
    expectSentence(
      await place.run([...some, broken]),
      "badInput",
      /broken\.txt, line 2: this is no/,
    );
  });

  it.concurrent("says where to get data that is missing", async () => {
    const outcome = await place.run(["bench", "search", "--data", "nowhere"]);
    expectSentence(
      outcome,
      "badInput",
      /nowhere.*MathlibQR\.json does not exist: get .* https:\/\/github\.com\/frenzymath\/LeanSearch-v2/,
    );
  });

  it.skipIf(WITHOUT_SIGNALS).concurrent("ends at Ctrl-C without a report", async () => {
    const args = ["bench", "search", "--data", "large", "--out", "stopped"];
    const running = place.start(args);
    await untilSaid(running, /of 18000 queries/);
    running.kill("SIGINT");
    const { exitCode, stdout, stderr } = await running;
    expect({ exitCode, stdout }).toEqual({ exitCode: EXIT.interrupted, stdout: "" });
    expect(stderr).toMatch(/^The benchmark was stopped .*: no report is made\.$/m);
  });
});
