import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { mapConcurrently } from "../base/concurrency.ts";
import type { Capabilities, Network, State } from "../capabilities/capabilities.ts";
import { PkgError } from "../errors.ts";
import { makeDirectory, syncDirectory } from "../fs/atomic.ts";
import { fileSystemError } from "../fs/errors.ts";
import type { Digest } from "../oci/digest.ts";
import { layersByTitle, type Manifest } from "../oci/manifest.ts";
import { looksLikeProgram, PROGRAM_MAGIC_BYTES } from "../oci/pack-annotations.ts";
import { formatReference, parseReference, type Reference } from "../oci/reference.ts";
import { MAX_BLOB_BYTES } from "./fetch.ts";
import { withManifestOrBlob } from "./image-manifest.ts";

export interface PullRequest {
  readonly reference: string;
  /** A file or directory for a blob, a directory for a whole package; null: the current directory. */
  readonly output: string | null;
  readonly directory: string;
  readonly force: boolean;
}

export interface PulledFile {
  readonly path: string;
  readonly digest: Digest;
  readonly bytes: number;
}

export interface PullOutcome {
  readonly reference: string;
  readonly kind: "package" | "blob";
  readonly digest: Digest;
  readonly files: readonly PulledFile[];
}

export type PullCapabilities = Pick<Capabilities, "config" | "emit" | "signal" | "network" | "state">;

interface Job {
  readonly cap: PullCapabilities;
  readonly network: Network;
  readonly state: State;
  readonly reference: Reference;
  readonly request: PullRequest;
}

/** All files of a package, or one blob, verified against their digests before they appear under their names. */
export async function pull(cap: PullCapabilities, request: PullRequest): Promise<PullOutcome> {
  const reference = parseReference(request.reference);
  if (cap.config.offline) throw new PkgError("OFFLINE", `Cannot pull "${request.reference}": --offline is set`);
  const network = await cap.network();
  network.trust(reference);
  const job: Job = { cap, network, reference, request, state: await cap.state() };
  return withManifestOrBlob(
    { registry: network.registry, reference, machine: cap.config, signal: cap.signal },
    { manifest: (manifest) => pullPackage(job, manifest), blob: (digest) => pullBlob(job, digest) },
  );
}

async function pullPackage(job: Job, manifest: Manifest): Promise<PullOutcome> {
  const directory = resolve(job.request.directory, job.request.output ?? ".");
  const layers = [...layersByTitle(manifest)];
  if (layers.length === 0) {
    throw new PkgError(
      "LAYER_MISSING",
      `Cannot pull "${formatReference(job.reference)}": none of its layers has a title`,
    );
  }
  for (const [title] of layers) refuseExisting(join(directory, title), job.request.force);
  makeDirectory(directory, 0o755);
  const files = await mapConcurrently(layers, job.cap.config.concurrency, ([title, { digest, size }]) =>
    pullFile(job, { path: join(directory, title), digest, size }),
  );
  return { reference: formatReference(job.reference), kind: "package", digest: manifest.digest, files };
}

async function pullBlob(job: Job, digest: Digest): Promise<PullOutcome> {
  const { reference, request } = job;
  const name = basename(reference.name);
  const wanted = resolve(request.directory, request.output ?? name);
  const path = isDirectory(wanted) ? join(wanted, name) : wanted;
  refuseExisting(path, request.force);
  makeDirectory(dirname(path), 0o755);
  const file = await pullFile(job, { path, digest, size: null });
  return { reference: formatReference(reference), kind: "blob", digest, files: [file] };
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function refuseExisting(path: string, force: boolean): void {
  if (force || !existsSync(path)) return;
  throw new PkgError("PATH_CONFLICT", `Cannot write "${path}": it exists`, {
    hint: "Choose another place with --output, or overwrite with --force",
  });
}

interface WantedFile {
  readonly path: string;
  readonly digest: Digest;
  readonly size: number | null;
}

/** By way of the blob store, so that an interrupted pull goes on where it stopped. */
async function pullFile(job: Job, { path, digest, size }: WantedFile): Promise<PulledFile> {
  const { cap, network, state, reference } = job;
  const id = basename(path);
  cap.emit({ kind: "task-started", id, title: id, totalBytes: size });
  const known = state.blobs.has(digest);
  const blob = await state.blobs.obtain({
    digest,
    size,
    maxBytes: MAX_BLOB_BYTES,
    hashes: ["sha256"],
    signal: cap.signal,
    source: (open) => network.registry.openBlob({ reference, digest, size, ...open }),
    onProgress: (bytes) => cap.emit({ kind: "task-progress", id, bytes, totalBytes: size }),
  });
  // A blob that was only fetched for this pull is moved out of the store again.
  const keep = known || state.installations.referencedDigests().has(digest);
  writeOut(state.blobs.pathOf(digest), path, keep);
  cap.emit({ kind: "task-done", id, summary: `${blob.size} bytes` });
  return { path, digest, bytes: blob.size };
}

/** Never a hard link: what a person edits must not be what the store vouches for. */
function writeOut(stored: string, path: string, keep: boolean): void {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  try {
    copyFileSync(stored, temporary, constants.COPYFILE_FICLONE);
    chmodSync(temporary, isProgram(stored) ? 0o755 : 0o644);
    syncFile(temporary);
    renameSync(temporary, path);
    if (!keep) rmSync(stored, { force: true });
  } catch (error) {
    rmSync(temporary, { force: true });
    throw fileSystemError(error, `write "${path}"`);
  }
  syncDirectory(dirname(path));
}

/** A layer carries no mode: an ELF file or a script is taken for a program. */
function isProgram(path: string): boolean {
  const file = openSync(path, "r");
  try {
    const start = Buffer.alloc(PROGRAM_MAGIC_BYTES);
    readSync(file, start, 0, start.length, 0);
    return looksLikeProgram(start);
  } finally {
    closeSync(file);
  }
}

function syncFile(path: string): void {
  const file = openSync(path, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
