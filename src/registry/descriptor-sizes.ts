import { isObject } from "../base/json.ts";
import { type Digest, isDigest } from "../oci/digest.ts";
import { manifestObject } from "./manifest-facts.ts";
import type { Storage } from "./storage.ts";

/** How many sizes are remembered; those of a repository are read again once they are forgotten. */
const MAX_REMEMBERED = 100_000;

/** The sizes that stored manifests give for the blobs that they name: a blob that does not have its size is not fetched. */
export class DescriptorSizes {
  readonly #storage: Storage;
  readonly #sizes = new Map<string, number>();
  /** Repositories whose manifests have been read, or are being read. */
  readonly #reading = new Map<string, Promise<void>>();

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** Bytes of a blob in a repository; null if no manifest there names it. */
  async of(name: string, digest: Digest): Promise<number | null> {
    const key = `${name}@${digest}`;
    if (!this.#sizes.has(key)) await this.#readAll(name);
    return this.#sizes.get(key) ?? null;
  }

  /** Remembers what a manifest names. */
  note(name: string, manifest: Buffer): void {
    for (const { digest, size } of descriptorsIn(manifest)) {
      if (this.#sizes.size >= MAX_REMEMBERED) this.#forget();
      this.#sizes.set(`${name}@${digest}`, size);
    }
  }

  #forget(): void {
    this.#sizes.clear();
    this.#reading.clear();
  }

  #readAll(name: string): Promise<void> {
    const reading = this.#reading.get(name) ?? this.#readManifests(name);
    this.#reading.set(name, reading);
    return reading;
  }

  async #readManifests(name: string): Promise<void> {
    for (const { digest } of await this.#storage.listManifests(name)) {
      const manifest = await this.#storage.readManifest(name, digest);
      if (manifest !== null) this.note(name, manifest.bytes);
    }
  }
}

interface NamedBlob {
  readonly digest: Digest;
  readonly size: number;
}

function descriptorsIn(manifest: Buffer): readonly NamedBlob[] {
  const { config, layers, blobs } = manifestObject(manifest);
  return [config, layers, blobs].flat().flatMap((value: unknown) => {
    if (!isObject(value)) return [];
    const { digest, size } = value;
    if (typeof digest !== "string" || !isDigest(digest) || !isSize(size)) return [];
    return [{ digest, size }];
  });
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
