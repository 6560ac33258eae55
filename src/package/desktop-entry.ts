import { posix } from "node:path";
import { execOf, execWords, knownCodes, literalWord } from "./desktop-exec.ts";
import { type DesktopGroup, desktopText, escapeValue, readDesktopFile, unescapeValue } from "./desktop-file.ts";

/** What the keys of an entry may lead to. */
export interface EntryPlaces {
  /** The absolute path under which a program of the package is started, by the name that it has there; null: it is none. */
  readonly program: (name: string) => string | null;
  /** The absolute path of an icon of the package, by its name without directory and ending; null: it has none. */
  readonly icon: (name: string) => string | null;
}

/** What becomes of a desktop entry. */
export type RewrittenEntry =
  /** `changed`: what of it was left out, which would have done something. */
  | { readonly kind: "entry"; readonly text: string; readonly changed: readonly string[] }
  | { readonly kind: "refused"; readonly reason: string };

const MAIN = "Desktop Entry";
const ACTION = "Desktop Action ";

/** What describes an application. What is not here would start something else, or means nothing to a menu. */
const KEPT: ReadonlySet<string> = new Set(
  (
    "Type Version Name GenericName NoDisplay Comment Icon OnlyShowIn NotShowIn TryExec Exec Terminal Actions MimeType Categories " +
    "Implements Keywords StartupNotify StartupWMClass PrefersNonDefaultGPU SingleMainWindow"
  ).split(" "),
);
/** Those that may have a language, `Name[de]`: some desktops read any key with one, so that `Exec[de]` would start something else. */
const LOCALIZED: ReadonlySet<string> = new Set("Name GenericName Comment Icon Keywords".split(" "));
const KEPT_IN_ACTION: ReadonlySet<string> = new Set(["Name", "Icon", "Exec"]);
const BOOLEANS: ReadonlySet<string> = new Set(
  "NoDisplay Terminal StartupNotify PrefersNonDefaultGPU SingleMainWindow".split(" "),
);

/**
 * A desktop entry that starts a program of its package, and nothing else: Exec, TryExec and Icon, in actions too, become absolute
 * paths; keys that lead elsewhere (`Path`, `DBusActivatable`, `URL`) and those of single desktops go.
 *
 * @see Desktop Entry Specification 1.5
 */
export function rewriteEntry(bytes: Uint8Array, places: EntryPlaces): RewrittenEntry {
  const groups = readDesktopFile(bytes);
  if (typeof groups === "string") return refused(groups);
  const [main] = groups;
  if (main?.name !== MAIN) return refused("it does not begin with the group [Desktop Entry]");
  const problem = problemOf(main);
  if (problem !== null) return refused(problem);
  const exec = rewriteExec(main, places);
  if (exec === null) return refused(`it would start \`${main.keys.get("Exec")}\`, which is no program of the package`);
  const actions = actionsOf(groups, main, places);
  const named = listOf(main.keys.get("Actions"));
  const lost = named.filter((name) => !actions.has(name)).map((name) => `the action "${name}"`);
  const keys = new Map(keptKeys(main, places, KEPT));
  keys.set("Exec", exec);
  setTryExec(keys, main, places);
  if (actions.size > 0) keys.set("Actions", [...actions.keys()].map((name) => `${name};`).join(""));
  else keys.delete("Actions");
  return {
    kind: "entry",
    text: desktopText([{ name: MAIN, keys }, ...actions.values()]),
    changed: [...droppedOf(main), ...lost],
  };
}

function refused(reason: string): RewrittenEntry {
  return { kind: "refused", reason };
}

function problemOf({ keys }: DesktopGroup): string | null {
  const type = keys.get("Type");
  if (type !== "Application") return `its Type is "${type ?? ""}", expected "Application"`;
  // It would take away the entry of the system that has the same name.
  if (keys.get("Hidden") === "true") return "it is Hidden, which removes an entry instead of adding one";
  if ((keys.get("Name") ?? "") === "") return "it has no Name";
  return keys.has("Exec") ? null : "it has no Exec";
}

/** Variables that choose a language or a display; others lead a program to other code. */
const HARMLESS = /^(?:LANG|LC_[A-Z]+|GDK_BACKEND|QT_QPA_PLATFORM|SDL_VIDEODRIVER|MOZ_ENABLE_WAYLAND)=/;

interface Command {
  /** Of `env`, as `NAME=value`. */
  readonly variables: readonly string[];
  /** The program as it is written, and what follows it. */
  readonly words: readonly string[];
}

