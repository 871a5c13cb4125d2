import type { FilterRule } from "../verdict.js";

/** Keywords that are refused where they stand as whole words. */
export const FORBIDDEN_KEYWORDS: ReadonlyMap<string, FilterRule> = table({
  // Programs that run while Lean reads the file.
  evaluation: `run_cmd run_tac run_meta run_elab by_elab elab_stx initialize builtin_initialize
    include_str include_bytes dbg_trace dbg_sleep dbg_stack_trace load_dynlib
    set_premise_selector set_library_suggestions show_panel_widgets with_panel_widgets`,
  // Syntax and procedures of the candidate's own, behind which anything can stand.
  metaprogramming: `elab elab_rules macro macro_rules syntax declare_syntax_cat simproc dsimproc
    simproc_decl dsimproc_decl builtin_simproc builtin_dsimproc simproc_pattern% register_option
    register_builtin_option register_simp_attr register_label_attr register_tactic_tag
    register_parser_alias register_error_explanation register_linter_set declare_config_elab
    declare_command_config_elab declare_simp_like_tactic binder_predicate tactic_extension
    norm_num_extension declare_int_induction`,
  compiler: "unsafe compile_inductive compile_def% meta",
  native: "native_decide native",
  // Tactics that ask a server or start another program.
  network: "polyrith",
  imports: "import",
});

/** Names that are refused as any component of a dotted name. */
export const FORBIDDEN_NAMES: ReadonlyMap<string, FilterRule> = table({
  metaprogramming: `Elab Meta TacticM MetaM CoreM TermElabM CommandElabM MacroM SimpM DelabM
    UnexpandM ParserM AttrM ImportM Simproc DSimproc NormNumExt PositivityExt RuleTac TSyntax
    MVarId IO BaseIO EIO addDecl addAndCompile evalConst evalExpr evalTerm setEnv modifyEnv
    importModules withImportModules`,
  evaluation: "unsafeIO unsafeBaseIO unsafeEIO unsafePerformIO dbgTrace dbgSleep panicWithPos",
  compiler: `implemented_by extern csimp unsafeCast ptrAddrUnsafe lcProof lcUnreachable lcAny
    builtin_init reduceBool reduceNat`,
  native: "ofReduceBool ofReduceNat trustCompiler",
});

/** How families of commands begin that declare syntax, procedures and options, or run code. */
export const FORBIDDEN_FAMILY = /^(?:builtin|declare|register|run)_[A-Za-z]/;

/**
 * The options that say how hard Lean tries, how it prints and what it warns of, by the first part of
 * their names. Others may turn off checks, write files or run code.
 */
export const HARMLESS_OPTIONS: ReadonlySet<string> = new Set(
  `aesop allowUnsafeReducibility autoImplicit backward checkBinderAnnotations deprecated diagnostics
    Elab eqns exponentiation genInjectivity genSizeOf genSizeOfSpec grind hygiene inductive linter
    maxHeartbeats maxRecDepth maxSynthPendingDepth maxUniverseOffset pp profiler push_cast
    quotPrecheck relaxedAutoImplicit says simprocs smartUnfolding structureDiamondWarning
    synthInstance tactic trace warn`.split(/\s+/),
);

/** The parts of Lean's own library that proofs may name; the rest is for programs about proofs. */
export const OPEN_PARTS_OF_LEAN: ReadonlySet<string> = new Set(["Grind", "Order", "Omega"]);

/** At the start of a line, commands with `#` that only print. */
export const HARMLESS_HASH_COMMANDS: ReadonlySet<string> = new Set(
  "check check' check_failure print synth where find help instances simp norm_num conv".split(" "),
);

/** Inside a line `#s` counts a set; only these words after `#` are commands there. */
export const HASH_COMMANDS: ReadonlySet<string> = new Set(
  `eval eval! exit guard guard_msgs guard_expr guard_panic test sample html widget import
    leansearch loogle moogle statesearch reduce time dump`.split(/\s+/),
);

/** Attributes that say something of a declaration and run nothing of the candidate's. */
export const HARMLESS_ATTRIBUTES: ReadonlySet<string> = new Set(
  `simp norm_cast push_cast push pull ext congr gcongr mono bound refl rfl symm trans aesop
    continuity measurability fun_prop grind simps to_additive to_dual reducible irreducible
    semireducible implicit_reducible instance_reducible inline noinline always_inline
    macro_inline specialize nospecialize instance default_instance class elab_as_elim
    elab_without_expected_type induction_eliminator cases_eliminator match_pattern deprecated
    nolint inherit_doc coe reassoc elementwise stacks wikidata kerodon expose no_expose
    algebraize zify_simps qify_simps rify_simps push_neg field_simps parity_simps mfld_simps
    functor_norm monad_norm ghost_simps nontriviality split_ifs pp_nodot pp_with_univ
    order_dual mk_iff variable_alias never_extract protect_proj`.split(/\s+/),
);

/** Libraries that a candidate may import whatever the statement imports. */
export const TRUSTED_LIBRARIES: ReadonlySet<string> = new Set(
  "Aesop Batteries Init Mathlib Plausible Std".split(" "),
);

function table(rules: Partial<Record<FilterRule, string>>): Map<string, FilterRule> {
  return new Map(
    Object.entries(rules).flatMap(([rule, words]) =>
      words.split(/\s+/).map((word) => [word, rule as FilterRule] as const),
    ),
  );
}
