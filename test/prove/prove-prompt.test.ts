import { describe, expect, it } from "vitest";
import { Prompt } from "../../src/llm/prompt.js";
import { proveQuestion, type ProveQuestion } from "../../src/prove/prove-prompt.js";
import { attempt, errorAt, problem, STATEMENT, verdict } from "./made-up.js";

const prompt = new Prompt("prove");
const nothing = { premises: [], plan: [], notes: [] };

function user(more: Partial<ProveQuestion> = {}): string {
  const question: ProveQuestion = {
    ...{ problem: problem(), starting: nothing, earlier: undefined },
    ...{ candidate: 1, candidates: 1, round: 1, rounds: 8 },
    ...more,
  };
  return proveQuestion(prompt, question).user;
}

const wrong = attempt(
  1,
  verdict("errors", { diagnostics: [errorAt(1, "unsolved goals {{x}} $&")] }),
);
const closer = attempt(2, verdict("sorry"), { code: "-- closer\n" });
const findings = [
  { asked: "names near `Foo.baz`", premises: [{ name: "Foo.bar", text: "theorem Foo.bar" }] },
];

describe("the question for a proof", () => {
  it("shows the file and what is known of it, and nothing that is not there", () => {
    const text = user();
    expect(text).toContain(`\`\`\`lean\n${STATEMENT}\`\`\``);
    expect(text).toContain("In words:\n\nThe sum of the first numbers.");
    expect(text).not.toMatch(/\{\{|Declarations that may help|A plan|attempt \d|Others try/);
  });

  it("shows premises and the plan", () => {
    const premises = [{ name: "Foo.bar", text: "theorem Foo.bar : Bar -- it holds" }];
    const text = user({ starting: { premises, plan: ["do this", "then that"], notes: [] } });
    expect(text).toContain("the likeliest first:\n\n- theorem Foo.bar : Bar -- it holds");
    expect(text).toContain("1. do this\n2. then that");
  });

  it("shows what was wrong before, what the library has for it, and what came closer", () => {
    const earlier = { last: wrong, closer, findings, isRepeated: false };
    const text = user({ earlier, round: 3 });
    expect(text).toContain("This is attempt 3 of 8.");
    expect(text).toContain("Line 1, error:\n  -- attempt 1\nunsolved goals {{x}} $&");
    expect(text).toContain("For names near `Foo.baz`:\n- theorem Foo.bar");
    expect(text).toMatch(/came closer:\n\n```lean\n-- closer\n```[^]*It is sorry\./);
    expect(text).not.toContain("You have sent this file before");
  });

  it("says so where the same file came again, and where there was none", () => {
    const again = { last: wrong, closer: undefined, findings: [], isRepeated: true };
    expect(user({ earlier: again, round: 2 })).toContain("You have sent this file before");
    const last = attempt(1, undefined, { code: undefined, problem: "there is no block in it" });
    const unread = { last, closer: undefined, findings: [], isRepeated: false };
    const text = user({ earlier: unread, round: 2 });
    expect(text).toContain("could not be used: there is no block in it. Answer with the");
  });

  it("differs from candidate to candidate and from attempt to attempt", () => {
    const earlier = { last: wrong, closer: undefined, findings: [], isRepeated: false };
    const asked = [
      user({ candidates: 3 }),
      user({ candidate: 2, candidates: 3 }),
      user({ candidate: 3, candidates: 3 }),
      user({ earlier, round: 2 }),
      user({ earlier, round: 3 }),
    ];
    expect(new Set(asked).size).toBe(asked.length);
  });

  it("tells of every kind of failure in words", () => {
    const refused = [
      { rule: "native", sentence: "It cheats.", position: { line: 7, column: 2 } } as const,
    ];
    const mismatch = { ...errorAt(9, "Type mismatch"), about: "comparison" as const };
    const sorries = [{ start: { line: 7, column: 2 }, end: undefined, goal: "⊢ Even n" }];
    const told: [Parameters<typeof attempt>[1], string][] = [
      [verdict("refused", { refused }), "Line 7, refused before Lean saw it: It cheats."],
      [
        verdict("statement", { diagnostics: [mismatch] }),
        "not the one that was asked for: Type mism",
      ],
      [
        verdict("sorry", { sorries }),
        "It is sorry.\n\nLine 7, sorry, where this is left:\n⊢ Even n",
      ],
      [verdict("timeout"), "It is timeout."],
    ];
    for (const [of, text] of told) {
      const earlier = { last: attempt(1, of), closer: undefined, findings: [], isRepeated: false };
      expect(user({ earlier, round: 2 })).toContain(text);
    }
  });

  it("shortens what Lean says at length", () => {
    const diagnostics = Array.from({ length: 30 }, () => errorAt(1, "wrong ".repeat(1000)));
    const last = attempt(1, verdict("errors", { diagnostics }));
    const earlier = { last, closer: undefined, findings: [], isRepeated: false };
    const text = user({ earlier, round: 2 });
    expect(text.length).toBeLessThan(20_000);
    expect(text).toContain("(and 20 more");
  });
});
