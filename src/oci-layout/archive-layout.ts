import type { TarFile } from "../archive/index-tar.ts";
import { type TarInput, writeTar } from "../archive/write-tar.ts";
import { KeyedTurns } from "../base/keyed-turns.ts";
import { refuseSpecialOutput } from "../fs/output-file.ts";
import { writeStreamAtomic } from "../fs/write-stream.ts";
import type { BlobUpload, BlobWritten } from "../oci/content.ts";
import { type Digest, digestAlgorithm, digestHex } from "../oci/digest.ts";
import type { LocalTarget } from "../oci/local-target.ts";
import { type HeldLayout, invalidArchiveLayout, openHeld, readHeld } from "./archive-file.ts";
import { openStaging, type Staging } from "./archive-staging.ts";
import { missing } from "./documents.ts";
import type { LayoutFiles, LayoutIndexEdit } from "./files.ts";
import { EMPTY_LAYOUT_INDEX, formatLayoutIndex, type LayoutIndex, OCI_LAYOUT_FILE } from "./index-json.ts";
import { layoutTarget } from "./target.ts";

/** A tar of a layout. What is written to it is kept in a staging directory beside it until the commit. */
export interface ArchiveTarget extends LocalTarget {
  /** Atomically rewrites the archive with everything that was pushed; does nothing if nothing was. */
  commit(signal: AbortSignal): Promise<void>;
  /**
   * Discards what was not committed; with `keep`, the blobs stay for the next run that writes this archive. Every
   * writer must call it when done.
   */
  close(options?: { readonly keep: boolean }): Promise<void>;
}

/**
 * Opens a tar of an OCI image layout, which is read in place. The first commit creates the file if it does not exist,
 * and otherwise keeps its content. The same content gives the same bytes.
 *
 * @throws {PkgError} LAYOUT_INVALID, ARCHIVE_INVALID, PERMISSION_DENIED, FILE_SYSTEM, from the first call that reads
 */
export function openLayoutArchive(file: string): ArchiveTarget {
  const archive = new Archive(file);
  return {
    ...layoutTarget(archive),
    commit: (signal) => archive.commit(signal),
    close: (closing) => archive.close(closing?.keep ?? false),
  };
}

class Archive implements LayoutFiles {
  readonly location: string;
  readonly #file: string;
  readonly #turns = new KeyedTurns();
  #held: Promise<HeldLayout | null> | null = null;
  #staging: Promise<Staging> | null = null;
  /** Blobs written since the last commit, all of them in the staging directory. */
  readonly #written = new Set<Digest>();
  readonly #removed = new Set<Digest>();
  #index: LayoutIndex | null = null;

  constructor(file: string) {
    this.#file = file;
    this.location = `oci-archive:${file}`;
  }

  async readIndex(): Promise<LayoutIndex> {
    const index = this.#index ?? (await this.#hold())?.index;
    if (index !== undefined) return index;
    if (this.#written.size > 0) return EMPTY_LAYOUT_INDEX;
    throw invalidArchiveLayout(this.location, "the file does not exist", { isAbsence: true });
  }

  changeIndex(edit: LayoutIndexEdit): Promise<void> {
    return this.#turns.run("index", async () => {
      const before = this.#index ?? (await this.#hold())?.index;
      const after = await edit(before ?? EMPTY_LAYOUT_INDEX);
      if (after !== before) this.#index = after;
    });
  }

  async blobSize(digest: Digest): Promise<number | null> {
    if (this.#written.has(digest)) return (await this.#stage()).files.blobSize(digest);
    return (await this.#heldBlob(digest))?.size ?? null;
  }

  async *readBlob(digest: Digest, offset: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    if (this.#written.has(digest)) {
      yield* (await this.#stage()).files.readBlob(digest, offset, signal);
      return;
    }
    const held = await this.#hold();
    const file = await this.#heldBlob(digest);
    if (held === null || file === null) throw missing(this, digest, "it is not there");
    yield* readHeld(this.#file, held.stamp, { start: file.offset + offset, end: file.offset + file.size, signal });
  }

  async writeBlob(blob: BlobUpload, signal: AbortSignal): Promise<BlobWritten> {
    if ((await this.blobSize(blob.digest)) === blob.size) return { how: "existed", bytesSent: 0 };
    const written = await (await this.#stage()).files.writeBlob(blob, signal);
    this.#written.add(blob.digest);
    return written;
  }

  async removeBlob(digest: Digest): Promise<boolean> {
    if ((await this.blobSize(digest)) === null) return false;
    this.#written.delete(digest);
    this.#removed.add(digest);
    return true;
  }

  async sharesBlobs(): Promise<boolean> {
    return false;
  }

  async commit(signal: AbortSignal): Promise<void> {
    if (this.#index === null && this.#written.size === 0 && this.#removed.size === 0) return;
    const inputs = await this.#inputs(signal);
    refuseSpecialOutput(this.#file);
    await writeStreamAtomic(this.#file, writeTar(inputs));
    await this.close(false);
  }

  async close(keep: boolean): Promise<void> {
    const staging = await this.#staging?.catch(() => null);
    this.#held = null;
    this.#staging = null;
    this.#index = null;
    this.#written.clear();
    this.#removed.clear();
    if (keep) await staging?.release();
    else staging?.discard();
  }

  /** The entries of the new tar, by name. Files that are not part of the layout are not kept. */
  async #inputs(signal: AbortSignal): Promise<readonly TarInput[]> {
    const digests = [...new Set([...((await this.#hold())?.blobs.keys() ?? []), ...this.#written])];
    const sizes = await Promise.all(digests.map((digest) => this.blobSize(digest)));
    const files = digests.flatMap((digest, position): TarInput[] => {
      const size = sizes[position] ?? null;
      const open = () => this.readBlob(digest, 0, signal);
      return size === null ? [] : [{ kind: "file", name: blobName(digest), size, open }];
    });
    const algorithms = new Set(digests.map(digestAlgorithm));
    const directories = ["blobs", ...[...algorithms].map((algorithm) => `blobs/${algorithm}`)];
    const index = this.#index ?? (await this.#hold())?.index ?? EMPTY_LAYOUT_INDEX;
    const inputs: readonly TarInput[] = [
      ...directories.map((name): TarInput => ({ kind: "directory", name })),
      ...files,
      fileOf("index.json", formatLayoutIndex(index)),
      fileOf("oci-layout", Buffer.from(OCI_LAYOUT_FILE)),
    ];
    return inputs.toSorted((left, right) => (left.name < right.name ? -1 : 1));
  }

  async #heldBlob(digest: Digest): Promise<TarFile | null> {
    return this.#removed.has(digest) ? null : ((await this.#hold())?.blobs.get(digest) ?? null);
  }

  #hold(): Promise<HeldLayout | null> {
    this.#held ??= openHeld(this.#file, this.location);
    return this.#held;
  }

  #stage(): Promise<Staging> {
    // Before anything is written: a commit would replace it.
    if (this.#staging === null) refuseSpecialOutput(this.#file);
    this.#staging ??= openStaging(this.#file, this.location);
    return this.#staging;
  }
}

function blobName(digest: Digest): string {
  return `blobs/${digestAlgorithm(digest)}/${digestHex(digest)}`;
}

function fileOf(name: string, bytes: Buffer): TarInput {
  const open = async function* () {
    yield bytes;
  };
  return { kind: "file", name, size: bytes.length, open };
}
