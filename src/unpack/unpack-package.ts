import { type ExtractLimits, PACKAGE_LIMITS } from "../archive/extract-limits.ts";
import { hashStream } from "../base/hashes.ts";
import type { BlobIntake, BlobStore, StoredBlob } from "../blobs/blob-store.ts";
import { hasCode, PkgError, reworded } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { streamFile } from "../fs/read-file.ts";
import type { WantedLayer } from "../image/wanted-layer.ts";
import { digestAlgorithm, digestHex } from "../oci/digest.ts";
import type { InstalledFile } from "../package/installation.ts";
import { type VerifiedArchive, type VerifiedPackage, withMembers } from "../verify/package.ts";
import { type ArchiveLayout, layOut } from "./lay-out.ts";
import { takeMembers } from "./take-members.ts";
import { takeLayer } from "./unpack-layer.ts";

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
    const { layer } = archive;
    const files = await (layer !== null
      ? takeArchiveLayer(context, intake, { ...archive, layer })
      : layout === null
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

function takeArchiveLayer(
  context: UnpackContext,
  intake: BlobIntake,
  archive: VerifiedArchive & { readonly layer: WantedLayer },
): Promise<readonly InstalledFile[]> {
  const { blobs, signal, discard } = context;
  return takeLayer({ layer: archive.layer, source: unchangedBytes(blobs, archive), intake, signal, discard });
}

/** Adds the archive's name to an error, since several may be unpacked at once. */
function namedAfter({ title }: VerifiedArchive, error: PkgError): PkgError {
  return reworded(error, `Cannot use "${title}": ${error.message}`);
}

/** @param single the name of the file that a compressed file holds, where that is allowed */
function takeIn(
  { blobs, signal, limits = PACKAGE_LIMITS }: UnpackContext,
  intake: BlobIntake,
  { archive, single }: { readonly archive: VerifiedArchive; readonly single: string | undefined },
): Promise<readonly InstalledFile[]> {
  return takeMembers({
    ...{ source: unchangedBytes(blobs, archive), file: blobs.pathOf(archive.blob.digest) },
    ...(single === undefined ? {} : { single }),
    ...{ root: null, intake, limits, signal },
  });
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
