import { byteCount } from "../base/format-bytes.ts";
import type { StoredBlob } from "../blobs/blob-store.ts";
import { type ErrorCode, PkgError } from "../errors.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import { type Digest, digestAlgorithm, sha256Digest } from "../oci/digest.ts";
import { layersByTitle, type Manifest } from "../oci/manifest.ts";
import { isMade, type Policy } from "../package/policy.ts";
import type { FetchedPackage, FetchedProgram } from "./fetched-package.ts";
import { hashOf } from "./hash-of.ts";

/**
 * Compares each program with its layer in the manifest and, unless that check is skipped, with the hashes in the package index.
 *
 * @throws {PkgError} DIGEST_MISMATCH, SIZE_MISMATCH, LAYER_MISSING, TITLE_INVALID, MANIFEST_INVALID
 */
export function checkDigests(fetched: FetchedPackage, policy: Policy): void {
  for (const program of fetched.programs) {
    checkLayer(fetched, program);
    if (isMade(policy, "digest")) checkIndexHashes(fetched, program);
  }
}

function checkLayer({ name, manifest }: FetchedPackage, program: FetchedProgram): void {
  if (manifest === null) return;
  const { title, blob } = program;
  const layer = layerOf(manifest, program);
  if (layer === undefined) {
    throw failure("LAYER_MISSING", name, title, `its manifest "${manifest.digest}" has no such file`);
  }
  const found = digestFor(layer.digest, blob);
  if (found !== layer.digest) {
    throw failure("DIGEST_MISMATCH", name, title, `found "${found}", expected "${layer.digest}" from its manifest`);
  }
  if (blob.size !== layer.size) {
    throw failure(
      "SIZE_MISMATCH",
      name,
      title,
      `found ${byteCount(blob.size)}, expected ${layer.size} from its manifest`,
    );
  }
}

/** A layer of an image has no title. */
function layerOf(manifest: Manifest, { title, blob, layer }: FetchedProgram): Descriptor | undefined {
  if (layer !== undefined) return manifest.layers.find(({ digest }) => digest === blob.digest);
  return layersByTitle(manifest).get(title);
}

/**
 * The blob's digest in the algorithm of its layer, if it was computed: a manifest may name by SHA-512 a blob that was fetched
 * by the SHA-256 in the index. The manifest comes from outside, so this case must not look like a bug of ours.
 */
function digestFor(layer: Digest, blob: StoredBlob): string {
  const algorithm = digestAlgorithm(layer);
  const hex = blob.hashes[algorithm];
  return hex === undefined || digestAlgorithm(blob.digest) === algorithm ? blob.digest : `${algorithm}:${hex}`;
}

function checkIndexHashes({ name }: FetchedPackage, program: FetchedProgram): void {
  const { title, blob, expected } = program;
  if (expected.sha256 !== null) {
    compareWithIndex(name, title, sha256Digest(expected.sha256), sha256Of(program));
  }
  if (expected.sizeBytes !== null && blob.size !== expected.sizeBytes) {
    const problem = `found ${byteCount(blob.size)}, expected ${expected.sizeBytes} from the index`;
    throw failure("SIZE_MISMATCH", name, title, problem);
  }
  if (expected.blake3 !== null) {
    compareWithIndex(name, title, `blake3:${expected.blake3}`, `blake3:${hashOf(blob, "blake3", title)}`);
  }
}

function sha256Of({ title, blob }: FetchedProgram): Digest {
  return digestAlgorithm(blob.digest) === "sha256" ? blob.digest : sha256Digest(hashOf(blob, "sha256", title));
}

function compareWithIndex(name: string, title: string, expected: string, found: string): void {
  if (found === expected) return;
  throw failure("DIGEST_MISMATCH", name, title, `found "${found}", expected "${expected}" from the index`);
}

function failure(code: ErrorCode, name: string, title: string, problem: string): PkgError {
  return new PkgError(code, `Cannot pass the digest check of "${title}" in package "${name}": ${problem}`, {
    hint: "Run `pkg sync` and try again; the index may be older than the package",
  });
}
