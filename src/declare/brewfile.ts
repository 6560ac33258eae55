import type { TomlText } from "../config/toml.ts";
import type { Declaration, DeclaredPackage, NotRead } from "./declaration.ts";

/** `brew "x"`, with options or a comment after it. */
const BREW = /^brew\s*\(?\s*(?:"([^"#\\]*)"|'([^'\\]*)')\s*\)?\s*(?:,([^#]*))?(?:#.*)?$/;
/** What else a Brewfile has lines for. */
const OTHERS = /^(tap|cask|cask_args|mas|vscode|whalebrew|go|cargo|uv|krew|npm|flatpak)\b/;
/** What opens a block of Ruby, which an `end` closes. */
const OPENS = /^(?:if|unless|case|while|until|for|begin|def|class|module)\b|\bdo\s*(?:\|[^|]*\|)?\s*$/;
const NAME = /^(?:homebrew\/core\/)?([a-z0-9][a-z0-9+_.@-]*)$/;

const RUBY = "it is Ruby code, which is never run";

/** Reads the `brew` lines of a Brewfile. Everything else is named as not read, and nothing of it is run. */
export function readBrewfile(file: TomlText): Declaration {
  const packages: DeclaredPackage[] = [];
  const notRead: NotRead[] = [];
  let depth = 0;
  let isComment = false;
  for (const [position, whole] of file.text.split("\n").entries()) {
    const text = whole.trim();
    const line = position + 1;
    if (text === "__END__") break;
    // Ruby's comment of several lines begins and ends in the first column.
    const wasComment = isComment;
    isComment = isComment ? !/^=end(?:\s|$)/.test(whole) : /^=begin(?:\s|$)/.test(whole);
    if (wasComment || isComment || text === "" || text.startsWith("#")) continue;
    const isInside = depth > 0;
    if (OPENS.test(text)) depth += 1;
    else if (isInside && /^end\b/.test(text)) depth -= 1;
    const read = isInside ? RUBY : readLine(text, line);
    if (typeof read === "string") notRead.push({ line, text, why: read });
    else {
      packages.push(read.declared);
      if (read.options !== null) notRead.push({ line, text: read.options, why: "options of brew are not read" });
    }
  }
  const whole = { profile: null, hosts: [], repositories: new Map<string, string>() };
  return { ...file, kind: "brewfile", ...whole, packages, notRead };
}

interface ReadLine {
  readonly declared: DeclaredPackage;
  readonly options: string | null;
}

/** What a line declares, or why it declares nothing. */
function readLine(text: string, line: number): ReadLine | string {
  const [, other] = OTHERS.exec(text) ?? [];
  if (other !== undefined) return `"${other}" is for Homebrew alone`;
  const [, double, single, options = ""] = BREW.exec(text) ?? [];
  const typed = double ?? single;
  if (typed === undefined || /\b(?:if|unless)\b/.test(options)) return RUBY;
  const [, name] = NAME.exec(typed) ?? [];
  if (name === undefined) return "it is a formula of a tap, and formulae of homebrew/core are read";
  return { declared: formula(name, line), options: options.trim() === "" ? null : options.trim() };
}

function formula(name: string, line: number): DeclaredPackage {
  const nothing = { version: null, repository: null, key: null, image: null, packageName: null, hosts: null };
  return { name, spec: name, ...nothing, profile: null, isPinned: false, isFormula: true, line, refusal: null };
}
