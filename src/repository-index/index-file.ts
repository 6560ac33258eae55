import { existsSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { retry, sleep } from "../base/retry.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { PkgError, systemCode } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { statusError } from "../http/status.ts";
import {
  INDEX_ARTIFACT_TYPE,
  INDEX_FILE_NAMES,
  INDEX_LAYER,
  INDEX_SIGNATURE_LAYER,
  INDEX_TAG,
} from "../index/index-artifact.ts";
import type { Source } from "../oci/content.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import { layersByTitle, type Manifest } from "../oci/manifest.ts";
import { looksLikeReference } from "../oci/reference.ts";
import { verifiedBlob } from "../oci/verified-blob.ts";
import { type OpenedPlace, openSource, withPlace } from "../oci-tools/open-place.ts";
import { MAX_SIGNATURE_LIST_BYTES } from "../verify/signature-list.ts";

export type IndexFileCapabilities = Pick<Capabilities, "config" | "network" | "signal" | "retry" | "emit">;

/** The bytes of an index as they are served, and of the signatures that are served with it. */
export interface IndexFile {
  /** As it was typed. */
  readonly source: string;
  readonly bytes: Buffer;
  /** Null: there are none. */
  readonly signatures: Buffer | null;
}

const MAX_INDEX_BYTES = 512 * 1024 * 1024;
const SCHEME = "oci://";

/**
 * Reads the index that a person named: a directory or file, an address, an artifact of a registry (by default its tag
 * `latest`). Nothing of it is verified but that it is an index as it came.
 *
 * @throws {PkgError} INDEX_MISSING, INDEX_INVALID, INDEX_TOO_LARGE; those of the place or the network
 */
export function readIndexFile(cap: IndexFileCapabilities, text: string, directory: string): Promise<IndexFile> {
  const url = /^(?:https?|file):\/\//.test(text) && URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol === "file:") return readLocal(text, fileURLToPath(url));
  if (url !== null) return download(cap, text, url);
  const reference = text.startsWith(SCHEME) ? text.slice(SCHEME.length) : text;
  if (/^oci(?:-archive)?:/.test(reference) || looksLikeReference(reference)) return pull(cap, reference);
  return readLocal(text, resolve(directory, text));
}

/** True for a directory that has an index in it. */
export function holdsIndex(directory: string): boolean {
  return INDEX_FILE_NAMES.some((name) => existsSync(join(directory, name)));
}

async function readLocal(source: string, path: string): Promise<IndexFile> {
  const file = indexFileIn(path);
  if (file === null) {
    throw new PkgError("INDEX_MISSING", `Cannot read the index "${source}": there is no such file or directory`, {
      hint: "Name the directory that `pkg index build` wrote, an address, or a reference such as ghcr.io/owner/index",
    });
  }
  const bytes = readOrNull(file, MAX_INDEX_BYTES);
  if (bytes === null) throw new PkgError("INDEX_MISSING", `Cannot read the index "${source}": it is gone`);
  return { source, bytes, signatures: readOrNull(`${file}.sig`, MAX_SIGNATURE_LIST_BYTES) };
}

/** The path of the index at `path`, which may be the directory it is in; null where there is none. */
function indexFileIn(path: string): string | null {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory() !== true) return stats === undefined ? null : path;
  return INDEX_FILE_NAMES.map((name) => join(path, name)).find(existsSync) ?? null;
}

function readOrNull(path: string, maxBytes: number): Buffer | null {
  try {
    const { size } = statSync(path);
    if (size > maxBytes) throw tooLarge(path, size);
    return readFileSync(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw fileSystemError(error, `read "${path}"`);
  }
}

async function download(cap: IndexFileCapabilities, source: string, typed: URL): Promise<IndexFile> {
  const url = new URL(typed);
  if (url.pathname.endsWith("/")) url.pathname += INDEX_LAYER.title;
  const bytes = await fetchOrNull(cap, url, MAX_INDEX_BYTES);
  if (bytes === null)
    throw new PkgError("INDEX_MISSING", `Cannot read the index "${source}": the server has none there`);
  const signature = new URL(url);
  signature.pathname += ".sig";
  return { source, bytes, signatures: await fetchOrNull(cap, signature, MAX_SIGNATURE_LIST_BYTES) };
}

/** Null where the server says that there is nothing. */
async function fetchOrNull(cap: IndexFileCapabilities, url: URL, maxBytes: number): Promise<Buffer | null> {
  if (cap.config.offline) throw new PkgError("OFFLINE", `Cannot fetch "${url}": --offline is set`);
  const network = await cap.network();
  // A person has named this host, so it may be a private one.
  network.trust({ registry: url.host, name: "", tag: null, digest: null });
  const request = async () => {
    const response = await network.http.request({ url, signal: cap.signal });
    if (response.status === 200) return response.readBytes(maxBytes);
    if (response.status !== 404) throw await statusError(response, `fetch "${url}"`);
    await response.discard();
    return null;
  };
  return retry(request, {
    policy: network.retry,
    signal: cap.signal,
    random: Math.random,
    sleep,
    onRetry: (error, waitMs) => cap.emit({ kind: "retrying", what: url.host, waitMs, reason: error.message }),
  });
}

async function pull(cap: IndexFileCapabilities, source: string): Promise<IndexFile> {
  return withPlace(openSource(cap, source), (opened) => pullFrom(cap, opened, source));
}

async function pullFrom(cap: IndexFileCapabilities, { place, key }: OpenedPlace, source: string): Promise<IndexFile> {
  const document = await place.fetchManifest(key ?? INDEX_TAG, cap.signal);
  const found = document.kind === "manifest" ? document.manifest.artifactType : "an image index";
  if (document.kind !== "manifest" || found !== INDEX_ARTIFACT_TYPE) {
    throw new PkgError(
      "INDEX_INVALID",
      `Cannot read the index "${source}": expected artifact type "${INDEX_ARTIFACT_TYPE}", found "${found ?? "none"}"`,
      { hint: "Name what `pkg index publish` published" },
    );
  }
  return readIndexLayers(cap, { place, manifest: document.manifest, source });
}

async function readIndexLayers(
  cap: IndexFileCapabilities,
  { place, manifest, source }: { readonly place: Source; readonly manifest: Manifest; readonly source: string },
): Promise<IndexFile> {
  const layers = layersByTitle(manifest);
  const index = layers.get(INDEX_LAYER.title);
  if (index === undefined) {
    throw new PkgError("INDEX_INVALID", `Cannot read the index "${source}": it has no file "${INDEX_LAYER.title}"`);
  }
  const signature = layers.get(INDEX_SIGNATURE_LAYER.title);
  const read = (layer: Descriptor, maxBytes: number) => readLayer(cap, place, { layer, maxBytes });
  return {
    source,
    bytes: await read(index, MAX_INDEX_BYTES),
    signatures: signature === undefined ? null : await read(signature, MAX_SIGNATURE_LIST_BYTES),
  };
}

async function readLayer(
  cap: IndexFileCapabilities,
  place: Source,
  { layer, maxBytes }: { readonly layer: Descriptor; readonly maxBytes: number },
): Promise<Buffer> {
  if (layer.size > maxBytes) throw tooLarge(layer.digest, layer.size);
  const chunks: Uint8Array[] = [];
  for await (const chunk of verifiedBlob(place, layer, cap)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function tooLarge(what: string, bytes: number): PkgError {
  return new PkgError("INDEX_TOO_LARGE", `Cannot read "${what}": it has ${bytes} bytes, too many for an index`);
}
