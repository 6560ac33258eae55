import { EntryTree } from "../archive/entry-tree.ts";
import { type ExtractLimits, PACKAGE_LIMITS } from "../archive/extract-limits.ts";
import { type Member, readMembers } from "../archive/read-members.ts";
import { hashStream } from "../base/hashes.ts";
import type { BlobIntake, BlobStore, StoredBlob } from "../blobs/blob-store.ts";
import { hasCode, PkgError } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { SYMLINK_MODE } from "../fs/modes.ts";
import { streamFile } from "../fs/read-file.ts";
import { digestAlgorithm, digestHex } from "../oci/digest.ts";
import type { InstalledFile } from "../package/installation.ts";
import { type VerifiedArchive, type VerifiedPackage, withMembers } from "../verify/package.ts";

import { type ArchiveLayout, layOut } from "./lay-out.ts";

/** A file must stay readable to be verified again. */
const OWNER_READS = 0o400;

export interface UnpackContext {
  readonly blobs: Pick<BlobStore, "intake" | "pathOf">;
  readonly signal: AbortSignal;
  /** Called with blobs that a failure left in the store and that are of no use. */
  readonly discard: (blobs: readonly StoredBlob[]) => void;
  readonly limits?: ExtractLimits;
}

/**
 * Unpacks the archive of a verified package into the blob store, file by file; a package without one is returned as it
 * is. Directories follow from the paths of files, so empty ones are left out.
 *
 * @param layout what is placed of a download; null: the archive is a packed directory, of which everything is
 * @throws {PkgError} ARCHIVE_INVALID; STATE_CHANGED when the archive is no longer what was verified; INTERRUPTED,
 * DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM
 */
export function unpackPackage(
  context: UnpackContext,
  verified: VerifiedPackage,
  layout: ArchiveLayout | null = null,
): Promise<VerifiedPackage> {
  if (!isDirectoryPackage(verified)) return Promise.resolve(verified);
  return withMembers(verified, (archive) => unpackArchive(context, archive, layout));
}

/** True for a package whose files come in an archive. */
export function isDirectoryPackage({ fetched }: Pick<VerifiedPackage, "fetched">): boolean {
  return fetched.programs.some(({ archive }) => archive === true);
}

async function unpackArchive(
  context: UnpackContext,
  archive: VerifiedArchive,
  layout: ArchiveLayout | null,
): Promise<readonly InstalledFile[]> {
  const intake = context.blobs.intake(context.signal);
  try {
    const members = (single?: string) => takeIn(context, intake, { archive, single });
    const files = await (layout === null
      ? members()
      : layOut({ blobs: context.blobs, intake, discard: context.discard, members }, archive, layout));
    await intake.finish();
    return files;
  } catch (error) {
    // After an interruption the archive is kept, so that the next try need not fetch it again.
    const useless = hasCode(error, "INTERRUPTED") ? [] : [archive.blob];
    context.discard([...(await intake.abandon()), ...useless]);
    throw hasCode(error, "ARCHIVE_INVALID") ? namedAfter(archive, error) : error;
  }
}

/** Adds the archive's name to an error, since several may be unpacked at once. */
function namedAfter({ title }: VerifiedArchive, error: PkgError): PkgError {
  return new PkgError(error.code, `Cannot use "${title}": ${error.message}`, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    cause: error,
  });
}

/** @param single the name of the file that a compressed file holds, where that is allowed */
async function takeIn(
  { blobs, signal, limits = PACKAGE_LIMITS }: UnpackContext,
  intake: BlobIntake,
  { archive, single }: { readonly archive: VerifiedArchive; readonly single: string | undefined },
): Promise<readonly InstalledFile[]> {
  const files = new Map<string, InstalledFile>();
  const request = {
    ...{ source: unchangedBytes(blobs, archive), file: blobs.pathOf(archive.blob.digest) },
    ...(single === undefined ? {} : { single }),
    ...{ root: null, sha256: null, tree: new EntryTree(), limits, signal },
  };
  for await (const member of readMembers(request)) {
    const file = await fileOf(intake, member, files);
    if (file !== null) files.set(file.path, file);
  }
  return [...files.values()];
}

async function fileOf(
  intake: BlobIntake,
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
      const { digest, size } = await intake.add([Buffer.from(member.target)], 0o644);
      return { path, digest, size, mode: SYMLINK_MODE, blake3: null };
    }
    case "file": {
      const mode = member.mode | OWNER_READS;
      const { digest, size } = await intake.add(member.body, mode);
      return { path, digest, size, mode, blake3: null };
    }
  }
}

/** Streams an archive from the store and hashes it again: its bytes must be those that were verified. */
async function* unchangedBytes(
  blobs: UnpackContext["blobs"],
  { title, blob }: VerifiedArchive,
): AsyncGenerator<Uint8Array> {
  const path = blobs.pathOf(blob.digest);
  const archive = hashStream(streamFile(path), digestAlgorithm(blob.digest));
  try {
    yield* archive.chunks;
  } catch (error) {
    throw fileSystemError(error, `read "${path}"`);
  }
  if (archive.hex() === digestHex(blob.digest)) return;
  throw new PkgError("STATE_CHANGED", `Cannot unpack "${title}": it changed in the store since it was verified`, {
    hint: "Run the command again",
  });
}
