import { dirname, join, resolve } from "node:path";
import { mapConcurrently } from "../base/concurrency.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { PkgError } from "../errors.ts";
import { makeDirectory } from "../fs/atomic.ts";
import { writeStreamAtomic } from "../fs/write-stream.ts";
import type { Source } from "../oci/content.ts";
import { type Descriptor, TITLE_ANNOTATION } from "../oci/descriptor.ts";
import type { Digest } from "../oci/digest.ts";
import type { Manifest } from "../oci/manifest.ts";
import { OCI_EMPTY } from "../oci/media-types.ts";
import { isPackedDirectory } from "../oci/pack-annotations.ts";
import { parsePlatform } from "../oci/platform.ts";
import { safeTitlePath } from "../oci/title.ts";
import { machinePlatform } from "../package/machine.ts";
import { chooseManifest } from "./choose-manifest.ts";
import { keyOf, openSource, type PlaceCapabilities, withPlace } from "./open-place.ts";
import { checkParents, isThere, makePlace } from "./place-file.ts";
import { hasContent, type LayerPlace, pullLayer } from "./pull-layer.ts";
import { verifiedLayer } from "./verified-layer.ts";

export interface PullArtifactRequest {
  readonly reference: string;
  /** A directory, or a function that takes the bytes of the one file there is. */
  readonly output: string | ((bytes: AsyncIterable<Uint8Array>) => Promise<void>);
  /** Where relative paths begin. */
  readonly directory: string;
  /** What becomes of files that exist and are others. */
  readonly existing: "refuse" | "replace" | "keep";
  /** Of an image index: `os/architecture[/variant]`; null: this machine's. */
  readonly platform: string | null;
  /** A file for the artifact's config; null: none. */
  readonly config: string | null;
}

export interface PulledLayer {
  readonly title: string;
  /** Null: it was given to `output`. */
  readonly path: string | null;
  readonly kind: "file" | "directory";
  readonly digest: Digest;
  /** Bytes of the layer. */
  readonly size: number;
  /** `kept`: another file has its name; `existed`: it was there already. */
  readonly how: "written" | "existed" | "kept";
}

export interface PulledArtifact {
  readonly reference: string;
  readonly digest: Digest;
  readonly artifactType: string | null;
  readonly files: readonly PulledLayer[];
  /** Layers without a title, which are no files. */
  readonly untitled: readonly { readonly mediaType: string; readonly digest: Digest; readonly size: number }[];
}

export type PullArtifactCapabilities = PlaceCapabilities & Pick<Capabilities, "emit" | "retry" | "signal">;

interface Job {
  readonly cap: PullArtifactCapabilities;
  readonly place: Source;
  readonly request: PullArtifactRequest;
  readonly directory: string;
}

/**
 * Writes all files of an artifact below a directory; each appears when it is verified.
 *
 * @throws {PkgError} TITLE_INVALID for a title that leads out of the directory; PATH_CONFLICT; LAYER_MISSING;
 * as chooseManifest and pullLayer
 */
export function pullArtifact(cap: PullArtifactCapabilities, request: PullArtifactRequest): Promise<PulledArtifact> {
  const { reference } = request;
  const platform = request.platform === null ? null : parsePlatform(request.platform);
  return withPlace(openSource(cap, reference), async (opened) => {
    const { place } = opened;
    const host = machinePlatform(cap.config);
    const manifest = await chooseManifest({ place, key: keyOf(opened), platform, host, signal: cap.signal });
    const directory = resolve(request.directory, typeof request.output === "string" ? request.output : ".");
    const job = { cap, place, request, directory };
    const files =
      typeof request.output === "string"
        ? await pullFiles(job, manifest)
        : await pullOne(job, manifest, request.output);
    await pullConfig(job, manifest);
    const untitled = untitledLayers(manifest);
    for (const layer of untitled) {
      cap.emit({ kind: "warning", message: `Layer ${layer.digest} (${layer.mediaType}) has no title and is left out` });
    }
    return { reference, digest: manifest.digest, artifactType: manifest.artifactType, files, untitled };
  });
}

async function pullFiles(job: Job, manifest: Manifest): Promise<readonly PulledLayer[]> {
  const { request, directory, cap } = job;
  const titled = titledLayers(manifest);
  for (const [title] of titled) checkParents(directory, title);
  const found = await mapConcurrently(titled, cap.config.concurrency, async ([title, layer]) => {
    const path = join(directory, title);
    return { title, layer, path, how: await howToPlace(path, layer, request.existing) };
  });
  makeDirectory(directory);
  return mapConcurrently(found, cap.config.concurrency, async ({ how, ...target }) => {
    if (how === "written") await pullTo(job, { ...target, path: makePlace(directory, target.title) });
    return pulledLayer(target, how);
  });
}

