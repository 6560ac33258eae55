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
export const MARK = "@@HOMEBREW_";
const ANY = new RegExp(PLACEHOLDERS.map(([placeholder]) => placeholder).join("|"), "g");

/** Whether a file has anything that `relocateText()` might replace. */
export function hasPlaceholder(bytes: Buffer): boolean {
  return bytes.includes(MARK, 0, "latin1");
}

/**
 * Replaces every placeholder by its directory.
 *
 * @param text as Latin-1, one character for each byte; so is what it returns
 */
export function relocateText(text: string, prefix: Prefix): string {
  const directories = new Map(PLACEHOLDERS.map(([name, directory]) => [name, latin1(directory(prefix))]));
  return text.replaceAll(ANY, (placeholder) => directories.get(placeholder) ?? placeholder);
}

const LONGEST = Math.max(...PLACEHOLDERS.map(([placeholder]) => placeholder.length));

/** The same for the bytes of a file, which may be more than a text can have. */
export function relocateBytes(bytes: Buffer, prefix: Prefix): Buffer {
  const parts: Buffer[] = [];
  let done = 0;
  for (
    let at = bytes.indexOf(MARK, 0, "latin1");
    at !== -1;
    at = bytes.indexOf(MARK, Math.max(at + 1, done), "latin1")
  ) {
    const text = bytes.toString("latin1", at, at + LONGEST);
    const found = PLACEHOLDERS.find(([placeholder]) => text.startsWith(placeholder));
    if (found === undefined) continue;
    const [placeholder, directory] = found;
    parts.push(bytes.subarray(done, at), Buffer.from(directory(prefix)));
    done = at + placeholder.length;
  }
  return parts.length === 0 ? bytes : Buffer.concat([...parts, bytes.subarray(done)]);
}

function latin1(text: string): string {
  return Buffer.from(text).toString("latin1");
}
