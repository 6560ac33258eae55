import { hashStream } from "../base/hashes.ts";
import { writeStreamAtomic } from "../fs/write-stream.ts";
import { type Compression, compress } from "./compression.ts";
import { type PackRequest, packTar } from "./pack-tar.ts";

export interface PackToFileRequest extends PackRequest {
  readonly compression: Compression;
  /** Must not exist. */
  readonly file: string;
}

export interface PackedFile {
  /** The size of the file, in bytes. */
  readonly size: number;
  /** The SHA-256 of the file, in hex. */
  readonly sha256: string;
  /** The SHA-256 of the tar before compression, in hex. */
  readonly tarSha256: string;
}

/**
 * Packs a directory into a file, which can be read again, and from any position. If it fails, there is no file.
 *
 * @throws {PkgError} as packTar; DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM
 */
export async function packToFile({ compression, file, ...request }: PackToFileRequest): Promise<PackedFile> {
  const tar = hashStream(packTar(request), "sha256");
  const packed = hashStream(compress(tar.chunks, compression), "sha256");
  await writeStreamAtomic(file, packed.chunks, 0o600, "refuse");
  return { size: packed.size(), sha256: packed.hex(), tarSha256: tar.hex() };
}
