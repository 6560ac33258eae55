import { FORMAT_BYTES, fileFormat } from "../base/file-format.ts";
import { byteCount } from "../base/format-bytes.ts";
import type { HashAlgorithm } from "../base/hashes.ts";
import { PkgError } from "../errors.ts";
import { invalidArchive, refuseWhenAborted } from "./archive-error.ts";
import { EntryTally } from "./entry-tally.ts";
import { EXTRACT_LIMITS, type ExtractLimits } from "./extract-limits.ts";
import { type LayerTarEntry, readLayerTar } from "./read-tar.ts";
import { splitStart } from "./split-start.ts";
import { unpackedInput } from "./unpacked-input.ts";

/** A layer to read, and what it has to be. */
export interface ReadLayerRequest {
  /** A tar, either uncompressed or compressed with gzip or zstd. */
  readonly source: AsyncIterable<Uint8Array>;
  /** The hash that the uncompressed tar must have, in hex. */
  readonly unpacked: { readonly algorithm: HashAlgorithm; readonly hex: string };
  readonly signal: AbortSignal;
  /** Counts what the layers of an image hold together. */
  readonly tally?: EntryTally;
  readonly limits?: ExtractLimits;
}

/**
 * Yields the entries of an image's layer as they stand in it: a path may occur several times, lead anywhere, and be that of a
 * device. Nothing may be relied on before the end, and nothing may be placed by such a path. Each part of a body may be used until
 * the next one is asked for.
 *
 * @throws {PkgError} ARCHIVE_INVALID for a layer that is damaged or too large; DIGEST_MISMATCH when it is not what the
 *   image's config says; INTERRUPTED; and those of `source`
 * @see OCI image-spec 1.1, layer.md
 */
export async function* readLayer(request: ReadLayerRequest): AsyncGenerator<LayerTarEntry> {
  const { source, unpacked, signal, limits = EXTRACT_LIMITS } = request;
  const { start, whole } = await splitStart(interruptible(source, signal), FORMAT_BYTES);
  const isGzip = fileFormat(start) === "gzip";
  const { algorithm, hex } = unpacked;
  const tar = unpackedInput({ source: whole, isGzip, maxRatio: limits.maxRatio, algorithm, isTransient: true });
  const tally = request.tally ?? newTally(limits);
  for await (const entry of readLayerTar(tar.input)) {
    tally.add(entry);
    refuseLong(entry.path, limits);
    refuseLong(entry.target, limits);
    yield entry;
  }
  const found = tar.hex();
  if (found === hex) return;
  const problem = `unpacked it is "${algorithm}:${found}", expected "${algorithm}:${hex}"`;
  throw new PkgError("DIGEST_MISMATCH", `Cannot unpack the layer: ${problem}, as the image's config says`, {
    hint: "The image contradicts itself, so nothing of it is used; tell whoever published it",
  });
}

/** A layer may have many gigabytes. */
async function* interruptible(chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    refuseWhenAborted(signal);
    yield chunk;
  }
}

/** Counts what one or several layers hold, up to the limits. */
export function newTally(limits: ExtractLimits = EXTRACT_LIMITS): EntryTally {
  return new EntryTally(limits, invalidArchive);
}

function refuseLong(path: string, { maxPathBytes, maxDepth }: ExtractLimits): void {
  const bytes = Buffer.byteLength(path);
  if (bytes > maxPathBytes) {
    throw invalidArchive(`the path "${path.slice(0, 80)}…" has ${byteCount(bytes)}, at most ${maxPathBytes} are read`);
  }
  const depth = path.split("/").length;
  if (depth > maxDepth)
    throw invalidArchive(`the path "${path.slice(0, 80)}…" is ${depth} deep, at most ${maxDepth} is`);
}
