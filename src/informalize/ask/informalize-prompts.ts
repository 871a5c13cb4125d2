import type { Declaration, DeclarationKind } from "../../declaration.js";
import { estimatedTokens } from "../../llm/budget.js";
import { type FilledPrompt, Prompt } from "../../llm/prompt.js";
import type { PromptMeasures } from "../plan/plan.js";
import { DEPENDENCY_TOKENS, type Question } from "./question.js";

/** The kinds of task, each with a file `prompts/informalize-TASK.md` of its own. */
export const TASKS = ["theorem", "definition", "instance", "other"] as const;
export type Task = (typeof TASKS)[number];

const TASK_OF: Readonly<Record<DeclarationKind, Task>> = {
  theorem: "theorem",
  axiom: "theorem",
  definition: "definition",
  abbrev: "definition",
  structure: "definition",
  class: "definition",
  inductive: "definition",
  instance: "instance",
  field: "other",
  constructor: "other",
  opaque: "other",
};

/** Tokens of an answer: people's descriptions have some 250 characters with their title, and JSON adds to it. */
const ANSWER_TOKENS = 130;

/** The prompts that have declarations put into words, read once. */
export class InformalizePrompts implements PromptMeasures {
  readonly dependencyTokens = DEPENDENCY_TOKENS;
  readonly answerTokens = ANSWER_TOKENS;
  readonly #common = new Prompt("informalize");
  readonly #tasks: Readonly<Record<Task, Prompt>> = {
    theorem: new Prompt("informalize-theorem"),
    definition: new Prompt("informalize-definition"),
    instance: new Prompt("informalize-instance"),
    other: new Prompt("informalize-other"),
  };

  /** Changes with every letter of what a declaration of this kind is asked for with. */
  version(kind: DeclarationKind): string {
    return `${this.#common.version}-${this.#tasks[TASK_OF[kind]].version}`;
  }

  /** What is asked about a declaration. */
  fill({ declaration, statement, value, dependencies, neighbours }: Question): FilledPrompt {
    const { kind, name, module, docstring } = declaration;
    const parts = [
      this.#common.section("Statement", { statement }),
      docstring === "" ? "" : this.#common.section("Docstring", { docstring }),
      value === "" ? "" : this.#common.section("Value", { value }),
      this.#list("Dependencies", "dependencies", dependencies),
      this.#list("Neighbours", "neighbours", neighbours),
    ];
    return this.#common.fill({
      ...{ task: this.#task(kind), name },
      what: `${described(kind)}${module === "" ? "" : ` of the module ${module}`}:`,
      parts: parts.filter((part) => part !== "").join("\n\n"),
    });
  }

  instructionTokens = (kind: DeclarationKind): number => {
    const slots = { what: "", parts: "", name: "" };
    const { system, user } = this.#common.fill({ ...slots, task: this.#task(kind) });
    return estimatedTokens(system) + estimatedTokens(user) + NEIGHBOUR_TOKENS;
  };

  #task(kind: DeclarationKind): string {
    return this.#tasks[TASK_OF[kind]].section("Task");
  }

  #list(heading: string, slot: string, lines: readonly string[]): string {
    if (lines.length === 0) return "";
    return this.#common.section(heading, { [slot]: lines.map((line) => `- ${line}`).join("\n") });
  }
}

/** About what the two neighbours take, with the format of the answer. */
const NEIGHBOUR_TOKENS = 200;

function described(kind: Declaration["kind"]): string {
  return `${/^[aeio]/.test(kind) ? "An" : "A"} ${kind}`;
}
