import { EntryTree } from "../archive/entry-tree.ts";
import type { ExtractLimits } from "../archive/extract-limits.ts";
import { type Member, type MemberRules, readMembers } from "../archive/read-members.ts";
import type { BlobIntake, StoredBlob } from "../blobs/blob-store.ts";
import type { InstalledFile } from "../package/installation.ts";
import { takenFile, takenSymlink } from "./taken-file.ts";

/** A file must stay readable to be verified again. */
const OWNER_READS = 0o400;

/** A file of an archive. */
export type FileMember = Member & { readonly kind: "file" };

/** An archive to take in, and where to. */
export interface TakeRequest {
  readonly source: AsyncIterable<Uint8Array>;
  /** As in ReadMembersRequest. */
  readonly file?: string;
  readonly single?: string;
  /** The path that all entries lie in; null: the archive's own root. */
  readonly root: string | null;
  readonly intake: BlobIntake;
  readonly limits: ExtractLimits;
  readonly signal: AbortSignal;
  readonly rules?: MemberRules;
  /** Stores a file, changed or not, before the next one is read; default: as it is. */
  readonly store?: (file: FileMember, mode: number) => Promise<StoredBlob>;
  /** Called with each symlink. */
  readonly onLink?: (path: string, target: string) => void;
}

/**
 * Takes the members of an archive into the blob store, file by file. Directories follow from the paths of files, so empty ones
 * are left out.
 *
 * @throws {PkgError} as readMembers, as BlobIntake, and what `store` throws
 */
export async function takeMembers(request: TakeRequest): Promise<readonly InstalledFile[]> {
  const files = new Map<string, InstalledFile>();
  const reading = { ...request, sha256: null, tree: new EntryTree(), isTransient: true };
  for await (const member of readMembers(reading)) {
    const file = await fileOf(request, member, files);
    if (file !== null) files.set(file.path, file);
  }
  return [...files.values()];
}

/** Up to this size, in bytes, a file is held in memory: what the store has already is not written then. */
const MAX_WHOLE_BYTES = 1024 * 1024;

async function storeFile(intake: BlobIntake, { size, body }: FileMember, mode: number): Promise<StoredBlob> {
  const whole = size <= MAX_WHOLE_BYTES ? await body.whole?.() : undefined;
  return await intake.add(whole === undefined ? body : [whole], mode);
}

async function fileOf(
  { intake, store = (file, mode) => storeFile(intake, file, mode), onLink }: TakeRequest,
  member: Member,
  files: ReadonlyMap<string, InstalledFile>,
): Promise<InstalledFile | null> {
  const { path } = member;
  switch (member.kind) {
    case "directory":
      return null;
    case "hard link": {
      const source = files.get(member.source);
      return source === undefined ? null : { ...source, path };
    }
    case "symlink": {
      onLink?.(path, member.target);
      return takenSymlink(intake, path, member.target);
    }
    case "file": {
      const mode = member.mode | OWNER_READS;
      return takenFile(await store(member, mode), path, mode);
    }
  }
}
