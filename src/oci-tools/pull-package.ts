import { statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { PkgError } from "../errors.ts";
import { sharedDirectory } from "../fs/directories.ts";
import { type Digest, digestHex } from "../oci/digest.ts";
import { formatLocation, type Location } from "../oci/location.ts";
import type { Manifest } from "../oci/manifest.ts";
import { withManifestOrBlob } from "../sources/choose-manifest.ts";
import { keyAmong, openSource, withPlace } from "./open-place.ts";
import { isThere } from "./place-file.ts";
import type { PullArtifactCapabilities } from "./pull-artifact.ts";
import { pathTaken, pullFiles, pullTo } from "./pull-files.ts";
import { hasContent, type PullTools, pullTools } from "./pull-layer.ts";

/** The package or blob to pull. */
export interface PullRequest {
  /** `registry/name:tag`, `oci:DIR:tag`, `oci-archive:FILE:tag`, or with a digest. */
  readonly reference: string;
  /** A file or directory for a blob, a directory for a whole package; null: the current directory. */
  readonly output: string | null;
  /** The directory that relative paths are resolved against. */
  readonly directory: string;
  readonly force: boolean;
  /** Allows names that begin with a dot in any directory; otherwise only a new or empty output may have them. */
  readonly allowDotFiles?: boolean;
}

/** One file that was written; `sizeBytes` is its layer's size. */
export interface PulledFile {
  readonly path: string;
  readonly digest: Digest;
  readonly sizeBytes: number;
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
  const { reference, force } = wanted;
  const directory = resolve(wanted.directory, wanted.output ?? ".");
  const written = await pullFiles(tools, manifest, {
    directory,
    existing: force ? "replace" : "refuse",
    dotFiles: wanted.allowDotFiles === true ? "allow" : wanted.output === null ? "refuse" : "own-directory",
    hint: TAKEN_HINT,
  });
  if (written.length === 0) {
    throw new PkgError("LAYER_MISSING", `Cannot pull "${reference}": none of its layers has a title`);
  }
  const files = written.map(({ path, digest, sizeBytes }) => ({ path, digest, sizeBytes }));
  return { reference, kind: "package", digest: manifest.digest, files };
}

async function pullBlob(tools: PullTools, digest: Digest, wanted: Wanted): Promise<PullOutcome> {
  const { reference, force } = wanted;
  const path = blobPath(digest, wanted);
  if (isThere(path) && !force) throw pathTaken(path, TAKEN_HINT);
  sharedDirectory(dirname(path));
  const layer = { digest, size: null, annotations: {} };
  const existing = force ? ("replace" as const) : ("refuse" as const);
  const size = isThere(path) && (await hasContent(path, layer)) ? statSync(path).size : null;
  // Its directory is the one that was named.
  const place = { title: basename(path), layer, path, existing, allowDotFiles: true, recheck: () => {} };
  const sizeBytes = size ?? (await pullTo(tools, place));
  return { reference, kind: "blob", digest, files: [{ path, digest, sizeBytes }] };
}

/** The file name of a blob: a registry lends the last part of its repository; in a layout it is the digest. */
function blobPath(digest: Digest, { output, directory, location }: Wanted): string {
  const name = location.kind === "registry" ? basename(location.reference.name) : digestHex(digest);
  const wanted = resolve(directory, output ?? name);
  return statSync(wanted, { throwIfNoEntry: false })?.isDirectory() === true ? join(wanted, name) : wanted;
}
