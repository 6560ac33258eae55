import type { Sleep } from "../base/retry.ts";
import { PartialFile } from "../fs/partial-file.ts";

const POLL_MS = 100;
/** A transfer that has not moved for so many looks is not waited for any longer. */
const MOST_STILL_LOOKS = 50;

/** What is waited for, and how. */
export interface AwaitOtherOptions {
  /** The plain path of the partial file. */
  readonly partial: string;
  readonly sleep: Sleep;
  readonly signal: AbortSignal;
  /** Called with the bytes that the other one has. */
  readonly onProgress?: (bytes: number) => void;
}

/**
 * Waits while another process of this machine, or another part of this one, receives the same content and makes progress: to
 * receive it twice would take longer.
 *
 * @returns true if one was waited for, so that the content may be there now
 * @throws {PkgError} INTERRUPTED
 */
export async function awaitOther({ partial, sleep, signal, onProgress }: AwaitOtherOptions): Promise<boolean> {
  let most = -1;
  for (let looks = 0, still = 0; ; looks += 1) {
    const bytes = await PartialFile.received(partial);
    if (bytes === null || still >= MOST_STILL_LOOKS) return looks > 0;
    still = bytes > most ? 0 : still + 1;
    most = Math.max(most, bytes);
    onProgress?.(bytes);
    await sleep(POLL_MS, signal);
  }
}
