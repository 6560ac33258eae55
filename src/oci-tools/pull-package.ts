import { statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { PkgError } from "../errors.ts";
import { makeDirectory } from "../fs/atomic.ts";
import { type Digest, digestHex } from "../oci/digest.ts";
import { formatLocation, type Location } from "../oci/location.ts";
import type { Manifest } from "../oci/manifest.ts";
import { withManifestOrBlob } from "../sources/choose-manifest.ts";
import { keyOf, openSource, withPlace } from "./open-place.ts";
import { isThere } from "./place-file.ts";
import type { PullArtifactCapabilities } from "./pull-artifact.ts";
import { pathTaken, pullFiles, pullTo } from "./pull-files.ts";
import { hasContent, type PullTools, pullTools } from "./pull-layer.ts";

export interface PullRequest {
  /** `registry/name:tag`, `oci:DIR:tag`, `oci-archive:FILE:tag`, or with a digest. */
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

const TAKEN_HINT = "Choose another place with --output, or overwrite with --force";

/** What a person asked for, and the place it names. */
interface Wanted extends PullRequest {
  readonly location: Location;
}

/**
 * All files of a package, or one blob, of any place, verified against their digests before they appear under their names.
 *
 * @throws {PkgError} LAYER_MISSING for a package without files; as withManifestOrBlob and pullFiles
 */
export function pull(cap: PullArtifactCapabilities, request: PullRequest): Promise<PullOutcome> {
  return withPlace(openSource(cap, request.reference), (opened) => {
    const { place: source, location } = opened;
    const wanted = { ...request, location, reference: formatLocation(location) };
    const choice = { source, key: keyOf(opened), platform: null, machine: cap.config, signal: cap.signal };
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
    hint: TAKEN_HINT,
  });
  if (written.length === 0) {
    throw new PkgError("LAYER_MISSING", `Cannot pull "${reference}": none of its layers has a title`);
  }
  const files = written.map(({ path, digest, size }) => ({ path, digest, bytes: size }));
  return { reference, kind: "package", digest: manifest.digest, files };
}

async function pullBlob(tools: PullTools, digest: Digest, wanted: Wanted): Promise<PullOutcome> {
  const { reference, force } = wanted;
  const path = blobPath(digest, wanted);
  if (isThere(path) && !force) throw pathTaken(path, TAKEN_HINT);
  makeDirectory(dirname(path), 0o755);
  const layer = { digest, size: null, annotations: {} };
  const size = isThere(path) && (await hasContent(path, layer)) ? statSync(path).size : null;
  const bytes = size ?? (await pullTo(tools, { title: basename(path), layer, path }));
  return { reference, kind: "blob", digest, files: [{ path, digest, bytes }] };
}

/** A repository lends its blob a name; a layout does not, whose own name is taken. */
function blobPath(digest: Digest, { output, directory, location }: Wanted): string {
  const name = location.kind === "registry" ? basename(location.reference.name) : digestHex(digest);
  const wanted = resolve(directory, output ?? name);
  return statSync(wanted, { throwIfNoEntry: false })?.isDirectory() === true ? join(wanted, name) : wanted;
}
