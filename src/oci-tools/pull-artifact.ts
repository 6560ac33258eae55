import { dirname, resolve } from "node:path";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { PkgError } from "../errors.ts";
import { sharedDirectory } from "../fs/directories.ts";
import { checkOutput, writeOutput } from "../fs/output-file.ts";
import { typedOutputFile } from "../fs/typed-output.ts";
import { expectWritablePlace } from "../fs/writable.ts";
import { TITLE_ANNOTATION } from "../oci/descriptor.ts";
import type { Digest } from "../oci/digest.ts";
import type { Manifest } from "../oci/manifest.ts";
import { OCI_EMPTY } from "../oci/media-types.ts";
import { parsePlatform } from "../oci/platform.ts";
import { machinePlatform } from "../package/machine.ts";
import { chooseManifest } from "../sources/choose-manifest.ts";
import { keyAmong, openSource, type PlaceCapabilities, withPlace } from "./open-place.ts";
import { isThere } from "./place-file.ts";
import { type ExistingFiles, type PulledLayer, type PullFilesRequest, pullFiles } from "./pull-files.ts";
import { hasContent, type PullTools, pullTools } from "./pull-layer.ts";
import { verifiedLayer } from "./verified-layer.ts";

/** The artifact to pull, and where its files go. */
export interface PullArtifactRequest {
  readonly reference: string;
  /** A directory, or a function that receives the bytes of the only file. */
  readonly output: string | ((bytes: AsyncIterable<Uint8Array>) => Promise<void>);
  /** The directory that relative paths are resolved against. */
  readonly directory: string;
  readonly existing: ExistingFiles;
  /** As in PullFilesRequest; default: refuse. */
  readonly dotFiles?: PullFilesRequest["dotFiles"];
  /** Which manifest of an image index, as `os/architecture[/variant]`; null: this machine's. */
  readonly platform: string | null;
  /** A file to write the artifact's config to; null: none. */
  readonly config: string | null;
}

/** The artifact that was pulled. */
export interface PulledArtifact {
  readonly reference: string;
  readonly digest: Digest;
  readonly artifactType: string | null;
  readonly files: readonly PulledLayer[];
  /** Layers without a title, which were skipped because they have no file name. */
  readonly untitled: readonly { readonly mediaType: string; readonly digest: Digest; readonly sizeBytes: number }[];
}

/** What pulling uses of the outside world. */
export type PullArtifactCapabilities = PlaceCapabilities & Pick<Capabilities, "config" | "emit" | "retry">;

const TAKEN_HINT = "Choose another place with --output, overwrite with --force, or leave it with --skip-old-files";

/**
 * Writes all files of an artifact below a directory; each appears only once it is verified.
 *
 * @throws {PkgError} LAYER_MISSING when a config is wanted and there is none; as chooseManifest and pullFiles
 */
export function pullArtifact(cap: PullArtifactCapabilities, request: PullArtifactRequest): Promise<PulledArtifact> {
  if (request.config !== null) typedOutputFile(request.config);
  const platform = request.platform === null ? machinePlatform(cap.config) : parsePlatform(request.platform);
  return withPlace(openSource(cap, request.reference), async (opened) => {
    const { place: source } = opened;
    const choice = {
      source,
      key: await keyAmong(opened, cap.signal),
      platform,
      machine: cap.config,
      signal: cap.signal,
    };
    return pullManifest(pullTools(cap, source), await chooseManifest(choice), request);
  });
}

async function pullManifest(
  tools: PullTools,
  manifest: Manifest,
  request: PullArtifactRequest,
): Promise<PulledArtifact> {
  const { reference, output, directory, existing, dotFiles = "refuse" } = request;
  const files =
    typeof output === "string"
      ? await pullFiles(tools, manifest, {
          directory: resolve(directory, output),
          existing,
          dotFiles,
          hint: TAKEN_HINT,
        })
      : await pullOne(tools, manifest, output);
  await pullConfig(tools, manifest, request);
  const untitled = tellUntitled(tools, manifest);
  return { reference, digest: manifest.digest, artifactType: manifest.artifactType, files, untitled };
}

/** Passes on the only layer of an artifact as it is; a packed directory is not unpacked. @throws {PkgError} USAGE where it has several */
export async function pullOne(
  tools: PullTools,
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
  await write(verifiedLayer(tools, { layer, id: layer.digest }));
  const { digest, size, annotations } = layer;
  return [
    { title: annotations[TITLE_ANNOTATION] ?? "", path: null, kind: "file", digest, sizeBytes: size, how: "written" },
  ];
}

async function pullConfig(tools: PullTools, { config, digest }: Manifest, request: PullArtifactRequest): Promise<void> {
  if (request.config === null) return;
  if (config === null) throw new PkgError("LAYER_MISSING", `Cannot write the config of "${digest}": it has none`);
  const path = resolve(request.directory, request.config);
  if (isThere(path) && (request.existing === "keep" || (await hasContent(path, config)))) return;
  const output = { path, force: request.existing === "replace", hint: "Overwrite it with --force" };
  checkOutput(output);
  if (tools.dryRun) {
    expectWritablePlace(dirname(path));
    return;
  }
  sharedDirectory(dirname(path));
  await writeOutput(output, verifiedLayer(tools, { layer: config, id: config.digest }));
}

/** Says which layers are left out, as they have no file name. */
export function tellUntitled({ emit }: Pick<PullTools, "emit">, manifest: Manifest): PulledArtifact["untitled"] {
  const untitled = untitledLayers(manifest);
  for (const { digest, mediaType } of untitled) {
    emit({ kind: "warning", message: `Skipped layer ${digest} (${mediaType}): it has no title` });
  }
  return untitled;
}

function untitledLayers({ layers }: Manifest): PulledArtifact["untitled"] {
  return layers
    .filter(({ annotations, mediaType }) => annotations[TITLE_ANNOTATION] === undefined && mediaType !== OCI_EMPTY)
    .map(({ mediaType, digest, size }) => ({ mediaType, digest, sizeBytes: size }));
}
