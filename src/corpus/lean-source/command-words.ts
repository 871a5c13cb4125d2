import { TOKEN, type TokenList } from "./token-list.js";
import { newRole } from "./word-table.js";

/** Words that declare something, and the kind of what they declare. */
export const DECLARING_WORDS = new Map([
  ["theorem", "theorem"],
  ["lemma", "theorem"],
  ["def", "definition"],
  ["abbrev", "abbrev"],
  ["instance", "instance"],
  ["structure", "structure"],
  ["class", "class"],
  ["inductive", "inductive"],
  ["coinductive", "inductive"],
  ["axiom", "axiom"],
  ["opaque", "opaque"],
  ["irreducible_def", "definition"],
] as const);

/** Words that may stand between attributes and the word that declares. */
export const MODIFIER_WORDS = new Set([
  "private",
  "protected",
  "public",
  "noncomputable",
  "meta",
  "unsafe",
  "partial",
  "nonrec",
  "local",
  "scoped",
]);

const OTHER_COMMANDS = [
  "add_aesop_rules add_decl_doc alias arith_mult assert_exists assert_not_exists assert_not_imported attribute",
  "binder_predicate builtin_dsimproc builtin_dsimproc_decl builtin_initialize builtin_simproc",
  "builtin_simproc_decl compile_inductive compile_def count_heartbeats",
  "declare_aesop_rule_sets declare_bitwise_int_theorems declare_command_config_elab",
  "declare_config_elab declare_int_theorems declare_sint_theorems declare_simp_like_tactic",
  "declare_syntax_cat declare_uint_theorems deprecated_module dsimproc dsimproc_decl elab",
  "elab_rules end erase_aesop_rules example export extend_docs gen_injective_theorems grind_pattern guard_exceptions",
  "import include infix infixl infixr init_quot initialize initialize_simps_projections",
  "insert_to_additive_translation insert_cast insert_cast_fun library_note library_note2 macro",
  "macro_rules mk_iff_of_inductive_prop module mutual namespace notation notation3 omit open",
  "postfix prefix prelude proof_wanted recall recommended_spelling register_builtin_attribute",
  "register_builtin_option register_error_explanation register_grind_attr register_hint",
  "register_label_attr register_linter_set register_option register_parser_alias",
  "register_simp_attr register_tactic_tag restate_axiom run_cmd run_elab run_meta seal section",
  "set_option show_panel_widgets simproc simproc_decl simproc_pattern suppress_compilation syntax",
  "tactic_extension to_additive_name_hint to_dual_name_hint unif_hint universe universes unseal",
  "unsuppress_compilation variable variables whatsnew",
];

/** Words that start a command where they start a line. */
const COMMAND = newRole([
  ...DECLARING_WORDS.keys(),
  ...MODIFIER_WORDS,
  ...OTHER_COMMANDS.flatMap((words) => words.split(" ")),
]);

/** Words that start a command wherever they stand outside of brackets: no term can hold them. */
const RESERVED = newRole([
  "theorem",
  "lemma",
  "def",
  "abbrev",
  "structure",
  "inductive",
  "axiom",
  "opaque",
  "namespace",
  "section",
  "irreducible_def",
]);

/** Whether a command starts at a token, if that is where its line starts. */
export function startsCommand(tokens: TokenList, token: number): boolean {
  const kind = tokens.kind(token);
  if (kind === TOKEN.name) {
    if ((tokens.roles(token) & COMMAND) !== 0) return true;
    // Behind a declaration, `deriving` belongs to it, and alone it is a command.
    return tokens.is(token, "deriving") && tokens.is(token + 1, "instance");
  }
  if (kind === TOKEN.sign) {
    if (tokens.is(token, "@") && tokens.is(token + 1, "[")) return true;
    return tokens.text.charCodeAt(tokens.start(token)) === 35;
  }
  if (kind !== TOKEN.doc) return false;
  // A doc comment may belong to the next alternative of an inductive type.
  let next = token + 1;
  while (tokens.kind(next) === TOKEN.doc) next += 1;
  return !tokens.is(next, "|");
}

/** Whether a token is the first on its line and starts a command. */
export function startsLineOfCommand(tokens: TokenList, token: number): boolean {
  return tokens.column(token) !== -1 && startsCommand(tokens, token);
}

/** Whether a token ends a command of lines that start at a margin. */
function interrupts(tokens: TokenList, token: number, margin: number): boolean {
  const column = tokens.column(token);
  if (column !== -1 && column <= margin && startsCommand(tokens, token)) return true;
  if (tokens.kind(token) !== TOKEN.name || (tokens.roles(token) & RESERVED) === 0) return false;
  // Names that a term quotes, ``theorem, and constructors, .theorem.
  const before = tokens.word(token - 1);
  // Where Mathlib is not imported, `lemma` is a name like others: `for lemma in lemmas do`.
  if (column === -1 && tokens.is(token, "lemma")) return before === "in" || before === "]";
  return !before.endsWith("`") && !before.endsWith(".");
}

/**
 * The end of the command whose own words end before `from`: the first token of the next one.
 *
 * @param margin the column where the command's first line starts.
 */
export function commandEnd(tokens: TokenList, from: number, margin: number): number {
  let token = from;
  while (token < tokens.size) {
    if (interrupts(tokens, token, margin)) return token;
    token = tokens.skip(token);
  }
  return tokens.size;
}
