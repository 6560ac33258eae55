import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { extractTar } from "../archive/extract-tar.ts";
import { splitStart } from "../archive/split-start.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { hasCode } from "../errors.ts";
import { removeTree } from "../fs/atomic.ts";
import { writeStreamAtomic } from "../fs/write-stream.ts";
import type { Source } from "../oci/content.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import { type Digest, digestAlgorithm, digestHex, isDigest } from "../oci/digest.ts";
import {
  fileMode,
  isPackedDirectory,
  PROGRAM_MAGIC_BYTES,
  UNPACKED_DIGEST_ANNOTATION,
} from "../oci/pack-annotations.ts";
import { isThere, mergeTree } from "./place-file.ts";
import { hashUnchanged } from "./unchanged-file.ts";
import { verifiedLayer } from "./verified-layer.ts";

/** A layer and where it goes: the directory it lies in is there. */
export interface LayerPlace {
  readonly title: string;
  readonly layer: Descriptor;
  readonly path: string;
}

export type PullLayerCapabilities = Pick<Capabilities, "emit" | "retry" | "signal">;

/**
 * Writes one layer to its place, replacing a file, or merging with a directory, that has the name. Nothing appears
 * before its digest is right.
 *
 * @throws {PkgError} DIGEST_MISMATCH, SIZE_MISMATCH; as extractTar and mergeTree; DISK_FULL, PERMISSION_DENIED,
 * FILE_SYSTEM; and those of the place
 */
export async function pullLayer(cap: PullLayerCapabilities, place: Source, target: LayerPlace): Promise<void> {
  const { title, layer, path } = target;
  if (isPackedDirectory(layer)) return pullDirectory(cap, place, target);
  const { start, whole } = await splitStart(verifiedLayer(cap, { place, layer, id: title }), PROGRAM_MAGIC_BYTES);
  await writeStreamAtomic(path, whole, fileMode(layer, start));
}

/** Unpacked from a file whose digest is known: no decompressor sees a byte that nobody vouched for. */
async function pullDirectory(
  cap: PullLayerCapabilities,
  place: Source,
  { title, layer, path }: LayerPlace,
): Promise<void> {
  const draft = join(dirname(path), `.${basename(path).slice(0, 100)}.${randomUUID()}`);
  const archive = `${draft}.tar`;
  try {
    await writeStreamAtomic(archive, verifiedLayer(cap, { place, layer, id: title }), 0o600);
    cap.emit({ kind: "task-step", id: title, step: "place" });
    const tree = isThere(path) ? draft : path;
    const source = createReadStream(archive);
    await extractTar({ source, directory: tree, root: title, sha256: unpackedSha256(layer), signal: cap.signal });
    if (tree !== path) mergeTree(tree, path);
  } finally {
    await rm(archive, { force: true });
    removeTree(draft);
  }
}

/** Of other algorithms nothing is made: the layer's own digest is what counts. */
function unpackedSha256({ annotations }: Descriptor): string | null {
  const text = annotations[UNPACKED_DIGEST_ANNOTATION] ?? "";
  return isDigest(text) && digestAlgorithm(text) === "sha256" ? digestHex(text) : null;
}

/** True for a file that has the layer's bytes already. */
export async function hasContent(path: string, { digest, size }: Descriptor): Promise<boolean> {
  const stats = await stat(path).catch(() => null);
  if (stats === null || !stats.isFile() || stats.size !== size) return false;
  return (await digestOf(path, digest)) === digest;
}

async function digestOf(path: string, like: Digest): Promise<Digest | null> {
  try {
    return (await hashUnchanged(path, digestAlgorithm(like))).digest;
  } catch (error) {
    if (hasCode(error, "PERMISSION_DENIED", "FILE_SYSTEM")) return null;
    throw error;
  }
}
