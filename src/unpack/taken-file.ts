import type { BlobIntake, StoredBlob } from "../blobs/blob-store.ts";
import { SYMLINK_MODE } from "../fs/modes.ts";
import type { InstalledFile } from "../package/installation.ts";

/** A file of a package, from its blob in the store. @param mode permission bits */
export function takenFile(
  { digest, size }: Pick<StoredBlob, "digest" | "size">,
  path: string,
  mode: number,
): InstalledFile {
  return { path, digest, size, mode, blake3: null };
}

/** A symlink of a package, whose text is taken into the store. @throws {PkgError} as BlobIntake.add */
export async function takenSymlink(intake: BlobIntake, path: string, target: string): Promise<InstalledFile> {
  return takenFile(await intake.add([Buffer.from(target)], 0o644), path, SYMLINK_MODE);
}
