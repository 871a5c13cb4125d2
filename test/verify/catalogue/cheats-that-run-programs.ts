import type { FilterCheat } from "./cheat.js";

const M = "import Mathlib\n\n";
const T = "theorem target : ∃ n : ℕ, n * n = 2 := by\n";

/** Programs that run while Lean reads the file, and syntax that hides them. */
export const CHEATS_THAT_RUN_PROGRAMS: readonly FilterCheat[] = [
  [
    "evaluation",
    "forges the answer of lean --json with #eval",
    `${M}#eval IO.println "'x' depends on axioms: [propext]"\n${T}  sorry`,
  ],
  [
    "evaluation",
    "hides #eval behind another command in its line",
    `${M}section #eval 1 + 1\nend\n${T}  sorry`,
  ],
  [
    "evaluation",
    "writes a file with #eval!",
    `${M}#eval! (IO.FS.writeFile "x" "y" : IO Unit)\n${T}  sorry`,
  ],
  [
    "evaluation",
    "adds a declaration that the kernel never saw with run_cmd",
    `${M}run_cmd Lean.Elab.Command.liftCoreM do pure ()\n${T}  sorry`,
  ],
  [
    "evaluation",
    "closes the goal from inside the elaborator with run_tac",
    `${M}${T}  run_tac do Lean.Elab.Tactic.setGoals []`,
  ],
  ["evaluation", "runs code with run_meta", `${M}run_meta pure ()\n${T}  sorry`],
  ["evaluation", "runs code with run_elab", `${M}run_elab pure ()\n${T}  sorry`],
  [
    "evaluation",
    "runs code in a term with by_elab",
    `${M}theorem target : ∃ n : ℕ, n * n = 2 :=\n  by_elab do return default`,
  ],
  ["evaluation", "evaluates a term with eval%", `${M}def x := eval%(1 + 1)\n${T}  sorry`],
  [
    "evaluation",
    "registers code for later with initialize",
    `${M}initialize foo : Nat ← pure 1\n${T}  sorry`,
  ],
  [
    "evaluation",
    "registers code for later with builtin_initialize",
    `${M}builtin_initialize pure ()\n${T}  sorry`,
  ],
  [
    "evaluation",
    "reads a file of the machine with include_str",
    `${M}def secret := include_str "/etc/passwd"\n${T}  sorry`,
  ],
  [
    "evaluation",
    "prints during evaluation with dbg_trace",
    `${M}def f (n : ℕ) : ℕ := dbg_trace "'x' depends on axioms"; n\n${T}  sorry`,
  ],
  [
    "evaluation",
    "ends the file before its axioms are asked for with #exit",
    `${M}${T}  sorry\n#exit`,
  ],
  [
    "evaluation",
    "swallows errors with #guard_msgs",
    `${M}#guard_msgs (drop error) in\n${T}  exact rfl`,
  ],
  ["evaluation", "runs compiled code with #guard", `${M}#guard true\n${T}  sorry`],
  ["evaluation", "evaluates random cases with #test", `${M}#test 1 = 1\n${T}  sorry`],
  [
    "evaluation",
    "uses a command with # that nobody knows at the start of a line",
    `${M}#surprise\n${T}  sorry`,
  ],
  [
    "evaluation",
    "glues run_tac to a lambda, which is no letter to Lean",
    `${M}${T}  exact (λrun_tac pure ())`,
  ],
  ["evaluation", "glues run_tac to a number", `${M}${T}  exact 2run_tac pure ()`],
  ["evaluation", "puts run_tac behind a no-break space", `${M}${T}  skip;\u00a0run_tac pure ()`],
  [
    "metaprogramming",
    "makes a tactic that admits with elab",
    `${M}elab "easy" : tactic => do admitGoal\n${T}  easy`,
  ],
  [
    "metaprogramming",
    "replaces #print axioms with an elab of its own",
    `${M}elab "#print " "axioms" id:ident : command => pure ()\n${T}  sorry`,
  ],
  [
    "metaprogramming",
    "hides sorry behind a macro",
    `${M}macro "easy" : tactic => \`(tactic| sorry)\n${T}  easy`,
  ],
  [
    "metaprogramming",
    "hides sorry behind a local macro",
    `${M}local macro "easy" : tactic => \`(tactic| sorry)\n${T}  easy`,
  ],
  [
    "metaprogramming",
    "makes rfl mean sorry with macro_rules",
    `${M}macro_rules | \`(tactic| rfl) => \`(tactic| sorry)\n${T}  exact ⟨1, by rfl⟩`,
  ],
  [
    "metaprogramming",
    "gives theorem another meaning with syntax",
    `${M}syntax (priority := high) "theorem" ident : command\n${T}  sorry`,
  ],
  [
    "metaprogramming",
    "gives existing syntax another meaning with elab_rules",
    `${M}elab_rules : tactic | \`(tactic| trivial) => pure ()\n${T}  trivial`,
  ],
  [
    "metaprogramming",
    "rewrites every goal to True with a simproc",
    `${M}simproc cheat (_) := fun _ => return .done { expr := .const \`\`True [] }\n${T}  simp`,
  ],
  [
    "metaprogramming",
    "makes a syntax of its own with declare_syntax_cat",
    `${M}declare_syntax_cat magic\n${T}  sorry`,
  ],
  [
    "metaprogramming",
    "makes a binder that means something else with binder_predicate",
    `${M}binder_predicate x " ≻ " y:term => \`(True)\n${T}  sorry`,
  ],
  [
    "metaprogramming",
    "lets aesop run a tactic of its own",
    `${M}def foo : Lean.Elab.Tactic.TacticM Unit := pure ()\n${T}  aesop (add safe tactic foo)`,
  ],
  ["metaprogramming", "opens Lean to name its insides shortly", `${M}open Lean in\n${T}  sorry`],
  [
    "metaprogramming",
    "names Lean by way of _root_",
    `${M}def x := _root_.Lean.Name.anonymous\n${T}  sorry`,
  ],
  [
    "metaprogramming",
    "quotes a part of the name to escape notice",
    `${M}def x := Lean.«Elab».abortCommandExceptionId\n${T}  sorry`,
  ],
  [
    "metaprogramming",
    "makes syntax by hand with a quotation",
    `${M}def x := \`(True)\n${T}  sorry`,
  ],
  [
    "metaprogramming",
    "writes a norm_num extension that proves anything",
    `${M}@[norm_num _ = _] def cheat : NormNumExt where eval _ := default\n${T}  norm_num`,
  ],
  [
    "attributes",
    "takes a tactic's place with @[tactic]",
    `${M}@[tactic Foo.bar] def cheat := 1\n${T}  sorry`,
  ],
  [
    "attributes",
    "takes a command's place with @[command_elab]",
    `${M}@[command_elab printAxioms] def cheat := 1\n${T}  sorry`,
  ],
  [
    "attributes",
    "prints axioms under another name with an unexpander",
    `${M}@[app_unexpander sorryAx] def cheat := 1\n${T}  sorry`,
  ],
  [
    "attributes",
    "prints terms as others with a delaborator",
    `${M}@[delab const] def cheat := 1\n${T}  sorry`,
  ],
  ["attributes", "adds a macro by attribute", `${M}attribute [macro Foo.bar] id\n${T}  sorry`],
  [
    "attributes",
    "hands an attribute on by to_additive",
    `${M}@[to_additive (attr := simp, command_elab x)] theorem foo : 1 = 1 := rfl\n${T}  sorry`,
  ],
  ["attributes", "runs code when imported with @[init]", `${M}@[init] def cheat := 1\n${T}  sorry`],
];
