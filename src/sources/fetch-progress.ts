import type { EmitEvent } from "../base/events.ts";
import type { OnProgress } from "../base/on-progress.ts";
import type { Digest } from "../oci/digest.ts";
import type { Resolution } from "../plan/resolution.ts";

type Described = Pick<Resolution, "name"> & { readonly expected: Pick<Resolution["expected"], "sizeBytes"> };

interface Held {
  readonly bytes: number;
  readonly resumedBytes: number;
}

/** Adds up what the transfers of one package hold, and reports the sum. */
export class FetchProgress {
  readonly #emit: EmitEvent;
  readonly #resolution: Described;
  readonly #blobs = new Map<Digest, Held>();
  readonly #found = new Map<Digest, number | null>();
  #documents = 0;
  readonly #kept: { readonly isKept?: false };
  #totalBytes: number | null;

  /** @param isKept whether what has arrived is found by the next run if this one breaks off */
  constructor(emit: EmitEvent, resolution: Described, isKept = true) {
    this.#emit = emit;
    this.#resolution = resolution;
    this.#kept = isKept ? {} : { isKept: false };
    this.#totalBytes = resolution.expected.sizeBytes;
  }

  /** Bytes of all files that may be resumed: as the index says, or the manifest once it is known; null: not known. */
  get totalBytes(): number | null {
    return this.#totalBytes;
  }

  /** Takes the sizes in the manifest, which names all files; the index knows only that of the main file. */
  expect(files: readonly { readonly size: number | null }[]): void {
    const sum = files.reduce((all: number | null, { size }) => (all === null || size === null ? null : all + size), 0);
    this.#totalBytes = sum ?? this.#totalBytes;
  }

  /** Takes the size of one more file: which layers of an image are needed is found out by reading those above. */
  expectAlso({ digest, size }: { readonly digest: Digest; readonly size: number | null }): void {
    this.#found.set(digest, size);
    this.expect([...this.#found.values()].map((one) => ({ size: one })));
  }

  /** Bytes that came over the network in this run. */
  get received(): number {
    const { bytes, resumedBytes } = this.held;
    return this.#documents + bytes - resumedBytes;
  }

  /** Of the files that may be resumed. */
  get held(): Held {
    const blobs = [...this.#blobs.values()];
    return {
      bytes: blobs.reduce((sum, { bytes }) => sum + bytes, 0),
      resumedBytes: blobs.reduce((sum, { resumedBytes }) => sum + resumedBytes, 0),
    };
  }

  /** Counts a file that arrived as a whole. */
  add(bytes: number): void {
    this.#documents += bytes;
  }

  /** Counts what one blob holds so far. */
  of(digest: Digest): OnProgress {
    return (bytes, resumedBytes = 0) => {
      this.#blobs.set(digest, { bytes, resumedBytes });
      const { name: id } = this.#resolution;
      this.#emit({ kind: "task-progress", id, ...this.held, totalBytes: this.#totalBytes, ...this.#kept });
    };
  }
}
