import { LAST_COLUMN, textWidth } from "./columns.ts";
import { escapeCommands } from "./escape.ts";
import { isSimple } from "./simple-text.ts";

/** Emphasis in a rendered line. */
const ESCAPE = "\u001b";
const EMPHASIS = new RegExp(`${ESCAPE}\\[\\d+m`, "g");
/** What a line may begin with: its continuations stand below the text after it. */
const LABEL = /^(?:error|hint|note|warning|detail): /;
const MARKER = /^(?:[!+~=*●-]|ok) /;
const DEFAULT_INDENT = 2;
/** Chinese and Japanese have no blanks: a line may end after any of these, but not before what closes or goes on. */
const betweenIdeographs = () =>
  /(?<=[\u3041-\u30FF\u3400-\u9FFF\u3001\u3002\u300D\u300F\uFF01\uFF09\uFF0C\uFF0E\uFF1F])(?=[\u3041-\u3096\u30A1-\u30FA\u3400-\u9FFF\u300C\u300E\uFF08])/;

/**
 * A rendered `line` in lines of at most `width` cells, broken at blanks, each continuation indented: text from outside could
 * otherwise pass for a line of ours. What stands between backticks is kept together, so that it can be copied; a word that is
 * wider than the terminal is left to it.
 */
export function wrapLine(line: string, width: number): readonly string[] {
  if (cellsOf(line) <= width) return [line];
  const indent = indentOf(line.replaceAll(EMPHASIS, ""), width);
  const lines: string[] = [];
  let current = "";
  let gap = "";
  for (const word of wordsOf(line, width - indent)) {
    if (/^ +$/.test(word)) gap = word;
    else if (cellsOf(current) < indent || cellsOf(current) + gap.length + cellsOf(word) <= width) {
      current += gap + word;
      gap = "";
    } else {
      lines.push(current);
      current = " ".repeat(indent) + word;
      gap = "";
    }
  }
  return [...lines, current].map((each, index) => (index === 0 ? each : escapeCommands(each)));
}

function cellsOf(rendered: string): number {
  return textWidth(rendered.replaceAll(EMPHASIS, ""));
}

/** Words and the blanks between them. */
function wordsOf(line: string, room: number): readonly string[] {
  return line
    .split(/(`[^`]+`\S*)/)
    .flatMap((part) => (part.startsWith("`") && cellsOf(part) <= room ? [part] : part.split(/( +)/)))
    .reduce<string[]>(joinParts, [])
    .flatMap((word) => (isSimple(word) || word.includes("`") ? [word] : word.split(betweenIdeographs())));
}

/** What is not separated by blanks belongs together, such as a bracket before a backtick. */
function joinParts(words: string[], part: string): string[] {
  const last = words.at(-1);
  const isBlank = (text: string) => /^ +$/.test(text);
  if (part === "") return words;
  if (last === undefined || isBlank(last) || isBlank(part)) return [...words, part];
  return [...words.slice(0, -1), last + part];
}

/** Where continuations begin: below a label's text, or below the last column of a table where there is room. */
function indentOf(line: string, width: number): number {
  const label = LABEL.exec(line);
  if (label !== null) return label[0].length;
  const column = /^.*\S {3,}(?=\S)/.exec(line);
  const start = column === null ? 0 : textWidth(column[0]);
  if (start > 0 && width - start >= LAST_COLUMN) return start;
  const before = /^ */.exec(line)?.[0].length ?? 0;
  return before + (MARKER.exec(line.slice(before))?.[0].length ?? DEFAULT_INDENT);
}
