import type { EmitEvent } from "../base/events.ts";
import type { Digest } from "../oci/digest.ts";
import type { Resolution } from "../plan/resolution.ts";

/** Adds up what the transfers of one package have received, and reports the sum. */
export class FetchProgress {
  readonly #emit: EmitEvent;
  readonly #resolution: Resolution;
  readonly #blobs = new Map<Digest, number>();
  #documents = 0;

  constructor(emit: EmitEvent, resolution: Resolution) {
    this.#emit = emit;
    this.#resolution = resolution;
  }

  /** Bytes so far. */
  get received(): number {
    return [...this.#blobs.values()].reduce((sum, bytes) => sum + bytes, this.#documents);
  }

  /** Counts a file that arrived as a whole. */
  add(bytes: number): void {
    this.#documents += bytes;
  }

  /** Counts what one blob has received so far. */
  of(digest: Digest): (bytes: number) => void {
    return (bytes) => {
      this.#blobs.set(digest, bytes);
      const { name: id, expected } = this.#resolution;
      this.#emit({ kind: "task-progress", id, bytes: this.received, totalBytes: expected.sizeBytes });
    };
  }
}
