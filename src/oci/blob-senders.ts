import { hasCode, PkgError } from "../errors.ts";
import type { BlobSender, BlobStream } from "./content.ts";

/** What bytes that are not the blob are recognised by. */
const WRONG_CONTENT = ["DIGEST_MISMATCH", "SIZE_MISMATCH", "BODY_TOO_LARGE", "HTTP_UNEXPECTED"] as const;

/** Who has sent the bytes of one blob so far: what is asked when they turn out to be wrong. */
export class BlobSenders {
  readonly #senders = new Set<BlobSender>();
  #isSeamForgiven = false;

  /** True if others may have the blob as well. */
  get areOthers(): boolean {
    return this.#senders.size > 0;
  }

  /** Must be called for each stream. */
  note({ sender }: Pick<BlobStream, "sender">): void {
    if (sender !== undefined) this.#senders.add(sender);
  }

  /** Must be called before the bytes come from the start again. */
  clear(): void {
    this.#senders.clear();
  }

  /**
   * Judges a failure of the blob that was received: null if all of it may be asked for again, elsewhere, which ends as each sender
   * is refused at most once; else the error, with what others have answered before.
   */
  refuse(error: unknown): unknown {
    if (this.#senders.size === 0 || !hasCode(error, ...WRONG_CONTENT)) return error;
    const senders = [...this.#senders];
    this.clear();
    // Of two senders, nobody knows whose part is wrong: once, both may be asked again for a whole.
    if (senders.length > 1 && !this.#isSeamForgiven) {
      this.#isSeamForgiven = true;
      return null;
    }
    return senders.map((sender) => sender.refuse(error)).reduce(nullIfAny);
  }
}

function nullIfAny(one: PkgError | null, other: PkgError | null): PkgError | null {
  return one === null || other === null ? null : other;
}

/** Errors about what a reader has seen a part of. */
const WORTH_ASKING_AGAIN = new WeakSet<PkgError>();

/** Marks the error about a blob whose sender was refused, while others may be asked: for askingAgain(). */
export function worthAskingAgain(error: unknown): unknown {
  if (error instanceof PkgError) WORTH_ASKING_AGAIN.add(error);
  return error;
}

function isWorthAskingAgain(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof PkgError && WORTH_ASKING_AGAIN.has(at)) return true;
  }
  return false;
}

/**
 * Does work with a blob, again from its start as long as whoever sent it has sent something else and others may be asked.
 *
 * @throws {PkgError} as `work`
 */
export async function askingAgain<T>(work: (senders: BlobSenders) => Promise<T>): Promise<T> {
  const senders = new BlobSenders();
  for (;;) {
    try {
      return await work(senders);
    } catch (error) {
      if (isWorthAskingAgain(error)) continue;
      const judged = senders.refuse(error);
      if (judged !== null) throw judged;
    }
  }
}
