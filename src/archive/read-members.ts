import { PkgError } from "../errors.ts";
import type { ArchiveEntry, EntryBody } from "./archive-entry.ts";
import { invalidArchive, refuseWhenAborted } from "./archive-error.ts";
import { entryPath, linkProblem } from "./entry-path.ts";
import { EntryTally } from "./entry-tally.ts";
import type { EntryTree } from "./entry-tree.ts";
import type { ExtractLimits } from "./extract-limits.ts";
import { readEntries } from "./read-entries.ts";

/** A checked entry of an archive: its path lies below the root, in directories that came before it. */
export type Member =
  | { readonly kind: "directory"; readonly path: string }
  | {
      readonly kind: "file";
      readonly path: string;
      readonly mode: number;
      /** Bytes, as the archive says; 0 when it does not. */
      readonly size: number;
      readonly body: EntryBody;
    }
  /** To be made last, so that nothing is written through it. Points inside the archive, or nowhere. */
  | { readonly kind: "symlink"; readonly path: string; readonly target: string }
  /** `source` is the path of an earlier file. */
  | { readonly kind: "hard link"; readonly path: string; readonly source: string };

/** An archive to read, and what its members may be. */
export interface ReadMembersRequest {
  /** A tar, bare or compressed with gzip, zstd, xz or bzip2; or a zip. */
  readonly source: AsyncIterable<Uint8Array>;
  /** The path of a file with the same bytes, which only a zip needs: its directory comes last. Default: a zip is refused. */
  readonly file?: string;
  /** The name of the one member of a compressed file that is no tar; its mode is 0755. Default: that is refused. */
  readonly single?: string;
  /** The path that all entries lie in, which becomes the root; null: the archive's own root stays the root. */
  readonly root: string | null;
  /** Hex of the SHA-256 of the uncompressed tar, or of the zip; null: not known. */
  readonly sha256: string | null;
  /** Must be empty at the start; everything that is yielded is added to it. */
  readonly tree: EntryTree;
  readonly limits: ExtractLimits;
  readonly signal: AbortSignal;
  /** True when each piece of a body is used up before the next one is asked for, so that they may be in the same memory. */
  readonly isTransient?: boolean;
  /** Default: links stay inside the archive, and special modes are dropped. */
  readonly rules?: MemberRules;
}

/** What else an archive may have, and may not. */
export interface MemberRules {
  /** Where a symlink is to lead; it has to be safe whatever other links there are. @throws for one that is refused */
  readonly linkTarget: (path: string, target: string) => string;
  /** True when a file that is set-user-id or set-group-id is refused. */
  readonly refusesSetId: boolean;
}

/** Set-user-id, set-group-id and sticky bits are dropped: an archive does not decide who else may write on this machine. */
const KEPT_BITS = 0o755;
const SET_ID_BITS = 0o6000;

const DEFAULT_RULES: MemberRules = { linkTarget: checkTarget, refusesSetId: false };

/**
 * Yields the members of an archive, each directory before its contents. A directory may occur twice in the archive,
 * any other path once. Nothing may be relied on before the end: the archive may still prove to be damaged, or the wrong
 * one.
 *
 * @throws {PkgError} ARCHIVE_INVALID; DIGEST_MISMATCH with `sha256`; INTERRUPTED; and those of `source`
 */
export async function* readMembers(request: ReadMembersRequest): AsyncGenerator<Member> {
  const { sha256, signal, limits } = request;
  const { entries, hex } = await readEntries(request);
  const tally = new EntryTally(limits, invalidArchive);
  for await (const entry of entries) {
    refuseWhenAborted(signal);
    tally.add(entry);
    for (const member of membersOf(request, entry, (path) => tally.add({ path }))) yield member;
  }
  if (tally.isEmpty) throw invalidArchive("it has no entries");
  checkHash(hex(), sha256);
}

function* membersOf(
  request: ReadMembersRequest,
  entry: ArchiveEntry,
  countParent: (path: string) => void,
): Generator<Member> {
  const { tree, limits, signal, rules = DEFAULT_RULES } = request;
  const mode = entry.mode & KEPT_BITS;
  const path = inRoot(request, entryPath(entry.path, limits));
  if (path === "") {
    if (entry.kind !== "directory") throw invalidArchive(`its root is a ${entry.kind}`);
    return tree.addRoot(mode);
  }
  for (const parent of tree.missingParents(path)) {
    countParent(parent);
    tree.add(parent, "directory", 0o755);
    yield { kind: "directory", path: parent };
  }
  tree.add(path, entry.kind, mode);
  if (rules.refusesSetId && isSetId(entry)) throw invalidArchive(`"${path}" would run as another user`);
  switch (entry.kind) {
    case "directory":
      if (tree.isNew(path)) yield { kind: "directory", path };
      return;
    case "symlink":
      yield { kind: "symlink", path, target: rules.linkTarget(path, entry.target) };
      return;
    case "hard link":
      yield { kind: "hard link", path, source: linkedFile(request, path, entry.target) };
      return;
    case "file":
      yield { kind: "file", path, mode, size: entry.size, body: interruptible(entry.body, signal) };
  }
}

function isSetId({ kind, mode }: ArchiveEntry): boolean {
  return kind === "file" && (mode & SET_ID_BITS) !== 0;
}

function inRoot({ root }: ReadMembersRequest, path: string): string {
  if (root === null || path === "") return path;
  if (path === root || root.startsWith(`${path}/`)) return "";
  if (path.startsWith(`${root}/`)) return path.slice(root.length + 1);
  throw invalidArchive(`the path "${path}" is outside of "${root}"`);
}

function checkTarget(path: string, target: string): string {
  const problem = linkProblem(path, target);
  if (problem === null) return target;
  throw invalidArchive(`the link "${path}" ${problem}`);
}

function linkedFile(request: ReadMembersRequest, path: string, target: string): string {
  const source = inRoot(request, entryPath(target, request.limits));
  if (source !== path && request.tree.isFile(source)) return source;
  throw invalidArchive(`"${path}" is a link to "${target}", and there is no file before it with that name`);
}

function interruptible(body: EntryBody, signal: AbortSignal): EntryBody {
  const streamed = { [Symbol.asyncIterator]: () => interruptibleChunks(body, signal) };
  const whole = body.whole?.bind(body);
  return whole === undefined ? streamed : { ...streamed, whole };
}

async function* interruptibleChunks(body: EntryBody, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    refuseWhenAborted(signal);
    yield chunk;
  }
}

function checkHash(found: string | null, expected: string | null): void {
  if (expected === null || found === expected) return;
  throw new PkgError(
    "DIGEST_MISMATCH",
    `Cannot unpack the archive: expected tar "sha256:${expected}", found "sha256:${found}"`,
  );
}
