import { variable } from "../base/environment.ts";
import type { World } from "./world.ts";

const LETTERS: Readonly<Record<string, string>> = { q: "quiet", v: "verbose" };
const SWITCH = /^--(?:json|quiet|verbose)(?:=true)?$/;

/** The switches of output that are typed before a lone `--`, also in a cluster such as `-yv`. */
export function switchesOf(argv: readonly string[]): ReadonlySet<string> {
  return new Set(
    typed(argv).flatMap((word) => {
      if (SWITCH.test(word)) return [word.slice(2).replace("=true", "")];
      const letters = /^-([a-zA-Z]+)$/.exec(word)?.[1] ?? "";
      return [...letters].flatMap((letter) => LETTERS[letter] ?? []);
    }),
  );
}

/**
 * Whether text is coloured: as `--color` says, else as the environment does, else where it is a terminal.
 *
 * @see https://no-color.org, https://force-color.org, https://bixense.com/clicolors
 */
export function isColored(argv: readonly string[], env: World["env"], isTerminal: boolean): boolean {
  const option = typed(argv).findLast((word) => /^--(?:no-)?color(?:=|$)/.test(word));
  if (option === "--no-color" || option === "--color=never" || option === "--color=false") return false;
  if (option !== undefined && option !== "--color=auto") return true;
  if (variable(env, "NO_COLOR") !== null) return false;
  const forced = variable(env, "FORCE_COLOR");
  if (forced !== null) return forced !== "0" && forced !== "false";
  if ((variable(env, "CLICOLOR_FORCE") ?? "0") !== "0") return true;
  return isTerminal && variable(env, "TERM") !== "dumb" && variable(env, "CLICOLOR") !== "0";
}

/** Whether a terminal can move its cursor. That colour is unwanted says nothing about it. */
export function isRedrawable(env: World["env"]): boolean {
  return variable(env, "TERM") !== "dumb";
}

/** Whether the locale's characters are written as UTF-8. @see POSIX.1-2024, XBD 8.2 */
export function isUtf8(env: World["env"]): boolean {
  const locale = variable(env, "LC_ALL") ?? variable(env, "LC_CTYPE") ?? variable(env, "LANG") ?? "C";
  return /\.utf-?8(?:@|$)/i.test(locale);
}

/** Commands whose first argument is followed by the words of another program. */
const PASSING: readonly string[] = ["run"];
/** Options before it that take the next word as their value. */
const VALUED = /^--(?:home|config|concurrency|ca-file|program|key|insecure-skip|allow-name|signed-as)$/;

/** The words that are for this program. */
function typed(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf("--");
  const own = end === -1 ? argv : argv.slice(0, end);
  const args = own.flatMap((word, at) => (isArgument(word, own[at - 1]) ? [at] : []));
  const [command = -1, first = own.length] = args;
  return PASSING.includes(own[command] ?? "") ? own.slice(0, first + 1) : own;
}

function isArgument(word: string, before = ""): boolean {
  return (!word.startsWith("-") || word === "-") && !VALUED.test(before);
}
