/** A fenced code block. */
interface Block {
  /** What stands after the opening fence, in small letters. */
  readonly language: string;
  readonly code: string;
}

/** What a Lean file can begin with, comments aside. */
const BEGINS_LIKE_LEAN =
  /^(?:import|open|namespace|section|noncomputable|universe|variable|theorem|lemma|set_option|\/--|@\[)\s?/u;

/**
 * The Lean file in an answer: the last code block that is marked as Lean, else the last one without a
 * mark, else the whole answer where it is nothing but Lean.
 *
 * @returns undefined where there is none, or nothing in it.
 */
export function leanCode(answer: string): string | undefined {
  const blocks = codeBlocks(answer);
  const marked = blocks.findLast(({ language }) => /^lean ?4?\b/.test(language));
  const block = marked ?? blocks.findLast(({ language }) => language === "");
  if (block !== undefined) return block.code.trim() === "" ? undefined : block.code;
  const whole = answer.trim();
  return blocks.length === 0 && BEGINS_LIKE_LEAN.test(whole) ? `${whole}\n` : undefined;
}

/** The fenced blocks of a Markdown text (CommonMark, section 4.5), indented ones too. */
function codeBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  let open: { fence: string; language: string; lines: string[] } | undefined;
  const close = (): void => {
    if (open === undefined) return;
    const { language, lines } = open;
    blocks.push({ language, code: lines.map((line) => `${line}\n`).join("") });
    open = undefined;
  };
  for (const line of text.replaceAll("\r\n", "\n").split("\n")) {
    if (open === undefined) {
      const [, fence, language = ""] = /^\s*(`{3,}|~{3,})\s*([^`]*)$/.exec(line) ?? [];
      if (fence === undefined) continue;
      open = { fence, language: language.trim().toLowerCase(), lines: [] };
    } else if (line.trim().startsWith(open.fence) && isFence(line.trim())) close();
    else open.lines.push(line);
  }
  // One that is not closed goes on to the end.
  close();
  return blocks;
}

function isFence(line: string): boolean {
  return /^(?:`+|~+)$/.test(line);
}
