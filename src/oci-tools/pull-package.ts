import { statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { PkgError } from "../errors.ts";
import { sharedDirectory } from "../fs/directories.ts";
import { namesDirectory } from "../fs/typed-output.ts";
import { expectWritablePlace } from "../fs/writable.ts";
import { type Digest, digestHex } from "../oci/digest.ts";
import { formatLocation, type Location } from "../oci/location.ts";
import type { Manifest } from "../oci/manifest.ts";
import { withManifestOrBlob } from "../sources/choose-manifest.ts";
import { announcedSize } from "./announced-size.ts";
import { keyAmong, openSource, withPlace } from "./open-place.ts";
import { isThere } from "./place-file.ts";
import { type PullArtifactCapabilities, pullOne, tellUntitled } from "./pull-artifact.ts";
import { pathTaken, pullFiles, pullTo } from "./pull-files.ts";
import { hasContent, type PullTools, pullTools } from "./pull-layer.ts";
import { verifiedLayer } from "./verified-layer.ts";

/** The package or blob to pull. */
export interface PullRequest {
  /** `registry/name:tag`, `oci:DIR:tag`, `oci-archive:FILE:tag`, or with a digest. */
  readonly reference: string;
  /**
   * A file or directory for a blob, a directory for a whole package; null: the current directory; or a function that receives
   * the bytes of a blob, or of the only file of a package.
   */
  readonly output: string | null | ((bytes: AsyncIterable<Uint8Array>) => Promise<void>);
  /** The directory that relative paths are resolved against. */
  readonly directory: string;
  readonly force: boolean;
  /** Allows names that begin with a dot in any directory; otherwise only a new or empty output may have them. */
  readonly allowDotFiles?: boolean;
}

/** One file that was written; `sizeBytes` is its layer's size. */
export interface PulledFile {
  /** Null: its bytes went to the `output` function. */
  readonly path: string | null;
  readonly digest: Digest;
  /** Null: nothing was fetched, and the place does not say how large it is. */
  readonly sizeBytes: number | null;
}

/** What was pulled. */
export interface PullOutcome {
  readonly reference: string;
  readonly kind: "package" | "blob";
  readonly digest: Digest;
  readonly files: readonly PulledFile[];
}

const TAKEN_HINT = "Choose another place with --output, or overwrite with --force";

/** The request together with the place it names. */
interface Wanted extends PullRequest {
  readonly location: Location;
}

/**
 * Pulls all files of a package, or one blob, from any place; each is verified before it appears under its name.
 *
 * @throws {PkgError} LAYER_MISSING for a package without titled layers; as withManifestOrBlob and pullFiles
 */
export function pull(cap: PullArtifactCapabilities, request: PullRequest): Promise<PullOutcome> {
  return withPlace(openSource(cap, request.reference), async (opened) => {
    const { place: source, location } = opened;
    const wanted = { ...request, location, reference: formatLocation(location) };
    const choice = {
      source,
      key: await keyAmong(opened, cap.signal),
      platform: null,
      machine: cap.config,
      signal: cap.signal,
    };
    const tools = pullTools(cap, source);
    return withManifestOrBlob(choice, (found) =>
      found.kind === "manifest" ? pullPackage(tools, found.manifest, wanted) : pullBlob(tools, found.digest, wanted),
    );
  });
}

async function pullPackage(tools: PullTools, manifest: Manifest, wanted: Wanted): Promise<PullOutcome> {
  const { reference, force, output } = wanted;
  if (typeof output === "function") {
    const files = await pullOne(tools, manifest, output);
    return { reference, kind: "package", digest: manifest.digest, files: files.map(fileOf) };
  }
  const directory = resolve(wanted.directory, output ?? ".");
  const written = await pullFiles(tools, manifest, {
    directory,
    existing: force ? "replace" : "refuse",
    dotFiles: wanted.allowDotFiles === true ? "allow" : output === null ? "refuse" : "own-directory",
    hint: TAKEN_HINT,
  });
  if (written.length === 0) {
    throw new PkgError("LAYER_MISSING", `Cannot pull "${reference}": none of its layers has a title`);
  }
  tellUntitled(tools, manifest);
  return { reference, kind: "package", digest: manifest.digest, files: written.map(fileOf) };
}

function fileOf({ path, digest, sizeBytes }: PulledFile): PulledFile {
  return { path, digest, sizeBytes };
}

async function pullBlob(tools: PullTools, digest: Digest, wanted: Wanted): Promise<PullOutcome> {
  const { reference, force, output } = wanted;
  const blob = { digest, size: null, annotations: {} };
  if (typeof output === "function") {
    const sizeBytes = await counted(output, verifiedLayer(tools, { layer: blob, id: digest }));
    return { reference, kind: "blob", digest, files: [{ path: null, digest, sizeBytes }] };
  }
  const path = blobPath(digest, { ...wanted, output });
  if (isThere(path) && !force) throw pathTaken(path, TAKEN_HINT);
  if (tools.dryRun) {
    expectWritablePlace(dirname(path));
    return {
      reference,
      kind: "blob",
      digest,
      files: [{ path, digest, sizeBytes: await announcedSize(tools, digest) }],
    };
  }
  sharedDirectory(dirname(path));
  const existing = force ? ("replace" as const) : ("refuse" as const);
  const size = isThere(path) && (await hasContent(path, blob)) ? statSync(path).size : null;
  // Its directory is the one that was named.
  const place = { title: basename(path), layer: blob, path, existing, allowDotFiles: true, recheck: () => {} };
  const sizeBytes = size ?? (await pullTo(tools, place));
  return { reference, kind: "blob", digest, files: [{ path, digest, sizeBytes }] };
}

/** The file name of a blob: a registry lends the last part of its repository; in a layout it is the digest. */
function blobPath(
  digest: Digest,
  { output, directory, location }: Omit<Wanted, "output"> & { readonly output: string | null },
): string {
  const name = location.kind === "registry" ? basename(location.reference.name) : digestHex(digest);
  const wanted = resolve(directory, output ?? name);
  const isDirectory = output !== null && namesDirectory(output);
  if (isDirectory || statSync(wanted, { throwIfNoEntry: false })?.isDirectory() === true) return join(wanted, name);
  return wanted;
}

/** Passes bytes on, and counts them. */
async function counted(
  write: (bytes: AsyncIterable<Uint8Array>) => Promise<void>,
  bytes: AsyncIterable<Uint8Array>,
): Promise<number> {
  let sizeBytes = 0;
  await write(
    (async function* () {
      for await (const chunk of bytes) {
        sizeBytes += chunk.byteLength;
        yield chunk;
      }
    })(),
  );
  return sizeBytes;
}
