import { byteCount } from "../base/format-bytes.ts";
/** A group of a desktop file: its keys with their localized forms, `Name[de]`, in order. */
export interface DesktopGroup {
  readonly name: string;
  readonly keys: ReadonlyMap<string, string>;
}

/** One that is longer describes nothing. */
export const MAX_DESKTOP_BYTES = 256 * 1024;

/** Control characters, and those that change the direction of text: a menu would show something else than is there. */
const odd = () => /[^\P{Cc}\n\t]|[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffd]/u;
const group = () => /^\[([^\p{Cc}[\]]+)\]$/u;
const KEY = /^([A-Za-z0-9-]+(?:\[[A-Za-z0-9_.@-]+\])?)\s*=\s*(.*)$/u;

/**
 * The groups of a desktop file, the first of each name, with the first of each key.
 *
 * @returns what is wrong with it, as text, if it is none
 * @see Desktop Entry Specification 1.5, "Basic format of the file"
 */
export function readDesktopFile(bytes: Uint8Array): readonly DesktopGroup[] | string {
  if (bytes.length > MAX_DESKTOP_BYTES)
    return `it has ${byteCount(bytes.length)}, at most ${MAX_DESKTOP_BYTES} are allowed`;
  const text = new TextDecoder().decode(bytes).replaceAll("\r\n", "\n");
  if (odd().test(text)) return "it has control characters, or is not UTF-8";
  const groups = new Map<string, Map<string, string>>();
  let keys: Map<string, string> | null = null;
  for (const line of text.split("\n").map((one) => one.trim())) {
    if (line === "" || line.startsWith("#")) continue;
    const name = group().exec(line)?.[1];
    if (name !== undefined) {
      keys = new Map();
      // A second group of a name is against the specification, and nothing of it counts.
      if (!groups.has(name)) groups.set(name, keys);
      continue;
    }
    const [, key, value = ""] = KEY.exec(line) ?? [];
    if (key === undefined || keys === null) return "a line in it is neither a group nor a key";
    if (!keys.has(key)) keys.set(key, value);
  }
  return [...groups].map(([name, found]) => ({ name, keys: found }));
}

/** The text of a desktop file. */
export function desktopText(groups: readonly DesktopGroup[]): string {
  return groups
    .map(({ name, keys }) => `[${name}]\n${[...keys].map(([key, value]) => `${key}=${value}\n`).join("")}`)
    .join("\n");
}

const ESCAPES: Readonly<Record<string, string>> = { s: " ", n: "\n", t: "\t", r: "\r", "\\": "\\" };

/** What a value of the type string means. @see Desktop Entry Specification 1.5, "Possible value types" */
export function unescapeValue(value: string): string {
  return value.replace(/\\(.)/gsu, (text, character: string) => ESCAPES[character] ?? text);
}

/** How a text is written as a value. */
export function escapeValue(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\t", "\\t").replaceAll("\r", "\\r");
}
