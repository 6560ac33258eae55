import type { EmitEvent } from "../base/events.ts";
import type { OnProgress } from "../base/on-progress.ts";
import type { Digest } from "../oci/digest.ts";
import type { Resolution } from "../plan/resolution.ts";

interface Held {
  readonly bytes: number;
  readonly resumedBytes: number;
}

/** Adds up what the transfers of one package hold, and reports the sum. */
export class FetchProgress {
  readonly #emit: EmitEvent;
  readonly #resolution: Resolution;
  readonly #blobs = new Map<Digest, Held>();
  #documents = 0;

  constructor(emit: EmitEvent, resolution: Resolution) {
    this.#emit = emit;
    this.#resolution = resolution;
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
      const { name: id, expected } = this.#resolution;
      this.#emit({ kind: "task-progress", id, ...this.held, totalBytes: expected.sizeBytes });
    };
  }
}
