/** A fenced block of a Markdown file. */
export interface Block {
  readonly language: string;
  readonly code: string;
  /** Of its first line of code, counted from 1. */
  readonly line: number;
}

/** What is to be run, and what it has to print; null: the page does not say. */
export interface Example extends Block {
  readonly printed: string | null;
}

const OUTPUT = "text";

/** Each block of code with the `text` block that follows it, if one does. */
export function examplesOf(markdown: string): readonly Example[] {
  const blocks = blocksOf(markdown);
  return blocks
    .map((block, position) => ({ ...block, printed: printedBy(blocks[position + 1]) }))
    .filter(({ language }) => language !== OUTPUT);
}

function printedBy(next: Block | undefined): string | null {
  return next?.language === OUTPUT ? next.code : null;
}

function blocksOf(markdown: string): readonly Block[] {
  const lines = markdown.split("\n");
  const blocks: Block[] = [];
  for (let start = 0; start < lines.length; start += 1) {
    const language = /^```(\w+)$/.exec(lines[start] ?? "")?.[1];
    if (language === undefined) continue;
    const end = lines.indexOf("```", start + 1);
    if (end === -1) throw new Error(`The block that begins on line ${start + 1} does not end`);
    blocks.push({
      language,
      code: lines
        .slice(start + 1, end)
        .map((line) => `${line}\n`)
        .join(""),
      line: start + 2,
    });
    start = end;
  }
  return blocks;
}