/** Null for what is not written as the specification says. */
function commandOf({ keys }: DesktopGroup): Command | null {
  const words = execWords(unescapeValue(keys.get("Exec") ?? ""));
  if (words === null || posix.basename(words[0] ?? "") !== "env")
    return words === null ? null : { variables: [], words };
  const start = words.findIndex((word, at) => at > 0 && !/^\w+=/.test(word));
  return start < 0 ? null : { variables: words.slice(1, start), words: words.slice(start) };
}

/** The program with the words after it; null if it is none of the package. Of the variables that `env` sets, a few stay. */
function rewriteExec(group: DesktopGroup, { program }: EntryPlaces): string | null {
  const command = commandOf(group);
  const [name = "", ...rest] = command?.words ?? [];
  const path = command === null ? null : program(posix.basename(name));
  if (command === null || path === null) return null;
  const variables = command.variables.filter((text) => HARMLESS.test(text));
  const before = variables.length > 0 ? ["env", ...variables] : [];
  return escapeValue(execOf([...before, literalWord(path), ...knownCodes(rest)]));
}

/** What of a group is left out that would have an effect on the program. */
function droppedOf(group: DesktopGroup): readonly string[] {
  const keys = ["Path", "DBusActivatable"].filter((key) => ![undefined, "", "false"].includes(group.keys.get(key)));
  const variables = (commandOf(group)?.variables ?? []).filter((text) => !HARMLESS.test(text));
  return [
    ...keys.map((key) => `the key ${key}`),
    ...variables.map((text) => `the variable ${text.slice(0, text.indexOf("="))}`),
  ];
}

/** Where the program is not there, the entry is not shown. */
function setTryExec(keys: Map<string, string>, { keys: before }: DesktopGroup, { program }: EntryPlaces): void {
  const wanted = before.get("TryExec");
  const path = wanted === undefined ? null : program(posix.basename(unescapeValue(wanted)));
  if (path === null) keys.delete("TryExec");
  else keys.set("TryExec", escapeValue(path));
}

/** The actions that start a program of the package, by their names. */
function actionsOf(
  groups: readonly DesktopGroup[],
  main: DesktopGroup,
  places: EntryPlaces,
): ReadonlyMap<string, DesktopGroup> {
  const named = listOf(main.keys.get("Actions"));
  const actions = named.flatMap((name) => {
    const group = groups.find((one) => one.name === `${ACTION}${name}`);
    const exec = group === undefined ? null : rewriteExec(group, places);
    if (group === undefined || exec === null || !group.keys.has("Name")) return [];
    const keys = new Map(keptKeys(group, places, KEPT_IN_ACTION)).set("Exec", exec);
    return [[name, { name: group.name, keys }] as const];
  });
  return new Map(actions);
}

/** The names in a list, each once: `a;b;`. */
function listOf(value = ""): readonly string[] {
  return [...new Set(value.split(";").filter((name) => /^[A-Za-z0-9-]+$/.test(name)))];
}

function keptKeys(
  { keys }: DesktopGroup,
  places: EntryPlaces,
  kept: ReadonlySet<string>,
): readonly (readonly [string, string])[] {
  return [...keys].flatMap(([key, value]): readonly (readonly [string, string])[] => {
    const [name = ""] = key.split("[", 1);
    if (!kept.has(name) || (name !== key && !LOCALIZED.has(name))) return [];
    if (BOOLEANS.has(name)) return value === "true" || value === "false" ? [[key, value]] : [];
    if (name !== "Icon") return [[key, value]];
    const icon = rewriteIcon(unescapeValue(value), places);
    return icon === null ? [] : [[key, escapeValue(icon)]];
  });
}

/** An icon of the package, by its path; the name of one that the desktop may have; null: nothing that a desktop would find. */
function rewriteIcon(value: string, { icon }: EntryPlaces): string | null {
  const name = iconName(value);
  const own = icon(name);
  if (own !== null) return own;
  return value.includes("/") || name === "" ? null : name;
}

/** The name of an icon, whether it is written as such, as a file name, or as a path. */
export function iconName(value: string): string {
  return posix.basename(value).replace(/\.(?:png|svgz?|xpm)$/i, "");
}

/** The names of the icons that an entry wants; none for what is no entry. */
export function iconsWanted(bytes: Uint8Array): ReadonlySet<string> {
  const groups = readDesktopFile(bytes);
  if (typeof groups === "string") return new Set();
  const values = groups.flatMap(({ keys }) =>
    [...keys].flatMap(([key, value]) => (/^Icon(?:\[|$)/.test(key) ? [value] : [])),
  );
  return new Set(values.map((value) => iconName(unescapeValue(value))).filter((name) => name !== ""));
}
