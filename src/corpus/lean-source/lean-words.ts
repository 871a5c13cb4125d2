/** Words of Lean's own grammar, which name no declaration. */
export const TERM_WORDS: ReadonlySet<string> = new Set(
  [
    "_ by at with fun let have show from if then else match do return in where Type Prop Sort sorry",
    "forall exists suffices calc using letI haveI let_fun rec unless for while repeat break continue",
    "try catch finally throw mut deriving extends inferInstanceAs termination_by decreasing_by end",
    "nomatch nofun admit this assume private open set_option only generalizing obtain intro intros",
    "rintro rcases unhygienic type_of% no_index partial_fixpoint delta%",
  ].flatMap((words) => words.split(" ")),
);

/** Tactics whose names are also likely names of declarations in some namespace. */
export const TACTICS: ReadonlySet<string> = new Set(
  [
    "abel absurd aesop all_goals any_goals apply apply_fun assumption by_cases by_contra by_contra!",
    "calc cases cases' change choose classical clear congr congrm constructor continuity contradiction",
    "contrapose contrapose! conv convert convert_to decide delta dsimp erw eq_refl exact exact_mod_cast",
    "exfalso exists ext ext1 fapply fin_cases field_simp filter_upwards first fun_prop funext gcongr",
    "generalize grind group have haveI induction induction' infer_instance injection inhabit instantiate",
    "interval_cases intro intros left let linarith map_fun_prop measurability mfld_set_tac module",
    "mono monotonicity native_decide next nlinarith noncomm_ring norm_cast norm_num nontriviality",
    "nth_rw nth_rewrite obtain omega on_goal order pick_goal pi_induction positivity push_cast push_neg",
    "qify rcases refine refine' rename rename_i repeat replace rfl rify right ring ring1 ring_nf rintro",
    "rotate_left rsuffices rw rwa set show show_term simp simp! simp? simp_all simp_arith simp_intro",
    "simp_rw simpa slice_lhs slice_rhs solve_by_elim specialize split split_ifs subsingleton subst",
    "subst_vars suffices swap swap_var symm tauto tfae_finish tfae_have trans transitivity trivial",
    "try unfold unfold_let unit_interval use wlog zify lift itauto isBoundedDefault cat_disch bound",
  ].flatMap((words) => words.split(" ")),
);
