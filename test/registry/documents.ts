import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestRegistry } from "./registry-client.ts";
import { sha256 } from "./registry-client.ts";

export const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
export const INDEX_TYPE = "application/vnd.oci.image.index.v1+json";

export interface PushOptions {
  readonly type?: string;
  readonly query?: string;
}

/** Puts a document as it is. */
export function put(registry: TestRegistry, path: string, bytes: Buffer, options: PushOptions = {}): Promise<Response> {
  const headers = { "content-type": options.type ?? MANIFEST_TYPE };
  return registry.ask("PUT", `/v2/${path}${options.query ?? ""}`, { body: new Uint8Array(bytes), headers });
}

/** An image manifest of one blob, which is its config and its only layer, with further fields. */
export function manifestOf(blob: string, more: Readonly<Record<string, unknown>> = {}, size = 10): Buffer {
  const descriptor = { mediaType: "application/vnd.example", digest: blob, size };
  const document = { schemaVersion: 2, mediaType: MANIFEST_TYPE, config: descriptor, layers: [descriptor], ...more };
  return Buffer.from(JSON.stringify(document));
}

export function indexOf(manifests: readonly Buffer[], more: Readonly<Record<string, unknown>> = {}): Buffer {
  const descriptors = manifests.map((bytes) => descriptorOf(bytes));
  return Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: INDEX_TYPE, manifests: descriptors, ...more }));
}

export interface PlainDescriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

export function descriptorOf(bytes: Buffer, mediaType = MANIFEST_TYPE): PlainDescriptor {
  return { mediaType, digest: sha256(bytes), size: bytes.byteLength };
}

/** Pushes a blob and a manifest of it under a tag, or by digest; gives the manifest. */
export async function pushImage(registry: TestRegistry, name: string, tag: string | null, more = {}): Promise<Buffer> {
  const blob = Buffer.from(`blob of ${name}:${tag}`);
  const manifest = manifestOf(await registry.push(name, blob), more, blob.byteLength);
  const response = await put(registry, `${name}/manifests/${tag ?? sha256(manifest)}`, manifest);
  if (response.status !== 201) throw new Error(`push answered ${response.status}: ${await response.text()}`);
  return manifest;
}

/** Every page of a list, by its `Link`s; at most 100. */
export async function pagesOf(registry: TestRegistry, path: string): Promise<readonly unknown[]> {
  const pages: unknown[] = [];
  for (let next: string | undefined = path; next !== undefined && pages.length < 100; ) {
    const response: Response = await registry.ask("GET", next);
    if (response.status !== 200) throw new Error(`"${next}" answered ${response.status}`);
    pages.push(await response.json());
    next = /^<([^>]+)>; rel="next"$/.exec(response.headers.get("link") ?? "")?.[1];
  }
  return pages;
}

/** Writes a document of any type into the layout of a repository that exists, as earlier versions and other programs do. */
export function storeForeign(registry: TestRegistry, name: string, bytes: Buffer, mediaType: string): string {
  const digest = sha256(bytes);
  writeFileSync(join(registry.root, "blobs", "sha256", digest.slice("sha256:".length)), bytes);
  const path = join(registry.root, "repositories", name, "index.json");
  const index: { manifests: unknown[] } = JSON.parse(readFileSync(path, "utf8"));
  const annotations = { "org.opencontainers.image.ref.name": "foreign" };
  index.manifests.push({ ...descriptorOf(bytes, mediaType), annotations });
  writeFileSync(path, JSON.stringify(index));
  return digest;
}
