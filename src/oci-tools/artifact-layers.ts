import { randomUUID } from "node:crypto";
import type { Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Compression } from "../archive/compression.ts";
import { packToFile } from "../archive/pack-to-file.ts";
import { PkgError } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { isOpenAlready, specialKind, streamFile } from "../fs/read-file.ts";
import { writeStreamAtomic } from "../fs/write-stream.ts";
import type { BlobUpload } from "../oci/content.ts";
import { type Descriptor, TITLE_ANNOTATION } from "../oci/descriptor.ts";
import { digestOf, sha256Digest } from "../oci/digest.ts";
import { modeAnnotation, UNPACK_ANNOTATION, UNPACKED_DIGEST_ANNOTATION } from "../oci/pack-annotations.ts";
import { safeTitlePath } from "../oci/title.ts";
import { hashUnchanged } from "../oci/unchanged-file.ts";

/** A blob that is ready to be pushed. */
export interface PreparedBlob {
  /** What messages call it: its title, or what the blob is for. */
  readonly name: string;
  readonly descriptor: Descriptor;
  readonly open: BlobUpload["open"];
}

/** A layer to prepare. */
export interface LayerRequest {
  /** An absolute path, or the bytes themselves. */
  readonly content: string | AsyncIterable<Uint8Array>;
  readonly title: string;
  /** Null: chosen by whether the content is a file or a directory. */
  readonly mediaType: string | null;
  readonly annotations: Readonly<Record<string, string>>;
  /** How directories are compressed. */
  readonly compression: Compression;
  /** A directory for content that has to be copied first; it must exist until the layer is pushed. */
  readonly temporary: string;
  readonly signal: AbortSignal;
}

const FILE_TYPE = "application/octet-stream";

const DIRECTORY_TYPES: Readonly<Record<Compression, string>> = {
  none: "application/vnd.oci.image.layer.v1.tar",
  gzip: "application/vnd.oci.image.layer.v1.tar+gzip",
  zstd: "application/vnd.oci.image.layer.v1.tar+zstd",
};

/**
 * Hashes a file, packs a directory, or copies to a file what cannot be read twice: a stream or a FIFO.
 *
 * @throws {PkgError} as packTar and hashUnchanged; TITLE_INVALID for an unsafe title of a directory; DISK_FULL
 */
export async function prepareLayer(request: LayerRequest): Promise<PreparedBlob> {
  const { content } = request;
  if (typeof content !== "string") return prepareStream(request, content);
  const stats = await statOf(content);
  if (stats.isDirectory()) return prepareDirectory(request, content);
  // A FIFO by name has perhaps no writer; the pipe of a shell's <(command) has one.
  if (isOpenAlready(content) && !stats.isFile()) return prepareStream(request, streamFile(content));
  const kind = specialKind(stats);
  if (kind !== null) {
    throw new PkgError("FILE_SYSTEM", `Cannot push "${content}": it is ${kind}, expected a file or a directory`, {
      hint: "For the output of a command, use <(COMMAND) or /dev/stdin",
    });
  }
  const { start, ...file } = await hashUnchanged(content);
  const mode = modeAnnotation((stats.mode & 0o111) !== 0, start);
  return titledLayer({ ...request, annotations: { ...mode, ...request.annotations } }, file);
}

/** A blob of bytes in memory; `descriptor` gives its media type and annotations. */
export function preparedBytes(
  name: string,
  bytes: Buffer,
  descriptor: Pick<Descriptor, "mediaType" | "annotations">,
): PreparedBlob {
  async function* from(offset: number): AsyncGenerator<Uint8Array> {
    yield bytes.subarray(offset);
  }
  const digest = digestOf(bytes);
  return { name, descriptor: { ...descriptor, digest, size: bytes.length }, open: async (offset) => from(offset) };
}

async function prepareStream(request: LayerRequest, stream: AsyncIterable<Uint8Array>): Promise<PreparedBlob> {
  const path = join(request.temporary, randomUUID());
  await writeStreamAtomic(path, stream, 0o600);
  return titledLayer(request, await hashUnchanged(path));
}

async function prepareDirectory(request: LayerRequest, directory: string): Promise<PreparedBlob> {
  const { title, compression, temporary, signal } = request;
  const file = join(temporary, randomUUID());
  const packed = await packToFile({ directory, root: safeTitlePath(title), compression, file, signal });
  const annotations = {
    ...request.annotations,
    [UNPACK_ANNOTATION]: "true",
    [UNPACKED_DIGEST_ANNOTATION]: sha256Digest(packed.tarSha256),
  };
  const mediaType = request.mediaType ?? DIRECTORY_TYPES[compression];
  return titledLayer(
    { title, mediaType, annotations },
    {
      digest: sha256Digest(packed.sha256),
      size: packed.size,
      open: async (offset) => streamFile(file, { start: offset }),
    },
  );
}

function titledLayer(
  { title, mediaType, annotations }: Pick<LayerRequest, "title" | "mediaType" | "annotations">,
  { digest, size, open }: Pick<BlobUpload, "digest" | "size" | "open">,
): PreparedBlob {
  const descriptor = {
    mediaType: mediaType ?? FILE_TYPE,
    digest,
    size,
    annotations: { ...annotations, [TITLE_ANNOTATION]: title },
  };
  return { name: title, descriptor, open };
}

async function statOf(path: string): Promise<Stats> {
  try {
    return await stat(path);
  } catch (error) {
    throw fileSystemError(error, `push "${path}"`);
  }
}
