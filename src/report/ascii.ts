/** What text for a person is made of where nothing but ASCII can be shown. */
export interface AsciiText {
  /** `line` with ASCII in place of the signs that this program writes; all else is left as it is. */
  signs(line: string): string;
  /** The same and nothing but ASCII: what has no likeness there becomes `\u{hex}`. */
  whole(line: string): string;
  /** `json`, which means the same, in nothing but ASCII. */
  json(json: string): string;
  /** Cells that the widest substitute takes more than what it stands for. */
  readonly spareCells: number;
}

/** What this program itself writes. */
const SIGNS: Readonly<Record<string, string>> = {
  ...{ "●": "*", "…": "...", "→": "->", "├": "|", "└": "`", "│": "|", "─": "-" },
  ...{ "⠋": "|", "⠙": "/", "⠹": "-", "⠸": "\\", "⠼": "|", "⠴": "/", "⠦": "-", "⠧": "\\", "⠇": "|", "⠏": "/" },
};

/** What descriptions hold besides; names are too exact for a likeness, and have none of these. */
const TYPOGRAPHY: Readonly<Record<string, string>> = {
  ...{ "\u00a0": " ", "‐": "-", "‑": "-", "–": "-", "—": "--", "‘": "'", "’": "'", "“": '"', "”": '"' },
  ...{ "•": "*", "·": "*", "×": "x", "←": "<-" },
};

/** The text of every stream whose reader has no UTF-8. */
export const ASCII: AsciiText = {
  signs: (line) => substituted(line, (character) => SIGNS[character] ?? character),
  whole: (line) => substituted(line, (character) => SIGNS[character] ?? TYPOGRAPHY[character] ?? escaped(character)),
  json: (json) => json.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
  spareCells: 2,
};

/** What a substitute takes more is taken from the next gap between two columns, so that the columns stay where they are. */
function substituted(line: string, substitute: (character: string) => string): string {
  let owed = 0;
  return line.replace(/[^\0-\x7f]| {3,}/gu, (found) => {
    if (found.startsWith(" ")) {
      const taken = Math.min(owed, found.length - 1);
      owed -= taken;
      return found.slice(taken);
    }
    const text = substitute(found);
    owed += text.length - 1;
    return text;
  });
}

function escaped(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}
