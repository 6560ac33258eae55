/** White space, comments, text and templates as one token each; then words, three dots, and single characters. */
const TOKEN =
  /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*`|\.\.\.|[\w$]+|[\s\S]/g;
const NOT_CODE = /^(?:\s|\/\/|\/\*)/;
/** An opening parenthesis after one of these encloses parameters or a condition. */
const KEYWORDS = new Set(["if", "for", "while", "switch", "catch", "function", "return", "await", "of", "in", "yield"]);

interface Bracket {
  readonly isCall: boolean;
  /** The text before it, for the report. */
  readonly callee: string;
}

/** Every call in a source whose arguments are spread, as `list.push(...items`. Rest parameters of functions are not calls. */
export function callSpreads(source: string): readonly string[] {
  const tokens = [...source.matchAll(TOKEN)].map(([token]) => token).filter((token) => !NOT_CODE.test(token));
  const open: Bracket[] = [];
  const found: string[] = [];
  for (const [at, token] of tokens.entries()) {
    if ("([{".includes(token)) open.push(bracketAt(tokens, at));
    else if (")]}".includes(token)) open.pop();
    else if (token === "..." && open.at(-1)?.isCall === true && !isParameter(tokens, at)) {
      found.push(`${open.at(-1)?.callee}...${expressionAfter(tokens, at)}`);
    }
  }
  return found;
}

function bracketAt(tokens: readonly string[], at: number): Bracket {
  const before = tokens[at - 1] ?? "";
  const isCall = tokens[at] === "(" && /^(?:[\w$]+|\)|\]|>)$/.test(before) && !KEYWORDS.has(before);
  let start = at;
  while (/^(?:[\w$#]+|\.|\?)$/.test(tokens[start - 1] ?? "") && !KEYWORDS.has(tokens[start - 1] ?? "")) start -= 1;
  return { isCall, callee: tokens.slice(start, at + 1).join("") };
}

/** `...codes: readonly Code[]` declares, and so does `...result) =>`. */
function isParameter(tokens: readonly string[], at: number): boolean {
  return tokens[at + 2] === ":" || (tokens[at + 2] === ")" && tokens[at + 3] === "=" && tokens[at + 4] === ">");
}

function expressionAfter(tokens: readonly string[], at: number): string {
  const end = tokens.findIndex((token, index) => index > at && !/^(?:[\w$#]+|\.)$/.test(token));
  return tokens.slice(at + 1, end).join("");
}
