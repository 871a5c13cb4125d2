import type { FakeChatServer } from "../../llm/fake-chat-server.js";

/** The goal of these tests: the starter corpus knows what it needs. */
export const GOAL = `theorem goal {X : Type*} [TopologicalSpace X] {s : Set X} (hs : IsCompact s)
    (ne : s.Nonempty) {f : X → ℝ} (hf : ContinuousOn f s) : ∃ x ∈ s, IsMinOn f s x := by sorry`;

/** A sketch as a language model might make it: one step is sound, one is not, one name is made up. */
export const SKETCH = {
  definitionQueries: ["compact set"],
  theoremQueries: ["a continuous function on a compact set attains its minimum"],
  steps: [
    {
      what: "The function attains its minimum.",
      why: "extreme value theorem",
      queries: ["continuous function on compact set attains minimum"],
    },
    { what: "Nothing at all.", why: "", queries: ["zyzzogeton quuxification of frobnicators"] },
  ],
  guessedNames: ["IsCompact.exists_isMinOn", "IsCompact.exists_isMinimumOn"],
  hypotheticalStatements: ["(hs : IsCompact s) : ∃ x ∈ s, ∀ y ∈ s, f x ≤ f y"],
};

/** What a sensible model says to one of the questions of reasoning mode. */
export function modelAnswer(question: string): unknown {
  if (question.includes("Answer with your sketch")) return SKETCH;
  if (question.includes('"kept"') || question.includes("`kept`")) return { kept: [0] };
  if (question.includes('"verdict"') || question.includes("`verdict`")) {
    return { verdict: "good", unsupportedSteps: [], reasons: "", suggestions: "" };
  }
  return { order: [1, 0] };
}

/** Has a server's models answer sensibly. */
export function answerSensibly(server: FakeChatServer): void {
  server.when({}, ({ user }) => ({ kind: "json", value: modelAnswer(user) }));
}
