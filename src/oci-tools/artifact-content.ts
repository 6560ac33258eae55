import { basename, resolve } from "node:path";
import type { Compression } from "../archive/compression.ts";
import { mapConcurrently } from "../base/concurrency.ts";
import type { EmitEvent } from "../base/events.ts";
import type { WorkOptions } from "../base/work-options.ts";
import { PkgError } from "../errors.ts";
import { withTemporaryDirectory } from "../fs/temporary-directory.ts";
import { EMPTY_BLOB, EMPTY_DESCRIPTOR, platformConfig } from "../oci/artifact.ts";
import { parsePlatform } from "../oci/platform.ts";
import { hashUnchanged } from "../oci/unchanged-file.ts";
import { type ArtifactAnnotations, readAnnotations } from "./artifact-annotations.ts";
import { type LayerRequest, type PreparedBlob, preparedBytes, prepareLayer } from "./artifact-layers.ts";
import { parseFile, titleFor } from "./artifact-words.ts";

/** What an artifact is to be made of, as a person typed it. */
export interface ArtifactInput {
  /** Files and directories as `FILE[:mediatype]`; `-` is `stdin`. */
  readonly files: readonly string[];
  /** The title of the only file; null: the path as it was typed. */
  readonly name: string | null;
  /** The directory that relative paths are resolved against. */
  readonly directory: string;
  readonly stdin: AsyncIterable<Uint8Array>;
  /** `FILE[:mediatype]` of the config; null: none. */
  readonly config: string | null;
  /** `os/architecture[/variant]`, to be written into the config; null: none, or the one in `config`. */
  readonly platform: string | null;
  /** `KEY=VALUE` annotations of the manifest. */
  readonly annotations: readonly string[];
  /** A file of annotations in oras's format; null: none. */
  readonly annotationFile: string | null;
  /** How directories are compressed. */
  readonly compression: Compression;
  /** Allows titles that lead out of the directory. */
  readonly anyPath: boolean;
}

/** The blobs and annotations of an artifact, ready to be pushed. */
export interface PreparedContent {
  readonly config: PreparedBlob;
  /** False for a generated config: the empty one, or one that only names the platform. */
  readonly hasOwnConfig: boolean;
  readonly layers: readonly PreparedBlob[];
  readonly annotations: Readonly<Record<string, string>>;
}

const CONFIG_TYPE = "application/vnd.unknown.config.v1+json";
const IMAGE_CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";

/** The empty JSON object `{}`, ready to be pushed as a config (OCI image-spec 1.1, manifest.md). */
export const EMPTY_PREPARED: PreparedBlob = preparedBytes("empty config", EMPTY_BLOB, EMPTY_DESCRIPTOR);

/**
 * Hashes and packs all content, then runs `work` on it; temporary files are removed afterwards.
 *
 * @throws {PkgError} USAGE for invalid input; as prepareLayer and readAnnotations
 */
export async function withContent<T>(
  request: ArtifactInput,
  { concurrency, emit, signal }: WorkOptions,
  work: (content: PreparedContent) => Promise<T>,
): Promise<T> {
  const annotations = readAnnotations(request.annotations, request.annotationFile);
  const typed = typedLayers(request);
  warnOfUnknown(emit, annotations, typed);
  return withTemporaryDirectory("pkg-push-", async (temporary) => {
    const config = await prepareConfig(request, annotations.config);
    const layers = await mapConcurrently(typed, concurrency, (layer) =>
      prepareLayer({
        content: layer.path === "-" ? request.stdin : resolve(request.directory, layer.path),
        title: layer.title,
        mediaType: layer.mediaType,
        annotations: annotations.files.get(layer.path) ?? annotations.files.get(layer.title) ?? {},
        compression: request.compression,
        temporary,
        signal,
      } satisfies LayerRequest),
    );
    return await work({ config, hasOwnConfig: request.config !== null, layers, annotations: annotations.manifest });
  });
}

interface TypedLayer {
  readonly path: string;
  readonly title: string;
  readonly mediaType: string | null;
}

function typedLayers({ files, name, anyPath }: ArtifactInput): readonly TypedLayer[] {
  if (name !== null && files.length !== 1) {
    throw new PkgError("USAGE", `Cannot use --name "${name}": expected one file, found ${files.length}`);
  }
  const layers = files.map((text) => {
    const { path, mediaType } = parseFile(text);
    if (path === "-" && name === null) {
      throw new PkgError("USAGE", "Cannot push standard input: it has no name", { hint: "Name it with --name" });
    }
    return { path, mediaType, title: titleFor(name ?? path, { anyPath }) };
  });
  const twice = layers.find(({ title }, position) => layers.findIndex((other) => other.title === title) < position);
  if (twice !== undefined) throw new PkgError("USAGE", `Cannot push two files with the same name: "${twice.title}"`);
  return layers;
}

/** Warns of names in the annotation file that match no pushed file: the annotations of a misspelt one would be lost. */
function warnOfUnknown(emit: EmitEvent, { files }: ArtifactAnnotations, layers: readonly TypedLayer[]): void {
  const known = new Set(layers.flatMap(({ path, title }) => [path, title]));
  for (const name of files.keys()) {
    if (known.has(name)) continue;
    emit({ kind: "warning", message: `The annotation file has annotations for "${name}", which is not pushed` });
  }
}

async function prepareConfig(
  { config, platform, directory }: ArtifactInput,
  annotations: Readonly<Record<string, string>>,
): Promise<PreparedBlob> {
  if (config !== null && platform !== null) {
    throw new PkgError("USAGE", "Cannot use --platform with --artifact-config: the config already names the platform");
  }
  if (platform !== null) {
    return preparedBytes("config", platformConfig(parsePlatform(platform)), {
      mediaType: IMAGE_CONFIG_TYPE,
      annotations,
    });
  }
  if (config === null) {
    return { ...EMPTY_PREPARED, descriptor: { ...EMPTY_PREPARED.descriptor, annotations } };
  }
  const { path, mediaType } = parseFile(config);
  const { digest, size, open } = await hashUnchanged(resolve(directory, path));
  return { name: basename(path), descriptor: { mediaType: mediaType ?? CONFIG_TYPE, digest, size, annotations }, open };
}
