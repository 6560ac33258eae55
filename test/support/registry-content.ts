import { createHash } from "node:crypto";
import type { Digest } from "../../src/oci/digest.ts";
import { OCI_MANIFEST } from "../../src/oci/media-types.ts";
import type { BuiltPackage } from "./package-builder.ts";

/** One correct answer. */
export interface Content {
  readonly bytes: Buffer;
  readonly contentType: string;
  readonly etag: string;
  /** Sent as Docker-Content-Digest. */
  readonly digest: string | null;
}

/** What a correct registry would serve, in memory, by path. */
export class RegistryContent {
  readonly #byPath = new Map<string, Content>();

  addPackage(built: BuiltPackage): void {
    for (const [digest, bytes] of built.blobs) this.addBlob(built.repository, digest, bytes);
    this.addManifest(built.repository, built.tag, built.manifest);
  }

  addBlob(repository: string, digest: Digest, bytes: Buffer): void {
    this.#set(`/v2/${repository}/blobs/${digest}`, bytes, "application/octet-stream", digest);
  }

  /** Served by tag and by its true digest. */
  addManifest(repository: string, tag: string, bytes: Buffer, mediaType: string = OCI_MANIFEST): void {
    const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
    for (const reference of [tag, digest])
      this.#set(`/v2/${repository}/manifests/${reference}`, bytes, mediaType, digest);
  }

  addTags(repository: string, tags: readonly string[]): void {
    const body = JSON.stringify({ name: repository, tags });
    this.#set(`/v2/${repository}/tags/list`, Buffer.from(body), "application/json", null);
  }

  /** Any other file, e.g. `/index.json`. */
  addFile(path: string, bytes: Buffer, contentType = "application/octet-stream"): void {
    this.#set(path, bytes, contentType, null);
  }

  remove(path: string): void {
    this.#byPath.delete(path);
  }

  get(path: string): Content | null {
    return this.#byPath.get(path) ?? null;
  }

  #set(path: string, bytes: Buffer, contentType: string, digest: string | null): void {
    const etag = `"${createHash("sha256").update(bytes).digest("hex").slice(0, 16)}"`;
    this.#byPath.set(path, { bytes, contentType, etag, digest });
  }
}
