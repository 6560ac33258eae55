import { newTally, readLayer } from "../archive/read-layer.ts";
import type { LayerTarEntry } from "../archive/read-tar.ts";
import { splitStart } from "../archive/split-start.ts";
import { FORMAT_BYTES, fileFormat } from "../base/file-format.ts";
import { hasCode, PkgError, reworded } from "../errors.ts";
import type { ImageLayer } from "../image/image-layers.ts";
import {
  cleanPath,
  type FileFacts,
  isExecutable,
  type LayerEntry,
  type ListedEntry,
  layerFiles,
} from "../image/layer-files.ts";
import { type FoundFile, Overlay } from "../image/overlay.ts";
import { unpackedHash } from "../image/wanted-layer.ts";
import { askingAgain } from "../oci/blob-senders.ts";

/** An image whose layers can be read. */
export interface LayeredImage {
  /** For messages. */
  readonly name: string;
  /** The top one first. */
  readonly layers: readonly ImageLayer[];
  /** The compressed bytes of a layer, verified by its digest. */
  readonly open: (layer: ImageLayer) => Promise<AsyncIterable<Uint8Array>>;
  readonly signal: AbortSignal;
}

/**
 * Reads what is in the layers of an image, from the top down.
 *
 * @param isEnough called after each layer; true: no further layer is read
 * @returns the image as far as it was read, and how many layers were
 * @throws {PkgError} ARCHIVE_INVALID, DIGEST_MISMATCH, naming the layer; INTERRUPTED; and those of `open`
 */
export async function readLayers(
  image: LayeredImage,
  isEnough: (overlay: Overlay) => boolean,
): Promise<{ readonly overlay: Overlay; readonly count: number }> {
  const overlay = new Overlay();
  const tally = newTally();
  for (const [index, layer] of image.layers.entries()) {
    overlay.add(layerFiles(await naming(image, layer, () => listEntries(image, layer, tally))));
    if (index + 1 === image.layers.length) overlay.complete();
    if (isEnough(overlay)) return { overlay, count: index + 1 };
  }
  return { overlay, count: image.layers.length };
}

async function listEntries(
  { open, signal }: LayeredImage,
  layer: ImageLayer,
  tally: ReturnType<typeof newTally>,
): Promise<readonly ListedEntry[]> {
  const listed: ListedEntry[] = [];
  for await (const entry of readLayer({
    source: await open(layer),
    unpacked: unpackedHash(layer.diffId),
    tally,
    signal,
  })) {
    listed.push({ path: entry.path, entry: await describe(entry) });
  }
  return listed;
}

async function describe(entry: LayerTarEntry): Promise<LayerEntry> {
  const { kind, mode, size, target, hasCapabilities } = entry;
  switch (kind) {
    case "file":
      return { kind, mode, size, hasCapabilities, ...(isExecutable(mode) ? { content: await contentOf(entry) } : {}) };
    case "symlink":
    case "hard link":
      return { kind, target };
    default:
      return { kind };
  }
}

async function contentOf({ body }: LayerTarEntry): Promise<NonNullable<FileFacts["content"]>> {
  const format = fileFormat((await splitStart(body, FORMAT_BYTES)).start);
  return format === "elf" || format === "script" ? format : "data";
}

/** More than any program or library has, and more than all libraries that one needs have together. */
const MAX_FILES_BYTES = 1024 * 1024 * 1024;

/**
 * Reads files of an image into memory, those of one layer in one pass.
 *
 * @returns by the file's path
 * @throws {PkgError} PACKAGE_UNINSTALLABLE for files that are too large; as readLayers
 */
export async function readFiles(
  image: LayeredImage,
  files: readonly FoundFile[],
): Promise<ReadonlyMap<string, Buffer>> {
  const contents = new Map<string, Buffer>();
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  if (bytes > MAX_FILES_BYTES) throw tooLarge(image, files[0]?.path ?? "");
  for (const [index, wanted] of Map.groupBy(files, ({ layer }) => layer)) {
    const layer = image.layers[index];
    if (layer === undefined) throw new Error(`the image has no layer ${index}`);
    await naming(image, layer, () => readWanted(image, layer, { wanted, contents }));
  }
  return contents;
}

interface Wanted {
  readonly wanted: readonly FoundFile[];
  readonly contents: Map<string, Buffer>;
}

async function readWanted(image: LayeredImage, layer: ImageLayer, { wanted, contents }: Wanted) {
  const { open, signal } = image;
  const paths = new Set(wanted.map(({ path }) => path));
  for await (const { kind, path, size, body } of readLayer({
    source: await open(layer),
    unpacked: unpackedHash(layer.diffId),
    signal,
  })) {
    const clean = cleanPath(path);
    if (kind !== "file" || !paths.has(clean)) continue;
    if (size > MAX_FILES_BYTES) throw tooLarge(image, clean);
    contents.set(clean, Buffer.concat(await Array.fromAsync(body, (part) => Buffer.from(part))));
  }
}

function tooLarge({ name }: LayeredImage, path: string): PkgError {
  const problem = `"/${path}" is too large to be a program or a library, alone or with those that are read with it`;
  return new PkgError("PACKAGE_UNINSTALLABLE", `Cannot install "${name}": ${problem}`);
}

/** Adds to an error which layer it is about. */
async function naming<T>({ name }: LayeredImage, { position }: ImageLayer, work: () => Promise<T>): Promise<T> {
  try {
    return await askingAgain(work);
  } catch (error) {
    if (!hasCode(error, "ARCHIVE_INVALID", "DIGEST_MISMATCH")) throw error;
    throw reworded(error, `Cannot install "${name}": layer ${position}: ${error.message}`);
  }
}
