import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { mapConcurrently } from "../base/concurrency.ts";
import { formatBytes } from "../base/format-bytes.ts";
import { PkgError, systemCode } from "../errors.ts";
import { sharedDirectory } from "../fs/directories.ts";
import { fileSystemError } from "../fs/errors.ts";
import { specialKind } from "../fs/read-file.ts";
import { expectWritablePlace } from "../fs/writable.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import type { Digest } from "../oci/digest.ts";
import { layersByTitle, type Manifest } from "../oci/manifest.ts";
import { isPackedDirectory } from "../oci/pack-annotations.ts";
import { checkParents, dotFile, isThere, makePlace } from "./place-file.ts";
import { hasContent, type LayerPlace, type PullTools, pullLayer } from "./pull-layer.ts";

/** What to do about existing files with other content: fail, overwrite them, or skip the layer. */
export type ExistingFiles = "refuse" | "replace" | "keep";

/** Where files go, and what may be overwritten. */
export interface PullFilesRequest {
  readonly directory: string;
  readonly existing: ExistingFiles;
  /**
   * Whether titles may have a part that begins with a dot, which other programs may obey (`.ssh/authorized_keys`,
   * `.envrc`): always, or only if the directory is missing or empty, so that it is for these files alone.
   */
  readonly dotFiles: "allow" | "own-directory" | "refuse";
  /** The hint of the error when a file may not be overwritten. */
  readonly hint: string;
}

/** What became of one layer. */
export interface PulledLayer {
  readonly title: string;
  /** Null: its bytes went to the `output` function. */
  readonly path: string | null;
  readonly kind: "file" | "directory";
  readonly digest: Digest;
  /** Bytes of the layer. */
  readonly sizeBytes: number;
  /** `kept`: another file of that name was kept; `existed`: a file with the same content was there. */
  readonly how: "written" | "existed" | "kept";
}

/** A PulledLayer that is in a file or directory. */
export interface WrittenLayer extends PulledLayer {
  readonly path: string;
}

/** A file, a FIFO or a device can have no files below it. */
function expectDirectory(path: string): void {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined || stats.isDirectory()) return;
  const kind = specialKind(stats) ?? "a file";
  throw new PkgError("PATH_CONFLICT", `Cannot pull into "${path}": it is ${kind}, expected a directory`, {
    hint: "Name a directory with --output; `--output -` writes a single file to standard output",
  });
}

interface LayerFile extends Pick<LayerPlace, "title" | "path"> {
  readonly layer: Descriptor;
}

/**
 * Writes all titled layers of a manifest below a directory; each appears only once it is verified, and is not fetched
 * if a file with its content exists.
 *
 * @throws {PkgError} PATH_CONFLICT also for a name that begins with a dot; TITLE_INVALID for a title that leads out of the directory; MANIFEST_INVALID when two layers would
 * be written to the same place; PATH_CONFLICT, before anything is fetched; as pullLayer
 */
export async function pullFiles(
  tools: PullTools,
  manifest: Manifest,
  request: PullFilesRequest,
): Promise<readonly WrittenLayer[]> {
  const { directory } = request;
  expectDirectory(directory);
  const titled = titledLayers(manifest);
  for (const [title] of titled) checkParents(directory, title);
  const found = await mapConcurrently(titled, tools.concurrency, async ([title, layer]) => {
    const path = join(directory, title);
    return { title, layer, path, how: await howToPlace(path, layer, request) };
  });
  const allowDotFiles = mayHaveDotFiles(request);
  const hidden = found.find(({ title, how }) => how === "written" && /(?:^|\/)\./.test(title));
  if (hidden !== undefined && !allowDotFiles) throw dotFile(hidden.path);
  if (tools.dryRun) {
    expectWritablePlace(directory);
    return found.map(({ how, ...target }) => pulledLayer(target, how));
  }
  sharedDirectory(directory);
  const placing = {
    existing: request.existing === "replace" ? ("replace" as const) : ("refuse" as const),
    allowDotFiles,
  };
  const wanted = found.filter(({ how }) => how === "written");
  const totalBytes = wanted.reduce((sum, { layer }) => sum + layer.size, 0);
  if (wanted.length > 0) tools.emit({ kind: "tasks-planned", tasks: wanted.length, totalBytes });
  return mapConcurrently(found, tools.concurrency, async ({ how, ...target }) => {
    const recheck = () => checkParents(directory, target.title);
    if (how === "written") {
      await pullTo(tools, { ...target, ...placing, recheck, path: makePlace(directory, target.title) });
    }
    return pulledLayer(target, how);
  });
}

function mayHaveDotFiles({ directory, dotFiles }: PullFilesRequest): boolean {
  if (dotFiles !== "own-directory") return dotFiles === "allow";
  try {
    return readdirSync(directory).length === 0;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return true;
    throw fileSystemError(error, `list "${directory}"`);
  }
}

/** Decided before anything is fetched, so that a conflict costs no download. */
async function howToPlace(
  path: string,
  layer: Descriptor,
  { existing, hint }: PullFilesRequest,
): Promise<PulledLayer["how"]> {
  if (!isThere(path)) return "written";
  if (!isPackedDirectory(layer) && (await hasContent(path, layer))) return "existed";
  if (existing === "replace") return "written";
  if (existing === "keep") return "kept";
  throw pathTaken(path, hint);
}

/** The error for a file that exists and may not be overwritten. */
export function pathTaken(path: string, hint: string): PkgError {
  return new PkgError("PATH_CONFLICT", `Cannot write "${path}": it exists`, { hint });
}

/** Pulls one layer or blob and emits its progress. @returns its size in bytes @throws {PkgError} as pullLayer */
export async function pullTo(tools: PullTools, target: LayerPlace): Promise<number> {
  const { title, layer } = target;
  tools.emit({ kind: "task-started", id: title, title, totalBytes: layer.size });
  const bytes = await pullLayer(tools, target);
  tools.emit({ kind: "task-done", id: title, summary: formatBytes(bytes) });
  return bytes;
}

function pulledLayer({ title, path, layer }: LayerFile, how: PulledLayer["how"]): WrittenLayer {
  const kind = isPackedDirectory(layer) ? "directory" : "file";
  return { title, path, kind, digest: layer.digest, sizeBytes: layer.size, how };
}

function titledLayers(manifest: Manifest): readonly (readonly [string, Descriptor])[] {
  const titled = layersByTitle(manifest);
  for (const title of titled.keys()) {
    const outer = parentsOf(title).find((parent) => titled.has(parent));
    if (outer === undefined) continue;
    throw new PkgError(
      "MANIFEST_INVALID",
      `Cannot use manifest "${manifest.digest}": "${title}" lies in another layer, "${outer}"`,
    );
  }
  return [...titled];
}

function parentsOf(title: string): readonly string[] {
  const names = title.split("/");
  return names.slice(1).map((_name, position) => names.slice(0, position + 1).join("/"));
}
