import type { DeclaredOption } from "../commands/declaration.ts";
import { nearest } from "../package/nearest.ts";
import { type Entry, namesOf } from "./entries.ts";

/** Words that take something away. A slip of the finger must not lead to one, so none is suggested for a word that only looks similar. */
export const DESTRUCTIVE: ReadonlySet<string> = new Set([
  ...[
    "remove",
    "rm",
    "uninstall",
    "drop",
    "un",
    "autoremove",
    "delete",
    "gc",
    "logout",
    "disable",
    "reinstall",
    "clean",
  ],
  ...["force", "replace", "yes", "insecure", "insecure-skip", "allow-name", "allow-stale", "untagged", "no-sign"],
]);

/** How other package managers call what `pkg` does. */
const FOREIGN: Readonly<Record<string, string>> = {
  tap: "repo add",
  remote: "repo",
  repository: "repo",
  repositories: "repo",
  repos: "repo",
  keys: "key",
  view: "info",
  find: "search",
  query: "search",
  get: "install",
  installed: "list",
  refresh: "sync",
  check: "verify",
  provides: "owns",
  download: "pull",
  fetch: "pull",
  env: "config",
  settings: "config",
  serve: "registry serve",
};

/** The command that `word` may have meant; null if none is near. Words of other package managers are known at the top. */
export function suggestCommand(word: string, entries: readonly Entry[], isTop: boolean): string | null {
  const names = entries.flatMap(namesOf);
  const foreign = isTop && Object.hasOwn(FOREIGN, word.toLowerCase()) ? FOREIGN[word.toLowerCase()] : undefined;
  return foreign ?? suggest(word, names);
}

/** The option that `typed` may have meant, with its dashes; null if none is near. */
export function suggestOption(typed: string, options: ReadonlyMap<string, DeclaredOption>): string | null {
  const shown = [...options].filter(([, { hidden }]) => hidden !== true);
  const names = shown.flatMap(([name, { type }]) => (type === "boolean" ? [name, `no-${name}`] : [name]));
  const word = typed.replace(/^[-\u2010-\u2015\u2212]+/, "").replaceAll(/([a-z])([A-Z])/g, "$1-$2");
  const letter = shown.find(([, { alias, type }]) => alias === word[0] && type !== "boolean")?.[1].alias;
  const found = suggest(word, names);
  if (found !== null) return `--${found}`;
  return letter === undefined || typed.startsWith("--") || word.length < 2 ? null : `-${letter} ${word.slice(1)}`;
}

function suggest(word: string, names: readonly string[]): string | null {
  const bare = bareOf(word);
  const same = names.find((name) => bareOf(name) === bare);
  if (same !== undefined) return same;
  const begun = bare.length < 3 ? [] : names.filter((name) => bareOf(name).startsWith(bare));
  if (begun.length === 1) return begun[0] ?? null;
  if (word.length < 2) return null;
  const [near] = nearest(
    word,
    names.filter((name) => name.length > 2 && !DESTRUCTIVE.has(name)),
    1,
  );
  return near ?? null;
}

/** Without what a hand gets wrong most: case, dashes and underscores. */
function bareOf(word: string): string {
  return word.toLowerCase().replaceAll(/[-_]/g, "");
}
