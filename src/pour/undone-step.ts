import { isObject, type JsonObject } from "../base/json.ts";
import { absolutePath, expandTokens, type StepPlace, stepPath } from "./step-paths.ts";

/** A step that is not carried out, for people. */
export interface UndoneStep {
  /** What a person may run instead; null: no command would do. */
  readonly command: string | null;
  /** Its name, such as `configure_php`. */
  readonly what: string;
}

/** Programs that bring a cache in the prefix up to date, and the formulae that they come from. */
const CACHES: Readonly<Record<string, (prefix: string) => string>> = {
  compile_gsettings_schemas: (prefix) => `${prefix}/opt/glib/bin/glib-compile-schemas ${prefix}/share/glib-2.0/schemas`,
  gio_querymodules: (prefix) => `${prefix}/opt/glib/bin/gio-querymodules ${prefix}/lib/gio/modules`,
  gdk_pixbuf_query_loaders: (prefix) => `${prefix}/opt/gdk-pixbuf/bin/gdk-pixbuf-query-loaders --update-cache`,
  gtk_update_icon_cache: (prefix) =>
    `${prefix}/opt/gtk4/bin/gtk4-update-icon-cache -q -t -f ${prefix}/share/icons/hicolor`,
  cache_fonts: (prefix) => `${prefix}/opt/fontconfig/bin/fc-cache -frv`,
  update_mime_database: (prefix) => `${prefix}/opt/shared-mime-info/bin/update-mime-database ${prefix}/share/mime`,
  update_desktop_database: (prefix) =>
    `${prefix}/opt/desktop-file-utils/bin/update-desktop-database ${prefix}/share/applications`,
};

/** Formulae whose Ruby is known: what a person may run instead of it. */
const KNOWN: readonly (readonly [formula: RegExp, caches: readonly string[]])[] = [
  // Certificates are linked here.
  [/^openssl(?:@|$)/, []],
  [/^glib$/, ["compile_gsettings_schemas", "gio_querymodules"]],
  [/^gdk-pixbuf$/, ["gdk_pixbuf_query_loaders"]],
  [/^shared-mime-info$/, ["update_mime_database"]],
  [/^fontconfig$/, ["cache_fonts"]],
];

/** What a person may run instead of the Ruby of a well-known formula; null: nobody here knows what it does. */
export function commandsInstead({ keg, prefix }: StepPlace): readonly string[] | null {
  const known = KNOWN.find(([formula]) => formula.test(keg.name));
  return known?.[1].flatMap((cache) => CACHES[cache]?.(prefix) ?? []) ?? null;
}

/** What a person may do about a step. */
export function describeStep(place: StepPlace, step: unknown): UndoneStep {
  if (!isObject(step) || typeof step["type"] !== "string") return { command: null, what: "a step of an unknown form" };
  const what = step["type"];
  const cache = Object.hasOwn(CACHES, what) ? CACHES[what] : undefined;
  if (cache !== undefined) return { command: cache(place.prefix), what };
  if (what === "run") return { command: commandOf(place, step), what };
  return { command: null, what: byHand(place, step) ?? what };
}

const MAX_SHOWN = 60;

/**
 * What a person would do instead of changing files in the prefix; of what is elsewhere, or would run as another user, only what
 * was asked for. Null: nothing is known of it.
 */
function byHand(place: StepPlace, step: JsonObject): string | null {
  const isInside = (value: unknown) => (stepPath(place, value)?.kind ?? "elsewhere") !== "elsewhere";
  const [path, before, after] = [absolutePath(place, step["path"]), step["before"], step["after"]];
  if (step["type"] === "inreplace" && path !== null && typeof before === "string" && typeof after === "string") {
    const [found, put] = [before, after].map((text) => JSON.stringify(expandTokens(place, text).slice(0, MAX_SHOWN)));
    if (!isInside(step["path"])) return `inreplace of ${quoted(path)}`;
    return `inreplace (by hand: in ${quoted(path)}, put ${put} in place of ${found})`;
  }
  const { paths, permissions } = step;
  if (step["type"] === "set_permissions" && Array.isArray(paths) && typeof permissions === "string") {
    const named = paths.flatMap((one) => absolutePath(place, one) ?? []).map(quoted);
    const isPlain = /^(?:0?[0-7]{3}|[ugoarwxX,=+-]+)$/.test(permissions);
    return isPlain && paths.every(isInside)
      ? `set_permissions (by hand: chmod ${quoted(permissions)} ${named.join(" ")})`
      : `set_permissions ${quoted(permissions)} of ${named.join(" ")}`;
  }
  return null;
}

function commandOf(
  place: StepPlace,
  { command, args, chdir, sudo, stdin_path, stdout_path }: JsonObject,
): string | null {
  if (sudo === true || stdin_path !== undefined || stdout_path !== undefined) return null;
  const program = absolutePath(place, command) ?? nameOf(place, command);
  if (program === null) return null;
  const words = (Array.isArray(args) ? args : []).map((arg) => expandTokens(place, String(arg)));
  const directory = chdir === undefined ? null : absolutePath(place, chdir);
  const line = [program, ...words].map(quoted).join(" ");
  return directory === null ? line : `cd ${quoted(directory)} && ${line}`;
}

/** A program that is looked up on PATH. */
function nameOf(place: StepPlace, command: unknown): string | null {
  if (!isObject(command) || typeof command["path"] !== "string") return null;
  return expandTokens(place, command["path"]);
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
