import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PkgError } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { writeStreamAtomic } from "../fs/write-stream.ts";
import { type Digest, type DigestAlgorithm, parseDigest } from "../oci/digest.ts";

/** A file whose bytes are known: `size` in bytes. */
export interface HashedFile {
  readonly path: string;
  readonly digest: Digest;
  readonly size: number;
}

/** Hashes a file. @throws {PkgError} FILE_SYSTEM and PERMISSION_DENIED when it cannot be read */
export async function hashFile(path: string, algorithm: DigestAlgorithm = "sha256"): Promise<HashedFile> {
  const hash = createHash(algorithm);
  let size = 0;
  try {
    if (!(await stat(path)).isFile()) throw new PkgError("FILE_SYSTEM", `Cannot read "${path}": it is no file`);
    for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
      hash.update(chunk);
      size += chunk.length;
    }
  } catch (error) {
    throw fileSystemError(error, `read "${path}"`);
  }
  return { path, digest: parseDigest(`${algorithm}:${hash.digest("hex")}`), size };
}

/** Bytes of a file from `offset` on. */
export async function openFile(path: string, offset: number): Promise<AsyncIterable<Uint8Array>> {
  return createReadStream(path, { start: offset, highWaterMark: 256 * 1024 });
}

/** Keeps a stream in a file while `work` is done with it: what is pushed must be known before it is sent. */
export async function withSpooled<T>(
  source: AsyncIterable<Uint8Array>,
  algorithm: DigestAlgorithm,
  work: (file: HashedFile) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), "pkg-stdin-"));
  try {
    const path = join(directory, "content");
    await writeStreamAtomic(path, source, 0o600);
    return await work(await hashFile(path, algorithm));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
