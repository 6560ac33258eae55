import { findWord, type Word } from "./find-word.ts";

/** The directory under which bottles are poured. */
export interface Prefix {
  /** Absolute, in its shortest spelling. */
  readonly path: string;
  /** The formula whose Java a bottle was built for, such as `openjdk@21`; default: `openjdk`. */
  readonly java?: string;
}

/** What stands in a bottle for each directory of the machine it is poured on. */
const PLACEHOLDERS: readonly (readonly [placeholder: string, directory: (prefix: Prefix) => string])[] = [
  ["@@HOMEBREW_PREFIX@@", ({ path }) => path],
  ["@@HOMEBREW_CELLAR@@", ({ path }) => `${path}/Cellar`],
  ["@@HOMEBREW_REPOSITORY@@", ({ path }) => `${path}/Homebrew`],
  ["@@HOMEBREW_LIBRARY@@", ({ path }) => `${path}/Homebrew/Library`],
  ["@@HOMEBREW_PERL@@", ({ path }) => `${path}/opt/perl/bin/perl`],
  ["@@HOMEBREW_JAVA@@", ({ path, java = "openjdk" }) => `${path}/opt/${java}/libexec`],
];

/** What every placeholder begins with. */
export const MARK: Word = { whole: "@@HOMEBREW_", part: "OMEBREW" };
const ANY = new RegExp(PLACEHOLDERS.map(([placeholder]) => placeholder).join("|"), "g");

/** Whether a file has anything that `relocateText()` might replace. */
export function hasPlaceholder(bytes: Buffer): boolean {
  return findWord(bytes, MARK) !== -1;
}

/**
 * Replaces every placeholder by its directory.
 *
 * @param text as Latin-1, one character for each byte; so is what it returns
 */
export function relocateText(text: string, prefix: Prefix): string {
  const directories = directoriesOf(prefix);
  return text.replaceAll(ANY, (placeholder) => directories.get(placeholder) ?? placeholder);
}

/** Larger files are not made texts of, and seldom have many placeholders. */
const MAX_TEXT_BYTES = 1024 * 1024;
const LONGEST = Math.max(...PLACEHOLDERS.map(([placeholder]) => placeholder.length));

/** The same for the bytes of a file, which may be more than a text can have; they are returned where there is nothing to replace. */
export function relocateBytes(bytes: Buffer, prefix: Prefix): Buffer {
  if (bytes.length > MAX_TEXT_BYTES) return relocateLarge(bytes, prefix);
  if (!hasPlaceholder(bytes)) return bytes;
  const text = bytes.toString("latin1");
  const relocated = relocateText(text, prefix);
  return relocated === text ? bytes : Buffer.from(relocated, "latin1");
}

function relocateLarge(bytes: Buffer, prefix: Prefix): Buffer {
  const directories = directoriesOf(prefix);
  const parts: Buffer[] = [];
  let done = 0;
  for (let at = findWord(bytes, MARK); at !== -1; at = findWord(bytes, MARK, Math.max(at + 1, done))) {
    const text = bytes.toString("latin1", at, at + LONGEST);
    const found = PLACEHOLDERS.find(([placeholder]) => text.startsWith(placeholder));
    if (found === undefined) continue;
    const [placeholder] = found;
    parts.push(bytes.subarray(done, at), Buffer.from(directories.get(placeholder) ?? "", "latin1"));
    done = at + placeholder.length;
  }
  return parts.length === 0 ? bytes : Buffer.concat([...parts, bytes.subarray(done)]);
}

const known = new WeakMap<Prefix, ReadonlyMap<string, string>>();

/** The directory for each placeholder, as Latin-1. */
function directoriesOf(prefix: Prefix): ReadonlyMap<string, string> {
  const found =
    known.get(prefix) ?? new Map(PLACEHOLDERS.map(([name, directory]) => [name, latin1(directory(prefix))]));
  known.set(prefix, found);
  return found;
}

function latin1(text: string): string {
  return Buffer.from(text).toString("latin1");
}
