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

/** What an artifact is made of, as it was typed. */
export interface ArtifactInput {
  /** `FILE[:mediatype]`, also directories; `-` is `stdin`. */
  readonly files: readonly string[];
  /** Of the one file there is; null: as it was typed. */
  readonly name: string | null;
  /** Where relative paths begin. */
  readonly directory: string;
  readonly stdin: AsyncIterable<Uint8Array>;
  /** `FILE[:mediatype]`; null: none. */
  readonly config: string | null;
  /** `os/architecture[/variant]`, told by the config; null: of none, or as the config says. */
  readonly platform: string | null;
  /** `KEY=VALUE`, of the manifest. */
  readonly annotations: readonly string[];
  /** In oras's format. */
  readonly annotationFile: string | null;
  /** Of directories. */
  readonly compression: Compression;
  /** Keeps titles that lead out of the directory. */
  readonly anyPath: boolean;
}

export interface PreparedContent {
  readonly config: PreparedBlob;
  /** False for a config that only stands in: an empty one, or one that tells the platform. */
  readonly hasOwnConfig: boolean;
  readonly layers: readonly PreparedBlob[];
  readonly annotations: Readonly<Record<string, string>>;
}

const CONFIG_TYPE = "application/vnd.unknown.config.v1+json";
const IMAGE_CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";

/** The empty JSON object `{}`, ready to be pushed as a config (OCI image-spec 1.1, manifest.md). */
export const EMPTY_PREPARED: PreparedBlob = preparedBytes("empty config", EMPTY_BLOB, EMPTY_DESCRIPTOR);

/**
 * Hashes and packs everything, then does `work` with it; what had to be kept in files is gone afterwards.
 *
 * @throws {PkgError} USAGE for what was typed wrongly; as prepareLayer and readAnnotations
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
      throw new PkgError("USAGE", "Cannot push standard input: it has no name", { hint: "Give it one with --name" });
    }
    return { path, mediaType, title: titleFor(name ?? path, { anyPath }) };
  });
  const twice = layers.find(({ title }, position) => layers.findIndex((other) => other.title === title) < position);
  if (twice !== undefined) throw new PkgError("USAGE", `Cannot push two files with one name: "${twice.title}"`);
  return layers;
}

/** A misspelt name would be an annotation that nobody has. */
function warnOfUnknown(emit: EmitEvent, { files }: ArtifactAnnotations, layers: readonly TypedLayer[]): void {
  const known = new Set(layers.flatMap(({ path, title }) => [path, title]));
  for (const name of files.keys()) {
    if (known.has(name)) continue;
    emit({ kind: "warning", message: `The annotation file is about "${name}", which is not pushed` });
  }
}

async function prepareConfig(
  { config, platform, directory }: ArtifactInput,
  annotations: Readonly<Record<string, string>>,
): Promise<PreparedBlob> {
  if (config !== null && platform !== null) {
    throw new PkgError("USAGE", "Cannot use --platform with --config: the config is what tells the platform");
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
