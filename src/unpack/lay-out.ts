import { contentKind } from "../archive/content-kind.ts";
import type { BlobIntake, BlobStore, StoredBlob } from "../blobs/blob-store.ts";
import { EXECUTABLE_BITS, SYMLINK_MODE } from "../fs/modes.ts";
import { readLocalFileSync, streamFile } from "../fs/read-file.ts";
import type { InstalledFile } from "../package/installation.ts";
import type { MappedFile } from "../package/metadata.ts";
import type { VerifiedArchive } from "../verify/package.ts";
import { chooseFiles, isProgramPlace, withoutMacFiles, withoutTop } from "./archive-layout.ts";
import { takenSymlink } from "./taken-file.ts";

/** What is placed of a download, which may be an archive, one compressed file, or a program. */
export interface ArchiveLayout {
  /** The name of the program that the download is, if it is no archive. */
  readonly name: string;
  /** What is taken of it; empty: everything. */
  readonly mapped: readonly MappedFile[];
}

/** The store, and what unpacks into it. */
export interface LayOutTools {
  readonly blobs: Pick<BlobStore, "pathOf">;
  readonly intake: BlobIntake;
  readonly discard: (blobs: readonly StoredBlob[]) => void;
  /** Unpacks the archive into the store. @param single the name of what a compressed file holds */
  readonly members: (single: string) => Promise<readonly InstalledFile[]>;
}

const PROGRAM_MODE = 0o755;
const FILE_MODE = 0o644;

/**
 * The files of a download as they are placed, told by its content.
 *
 * @throws {PkgError} ARCHIVE_INVALID; as chooseFiles; those of the store
 */
export async function layOut(
  tools: LayOutTools,
  archive: VerifiedArchive,
  { name, mapped }: ArchiveLayout,
): Promise<readonly InstalledFile[]> {
  const { blob } = archive;
  const kind = await contentKind(streamFile(tools.blobs.pathOf(blob.digest)));
  const itself = {
    path: name,
    digest: blob.digest,
    size: blob.size,
    mode: PROGRAM_MODE,
    blake3: blob.hashes.blake3 ?? null,
  };
  if (mapped.length === 0 && kind === "plain") return [itself];
  const isOpened = kind !== "plain" && (mapped.length === 0 || mapped.some((file) => needsOpening(kind, file)));
  const unpacked = isOpened ? await tools.members(name) : [];
  const members = withoutMacFiles(unpacked).map(forEveryone);
  const textOf = (file: InstalledFile) => readLocalFileSync(tools.blobs.pathOf(file.digest)).toString("utf8");
  await tools.intake.finish();
  if (mapped.length === 0) return used(tools, unpacked, withoutTop(members, textOf));
  const own = (place: string) => ownFile(itself, place, kind === "compressed" ? members[0] : undefined);
  const { files, aliases } = chooseFiles(name, mapped, { members, own, textOf });
  const links = await Promise.all(aliases.map(({ path, target }) => takenSymlink(tools.intake, path, target)));
  return [...used(tools, unpacked, files), ...links];
}

/** Whoever installs for others places what they may read and run, whatever the umask of the one who packed it was. */
function forEveryone(file: InstalledFile): InstalledFile {
  if (file.mode === SYMLINK_MODE) return file;
  const isRun = (file.mode & EXECUTABLE_BITS) !== 0;
  return { ...file, mode: file.mode | FILE_MODE | (isRun ? PROGRAM_MODE : 0) };
}

/** The files that are used; the others of the archive are of no use in the store. */
function used(
  { discard }: LayOutTools,
  unpacked: readonly InstalledFile[],
  files: readonly InstalledFile[],
): readonly InstalledFile[] {
  const digests = new Set(files.map(({ digest }) => digest));
  const others = unpacked.filter(({ digest }) => !digests.has(digest));
  discard(others.map(({ digest, size }) => ({ digest, size, hashes: {} })));
  return files;
}

/** True if the file is inside the download: in a compressed one, that is what a program is. */
function needsOpening(kind: "archive" | "compressed", { source, to }: MappedFile): boolean {
  return source !== "" || (kind === "compressed" && isProgramPlace(to));
}

/** The download itself. Compressed, it is a program once it is unpacked, and elsewhere it stays as it is: `x.1.gz`. */
function ownFile(itself: InstalledFile, place: string, unpacked: InstalledFile | undefined): InstalledFile {
  const isProgram = isProgramPlace(place);
  return isProgram && unpacked !== undefined ? unpacked : { ...itself, mode: isProgram ? PROGRAM_MODE : FILE_MODE };
}
