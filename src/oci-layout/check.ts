import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { createMultiHash } from "../base/hashes.ts";
import { uninterrupted } from "../base/retry.ts";
import { systemCode } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import { type Digest, digestAlgorithm, digestHex, isDigest } from "../oci/digest.ts";
import { layoutDirectory } from "./directory.ts";
import type { LayoutFiles } from "./files.ts";
import { partialState } from "./partial.ts";
import type { LayoutProblem } from "./problem.ts";
import { walkLayout } from "./walk.ts";

/** The digest algorithms whose directories in `blobs/` are read. */
export const BLOB_ALGORITHMS = ["sha256", "sha512"] as const;

const NONE: ReadonlySet<Digest> = new Set();

/** The result of verifying a layout. */
export interface LayoutReport {
  /** The number of blobs, manifests included. */
  readonly blobs: number;
  /** The size of all blobs. */
  readonly bytes: number;
  /** The number of blobs reachable from the index. */
  readonly reachable: number;
  readonly problems: readonly LayoutProblem[];
  /** Documents of unknown types that name other content, which is not checked. */
  readonly unknown: readonly { readonly digest: Digest; readonly mediaType: string }[];
}

/**
 * Hashes every blob of a layout and follows every reference.
 *
 * @throws {PkgError} LAYOUT_INVALID if it is not a layout; INTERRUPTED, PERMISSION_DENIED, FILE_SYSTEM
 */
export async function verifyLayout(directory: string, signal = uninterrupted()): Promise<LayoutReport> {
  const files = layoutDirectory(directory);
  const index = await files.readIndex();
  const { digests, foreign } = await listBlobs(directory);
  const damaged = new Set<Digest>();
  let bytes = 0;
  for (const digest of digests) {
    const hashed = await hashBlob(files, digest, signal);
    bytes += hashed.bytes;
    if (!hashed.isRight) damaged.add(digest);
  }
  const reached = await walkLayout(files, { index, damaged, signal });
  const problems: readonly LayoutProblem[] = [
    ...foreign.map((name) => ({ kind: "foreign", name }) as const),
    ...[...damaged].map((digest) => ({ kind: "corrupt", digest }) as const),
    ...reached.problems,
  ];
  return Object.freeze({
    blobs: digests.length,
    bytes,
    reachable: reached.blobs.size,
    problems,
    unknown: reached.unknown,
  });
}

/** A manifest in the index of a layout, with all its tags. */
export interface ListedManifest {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly artifactType: string | null;
  readonly tags: readonly string[];
  /** The size in bytes of the manifest and everything it names, each blob counted once. */
  readonly bytes: number;
  readonly descriptor: Descriptor;
}

/**
 * The manifests of a layout, in the order of its index.
 *
 * @throws {PkgError} LAYOUT_INVALID
 */
export async function listLayout(directory: string, signal = uninterrupted()): Promise<readonly ListedManifest[]> {
  const files = layoutDirectory(directory);
  const index = await files.readIndex();
  const found = new Map<Digest, Descriptor>();
  for (const { descriptor } of index.manifests) {
    if (!found.has(descriptor.digest)) found.set(descriptor.digest, descriptor);
  }
  const listed: ListedManifest[] = [];
  for (const descriptor of found.values()) {
    const { digest, mediaType } = descriptor;
    const own = { ...index, manifests: index.manifests.filter((entry) => entry.descriptor.digest === digest) };
    const { blobs } = await walkLayout(files, { index: own, damaged: NONE, signal });
    const bytes = [...blobs.values()].reduce((sum, size) => sum + size, 0);
    const tags = own.manifests.flatMap(({ tag }) => tag ?? []);
    listed.push({ digest, mediaType, artifactType: descriptor.artifactType ?? null, tags, bytes, descriptor });
  }
  return listed;
}

async function listBlobs(
  directory: string,
): Promise<{ readonly digests: readonly Digest[]; readonly foreign: readonly string[] }> {
  const digests: Digest[] = [];
  const foreign: string[] = [];
  for (const algorithm of BLOB_ALGORITHMS) {
    for (const entry of await entriesOf(join(directory, "blobs", algorithm))) {
      const digest = `${algorithm}:${entry.name}`;
      if (isDigest(digest) && entry.isFile()) digests.push(digest);
      else if (!entry.isFile() || partialState(entry.name) === "none") foreign.push(`blobs/${algorithm}/${entry.name}`);
    }
  }
  return { digests, foreign };
}

/** The entries of a directory; none if it does not exist. @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM */
export async function entriesOf(path: string) {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw fileSystemError(error, `read "${path}"`);
  }
}

async function hashBlob(files: LayoutFiles, digest: Digest, signal: AbortSignal) {
  const algorithm = digestAlgorithm(digest);
  const hash = createMultiHash([algorithm]);
  let bytes = 0;
  for await (const chunk of files.readBlob(digest, 0, signal)) {
    hash.update(chunk);
    bytes += chunk.byteLength;
  }
  return { bytes, isRight: hash.digest()[algorithm] === digestHex(digest) };
}
