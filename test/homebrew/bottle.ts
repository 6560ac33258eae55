import { createHash } from "node:crypto";
import { dirname } from "node:path";
import { gzipSync } from "node:zlib";
import { type RawEntry, tarOf } from "../archive/tar-builder.ts";

/** What a keg has at a path: a file's content, or a link. Programs below `bin/` may be run. */
export type KegEntry =
  | string
  | Buffer
  | { readonly content: string | Buffer; readonly mode: number }
  | { readonly link: string }
  /** The path of the same file in the keg. */
  | { readonly hardLink: string };

/** What a bottle holds. */
export interface Keg {
  readonly name: string;
  /** With its revision. */
  readonly version: string;
  readonly files: Readonly<Record<string, KegEntry>>;
}

export interface Bottle {
  readonly name: string;
  readonly version: string;
  /** A gzipped tar. */
  readonly bytes: Buffer;
  /** In hex. */
  readonly sha256: string;
  /** Of its regular files. */
  readonly installedBytes: number;
  /** Its files below `bin` and `sbin`, as in `sh.brew.path_exec_files`. */
  readonly programs: readonly string[];
  /** Files with placeholders, as in `changed_files`. */
  readonly changedFiles: readonly string[];
}

/** Packs a keg as Homebrew does: entries below `NAME/VERSION/`, sorted, with their directories, hard links behind their files. */
export function packBottle({ name, version, files }: Keg): Bottle {
  const root = `${name}/${version}`;
  const paths = Object.keys(files).toSorted();
  const entries = paths.map((path) => entryOf(root, path, files[path] ?? ""));
  const isLink = ({ type }: RawEntry) => type === HARD_LINK;
  const all = [...directoriesOf(root, paths), ...entries.filter((one) => !isLink(one)), ...entries.filter(isLink)];
  const bytes = gzipSync(tarOf(...all));
  return {
    name,
    version,
    bytes,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    installedBytes: entries.reduce((sum, { body = "" }) => sum + Buffer.from(body).length, 0),
    programs: paths.filter((path) => /^s?bin\/[^/]+$/.test(path)),
    changedFiles: paths.filter((path) => contentOf(files[path] ?? "").includes("@@HOMEBREW_")),
  };
}

const HARD_LINK = "1";
const SYMLINK = "2";
const DIRECTORY = "5";

function entryOf(root: string, path: string, entry: KegEntry): RawEntry {
  const at = { path: `${root}/${path}` };
  if (typeof entry === "string" || Buffer.isBuffer(entry)) return { ...at, body: entry, mode: modeOf(path) };
  if ("link" in entry) return { ...at, type: SYMLINK, target: entry.link, mode: 0o777 };
  if ("hardLink" in entry) return { ...at, type: HARD_LINK, target: `${root}/${entry.hardLink}`, mode: modeOf(path) };
  return { ...at, body: entry.content, mode: entry.mode };
}

function contentOf(entry: KegEntry): Buffer {
  if (typeof entry === "string" || Buffer.isBuffer(entry)) return Buffer.from(entry);
  return "content" in entry ? Buffer.from(entry.content) : Buffer.alloc(0);
}

/** Homebrew leaves nothing that anybody could write to. */
function modeOf(path: string): number {
  return /(^|\/)s?bin\/[^/]+$/.test(path) ? 0o555 : 0o444;
}

function directoriesOf(root: string, paths: readonly string[]): readonly RawEntry[] {
  const found = new Set([root]);
  for (const path of paths) {
    for (let parent = dirname(path); parent !== "."; parent = dirname(parent)) found.add(`${root}/${parent}`);
  }
  return [...found].toSorted().map((path) => ({ path: `${path}/`, type: DIRECTORY, mode: 0o755 }));
}
