import { TOKEN, type TokenList } from "./token-list.js";

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
  "binder_predicate builtin_initialize builtin_simproc compile_inductive compile_def count_heartbeats",
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
const COMMAND_WORDS: ReadonlySet<string> = new Set([
  ...DECLARING_WORDS.keys(),
  ...MODIFIER_WORDS,
  ...OTHER_COMMANDS.flatMap((words) => words.split(" ")),
]);

/** Words that start a command wherever they stand outside of brackets: no term can hold them. */
const RESERVED_WORDS: ReadonlySet<string> = new Set([
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

/** Words that start a command inside another one's lines only where they stand no further right. */
const INDENTED_WORDS: ReadonlySet<string> = new Set([
  ...DECLARING_WORDS.keys(),
  "private",
  "protected",
  "noncomputable",
  "alias",
  "attribute",
  "end",
  "example",
  "mutual",
  "variable",
  "export",
  "macro",
  "notation",
  "syntax",
]);

/** Whether a command starts at a token that is the first on its line, at the left margin. */
export function startsCommand(tokens: TokenList, token: number): boolean {
  const kind = tokens.kind(token);
  if (kind === TOKEN.name) {
    const word = tokens.word(token);
    // Behind a declaration, `deriving` belongs to it, and alone it is a command.
    if (word === "deriving") return tokens.is(token + 1, "instance");
    return COMMAND_WORDS.has(word);
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

/** Whether a token ends the command that started at a column, though no margin says so. */
function interrupts(tokens: TokenList, token: number, startColumn: number): boolean {
  const kind = tokens.kind(token);
  const column = tokens.column(token);
  const isNoDeeper = column !== -1 && column <= startColumn;
  if (kind === TOKEN.name) {
    const word = tokens.word(token);
    if (isNoDeeper && INDENTED_WORDS.has(word)) return true;
    if (!RESERVED_WORDS.has(word)) return false;
    // `attribute [simp] a in theorem …`, and the names that a term quotes: ``theorem.
    const before = tokens.word(token - 1);
    return !before.endsWith("`") && !before.endsWith(".");
  }
  if (!isNoDeeper) return false;
  if (kind === TOKEN.doc) return startsCommand(tokens, token);
  return tokens.is(token, "@") && tokens.is(token + 1, "[");
}

/** The end of the command whose own words end before `from`: the first token of the next one. */
export function commandEnd(tokens: TokenList, from: number, startColumn: number): number {
  let token = from;
  while (token < tokens.size) {
    if (tokens.column(token) === 0 && startsCommand(tokens, token)) return token;
    if (interrupts(tokens, token, startColumn)) return token;
    token = tokens.skip(token);
  }
  return tokens.size;
}
