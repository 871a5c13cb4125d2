import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { z } from "zod";

/**
 * The protocol of LeanSearch v2's reasoning mode (arXiv 2605.13137, section 3.2: sketch, retrieve,
 * reflect), in our words, for an agent that is itself the language model.
 */
function protocol(goal: string): string {
  return `Find the Mathlib declarations that a proof of this statement needs:

${goal}

Work in rounds of sketch, retrieve, reflect.

1. Sketch. Look first for theorems that lead most of the way at once. Then write a short informal proof as steps. For each step say what it shows and why: the one fact that carries it, a theorem, a definition unfolded, a construction. Do not write proofs in Lean yet.
2. Retrieve, with one call of "premises_from_sketch":
   - "theorem": the statement above, in Lean if you have it; "informal": its words.
   - "steps": each with "what", "why" and one to three "queries": the fact as a general statement in plain mathematical English, without the names of this problem's variables; the same fact as you expect it in Lean, such as "IsCompact s → Continuous f → IsCompact (f '' s)"; its name, if it has one ("Bolzano-Weierstrass").
   - "queries" for the leading theorems, "definition_queries" for the notions of the statement.
   - "guessed_names": 10 to 25 full names as Mathlib forms them (conclusion, then "of", then hypotheses: "isCompact_of_isClosed_subset"), the likeliest first. Right guesses count most; wrong ones cost nothing.
   - "hypothetical_statements": lemmas that you wish existed, in Lean.
3. Reflect. For each step say which of the premises supports it, and read its hypotheses: do they hold here, with these type classes? A step that nothing supports is too large or wrong: split it, restate it more generally, or find another way, and call "premises_from_sketch" again with these steps only. Replace guessed names that do not exist by the near ones that fit. Where something is close but not right, call "related" on it: the variant you need is often its sibling. Single facts are quickest with "search". Stop after three rounds, or when every step is supported.

If you would rather not plan, "premises" does all of this with the server's language model, where it has one.

Answer with the list of declarations, each with its full name as the tools gave it, the step it supports, and how it is used. Leave out what no step needs. Say which steps are still unsupported. Never name a declaration that the tools have not shown you.`;
}

/** Adds the prompt that teaches an agent to find the premises of a proof with the tools. */
export function addSketchPrompt(server: McpServer): void {
  server.registerPrompt(
    "find_premises",
    {
      title: "Find the premises of a proof",
      description:
        "Sketch a proof, retrieve what each step needs, reflect on what is missing, and repeat.",
      argsSchema: {
        goal: z
          .string()
          .min(1)
          .max(20_000)
          .describe("The statement to prove, in words or in Lean."),
      },
    },
    ({ goal }) => ({
      messages: [{ role: "user", content: { type: "text", text: protocol(goal) } }],
    }),
  );
}
