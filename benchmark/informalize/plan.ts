import { availableParallelism } from "node:os";
import { readSource } from "../../src/corpus/read-source.js";
import { UserError } from "../../src/errors.js";
import { surveyCorpus } from "../../src/informalize/graph/survey.js";
import { planInformalization } from "../../src/informalize/plan/plan.js";

/**
 * Measures how long it takes to plan the informalization of a corpus, and how much memory:
 * `node dist/benchmark/informalize/plan.js CORPUS`, where CORPUS is whatever `lemmascope index` takes.
 */
const MEASURES = { instructionTokens: () => 600, dependencyTokens: 1500, answerTokens: 120 };

const source = process.argv[2];
if (source === undefined)
  throw new UserError("usage", "Name a corpus, as lemmascope index takes it.");

const started = performance.now();
const survey = await surveyCorpus(readSource(source));
const surveyed = performance.now();
try {
  const { facts, graph, components } = survey;
  const plan = planInformalization(survey, { order: "most-used" }, new Map(), MEASURES);
  const planned = performance.now();
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  let largest = 0;
  let inCycles = 0;
  for (let component = 0; component < components.count; component += 1) {
    const { length } = components.members(component);
    largest = Math.max(largest, length);
    if (length > 1) inCycles += length;
  }
  print(`${availableParallelism()} cores, Node ${process.version}`);
  print(`${facts.length} declarations, ${graph.edges} dependencies, ${plan.levels.length} levels`);
  print(`${inCycles} declarations in cycles, the largest of ${largest}`);
  print(`read, with graph and stamps, in ${((surveyed - started) / 1000).toFixed(1)} s`);
  print(`planned in ${((planned - surveyed) / 1000).toFixed(1)} s`);
  print(`processor time of all threads ${((userCPUTime + systemCPUTime) / 1e6).toFixed(1)} s`);
  print(`largest resident memory ${(maxRSS / 1024).toFixed(0)} MB`);
} finally {
  survey.close();
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
