import { ByteBudget } from "../base/byte-budget.ts";
import type { BlobStore, StoredBlob } from "../blobs/blob-store.ts";
import type { KegJob } from "./keg-messages.ts";
import { type TakenKeg, takeKeg } from "./take-keg.ts";

/** A keg that is taken in: its files are written, and not in the store before `finish`. */
export interface KegTaking {
  /** Takes the files of a bottle. @throws {PkgError} as takeKeg */
  take(source: AsyncIterable<Uint8Array>): Promise<TakenKeg>;
  /** Puts them into the store, durably. @throws {PkgError} as BlobIntake.finish */
  finish(): Promise<void>;
  /** Removes what is not in the store. @returns the blobs that were added to it before `finish` failed */
  abandon(): Promise<readonly StoredBlob[]>;
}

export interface BeginKegRequest extends Pick<KegJob, "keg" | "prefix" | "limits"> {
  readonly blobs: BlobStore;
  readonly signal: AbortSignal;
}

/** How much of their files all bottles of this thread together hold in memory, in bytes. */
const MAX_HELD_BYTES = 256 * 1024 ** 2;
const budget = new ByteBudget(MAX_HELD_BYTES);

/** Takes a keg in on this thread. */
export function takeHere({ blobs, keg, prefix, limits, signal }: BeginKegRequest): KegTaking {
  const intake = blobs.intake(signal);
  return {
    take: (source) => takeKeg({ keg, prefix, limits, source, intake, budget, signal }),
    finish: () => intake.finish(),
    abandon: () => intake.abandon(),
  };
}