/** Looked at before anything is fetched, so that a conflict costs nothing. */
async function howToPlace(
  path: string,
  layer: Descriptor,
  existing: PullArtifactRequest["existing"],
): Promise<PulledLayer["how"]> {
  if (!isThere(path)) return "written";
  if (!isPackedDirectory(layer) && (await hasContent(path, layer))) return "existed";
  if (existing === "replace") return "written";
  if (existing === "keep") return "kept";
  throw new PkgError("PATH_CONFLICT", `Cannot write "${path}": it exists`, {
    hint: "Choose another place with --output, overwrite with --force, or leave it with --skip-old-files",
  });
}

async function pullTo({ cap, place }: Job, target: LayerPlace): Promise<void> {
  const { title, layer } = target;
  cap.emit({ kind: "task-started", id: title, title, totalBytes: layer.size });
  await pullLayer(cap, place, target);
  cap.emit({ kind: "task-done", id: title, summary: `${layer.size} bytes` });
}

function pulledLayer({ title, path, layer }: LayerPlace, how: PulledLayer["how"]): PulledLayer {
  const kind = isPackedDirectory(layer) ? "directory" : "file";
  return { title, path, kind, digest: layer.digest, size: layer.size, how };
}

/** The one file of an artifact as it is, a packed directory too. */
async function pullOne(
  { cap, place }: Job,
  manifest: Manifest,
  write: (bytes: AsyncIterable<Uint8Array>) => Promise<void>,
): Promise<readonly PulledLayer[]> {
  const layers = manifest.layers.filter(({ mediaType }) => mediaType !== OCI_EMPTY);
  const [layer] = layers;
  if (layer === undefined || layers.length > 1) {
    throw new PkgError("USAGE", `Cannot write to standard output: expected one layer, found ${layers.length}`, {
      hint: "Name a directory with --output, or fetch one layer with `pkg oci blob fetch`",
    });
  }
  await write(verifiedLayer(cap, { place, layer, id: layer.digest }));
  const { digest, size, annotations } = layer;
  return [{ title: annotations[TITLE_ANNOTATION] ?? "", path: null, kind: "file", digest, size, how: "written" }];
}

async function pullConfig({ cap, place, request }: Job, { config, digest }: Manifest): Promise<void> {
  if (request.config === null) return;
  if (config === null) throw new PkgError("LAYER_MISSING", `Cannot write the config of "${digest}": it has none`);
  const path = resolve(request.directory, request.config);
  if (request.existing === "refuse" && isThere(path) && !(await hasContent(path, config))) {
    throw new PkgError("PATH_CONFLICT", `Cannot write "${path}": it exists`, { hint: "Overwrite it with --force" });
  }
  makeDirectory(dirname(path));
  await writeStreamAtomic(path, verifiedLayer(cap, { place, layer: config, id: config.digest }));
}

/** @throws {PkgError} TITLE_INVALID; MANIFEST_INVALID when two layers would be written to one place */
function titledLayers({ layers, digest }: Manifest): readonly (readonly [string, Descriptor])[] {
  const titled = new Map<string, Descriptor>();
  for (const layer of layers) {
    const title = layer.annotations[TITLE_ANNOTATION];
    if (title === undefined) continue;
    if (titled.has(safeTitlePath(title))) {
      throw new PkgError("MANIFEST_INVALID", `Cannot use manifest "${digest}": two layers are titled "${title}"`);
    }
    titled.set(title, layer);
  }
  for (const title of titled.keys()) {
    const outer = parentsOf(title).find((parent) => titled.has(parent));
    if (outer === undefined) continue;
    throw new PkgError(
      "MANIFEST_INVALID",
      `Cannot use manifest "${digest}": "${title}" lies in another layer, "${outer}"`,
    );
  }
  return [...titled];
}

function parentsOf(title: string): readonly string[] {
  const names = title.split("/");
  return names.slice(1).map((_name, position) => names.slice(0, position + 1).join("/"));
}

function untitledLayers({ layers }: Manifest): PulledArtifact["untitled"] {
  return layers
    .filter(({ annotations, mediaType }) => annotations[TITLE_ANNOTATION] === undefined && mediaType !== OCI_EMPTY)
    .map(({ mediaType, digest, size }) => ({ mediaType, digest, size }));
}
