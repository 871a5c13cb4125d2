import type { FilterCheat } from "./cheat.js";

const M = "import Mathlib\n\n";
const T = "theorem target : ∃ n : ℕ, n * n = 2 := by\n";

/** Changes of what text means, of what Lean checks, and of what it trusts. */
export const CHEATS_WITH_MEANINGS: readonly FilterCheat[] = [
  [
    "notation",
    "makes every equation true with notation3",
    `${M}notation3 (priority := high) a " = " b => True\n${T}  exact ⟨0, trivial⟩`,
  ],
  [
    "notation",
    "gives * another meaning with infixl",
    `${M}infixl:71 " * " => fun _ _ => 2\n${T}  exact ⟨0, rfl⟩`,
  ],
  [
    "notation",
    "takes the words of the comparison with a notation",
    `${M}notation "type_of% @" x => True\n${T}  sorry`,
  ],
  [
    "notation",
    "makes a notation scoped, and opens its namespace",
    `${M}namespace A\nscoped notation "ℕ" => Fin 1\nend A\nopen A\n${T}  sorry`,
  ],
  ["notation", "gives a prefix another meaning", `${M}prefix:max "∃" => id\n${T}  sorry`],
  [
    "notation",
    "makes a token that ends like a comment begins",
    `${M}local notation "+/-" => 0\n${T}  sorry`,
  ],
  [
    "notation",
    "makes a token with a quotation mark",
    `${M}local notation "+\\"" => 0\n${T}  sorry`,
  ],
  [
    "compiler",
    "puts other code in a definition's place with implemented_by",
    `${M}def no : Bool := true\n@[implemented_by no] def yes : Bool := false\n${T}  sorry`,
  ],
  [
    "compiler",
    "puts other code in a definition's place with extern",
    `${M}@[extern "evil"] opaque f : ℕ → ℕ\n${T}  sorry`,
  ],
  [
    "compiler",
    "puts other code in a definition's place with csimp",
    `${M}@[csimp] theorem f : @id = @id := rfl\n${T}  sorry`,
  ],
  [
    "compiler",
    "casts anything to anything with unsafe code",
    `${M}unsafe def cheat : False := unsafeCast ()\n${T}  sorry`,
  ],
  ["compiler", "calls unsafe code in a term", `${M}def f : ℕ := unsafe 1\n${T}  sorry`],
  [
    "compiler",
    "passes unsafe off as a rule for aesop",
    `${M}def add := 1\ndef f := (add, unsafe 1)\n${T}  sorry`,
  ],
  [
    "compiler",
    "lets the compiler decide with reduceBool",
    `${M}def f := reduceBool true\n${T}  sorry`,
  ],
  ["native", "trusts compiled code with native_decide", `${M}${T}  native_decide`],
  ["native", "trusts compiled code with decide +native", `${M}${T}  decide +native`],
  [
    "native",
    "trusts compiled code with a field of the configuration",
    `${M}${T}  decide (config := { native := true })`,
  ],
  [
    "native",
    "names the axiom behind native_decide",
    `${M}${T}  exact absurd (ofReduceBool _ _ rfl) (by simp)`,
  ],
  [
    "native",
    "names the newer axiom behind native_decide",
    `${M}${T}  exact absurd trustCompiler (by simp)`,
  ],
  ["options", "turns the kernel off", `${M}set_option debug.skipKernelTC true\n${T}  sorry`],
  [
    "options",
    "turns the kernel off for one theorem",
    `${M}set_option debug.skipKernelTC true in\n${T}  sorry`,
  ],
  [
    "options",
    "turns the kernel off with a name in French quotes",
    `${M}set_option «debug».skipKernelTC true\n${T}  sorry`,
  ],
  [
    "options",
    "turns the kernel off behind a comment",
    `${M}set_option /- harmless -/ debug.skipKernelTC true\n${T}  sorry`,
  ],
  [
    "options",
    "makes every proof a sorry without a word",
    `${M}set_option debug.byAsSorry true\n${T}  sorry`,
  ],
  ["options", "has code run by doc comments", `${M}set_option doc.verso true\n${T}  sorry`],
  [
    "options",
    "sets an option of the bootstrapping",
    `${M}set_option bootstrap.inductiveCheckPositivity false\n${T}  sorry`,
  ],
  [
    "options",
    "writes a file by way of the profiler",
    `${M}set_option trace.profiler.output "/tmp/x"\n${T}  sorry`,
  ],
  [
    "evaluation",
    "registers an attribute with a command that nobody listed",
    `${M}register_something foo\n${T}  sorry`,
  ],
  [
    "imports",
    "brings in a module of its own",
    `import Mathlib\nimport Evil\n\n${T}  exact Evil.proof`,
  ],
  [
    "imports",
    "brings in two modules in one line",
    `import Mathlib import Evil\n\n${T}  exact Evil.proof`,
  ],
  [
    "imports",
    "brings in a module behind a comment",
    `/- Proof. -/ import /- of -/ Evil\n\n${T}  exact Evil.proof`,
  ],
  [
    "imports",
    "brings in what a module keeps to itself with import all",
    `import all Mathlib\n\n${T}  sorry`,
  ],
  [
    "imports",
    "makes the file a module, in which axioms are not told",
    `module\nimport Mathlib\n\n${T}  sorry`,
  ],
  ["imports", "does without Lean's own core", `prelude\n${T}  sorry`],
  ["imports", "imports in the middle of the file", `${M}${T}  sorry\nimport Evil`],
  ["network", "asks a server for the proof", `${M}${T}  polyrith`],
  ["axioms", "takes the theorem for an axiom", `${M}axiom target : ∃ n : ℕ, n * n = 2`],
  [
    "axioms",
    "names an axiom like one of Lean's own, and leaves the namespace open",
    `${M}namespace Foo\naxiom propext : False\n${T}  exact propext.elim`,
  ],
  ["axioms", "hides an axiom with private", `${M}private axiom no : False\n${T}  exact no.elim`],
  [
    "axioms",
    "hides an axiom in French quotes",
    `${M}axiom «propext » : False\n${T}  exact «propext ».elim`,
  ],
];
