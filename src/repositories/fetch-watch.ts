import { MINUTE_MS, SECOND_MS } from "../base/duration.ts";
import { CHECK_NETWORK } from "../base/network-words.ts";
import { DEFAULT_RETRY_POLICY, type RetryPolicy, type RetrySettings } from "../base/retry.ts";
import { PkgError } from "../errors.ts";

/** How long one repository may keep a command waiting for its index; times in ms. */
export interface IndexPatience {
  /** Until the server begins to answer, with all that comes before: resolving, connecting, every try. */
  readonly answerMs: number;
  /** From then on, until a further PROGRESS_BYTES have arrived for each second of this time, or all of it. */
  readonly progressMs: number;
  /** The most tries without progress, the first included. */
  readonly attempts: number;
  /** How long a server may have us wait because it says when to come back, all waits together; default 0. */
  readonly askedMs?: number;
  /** Aborted when it is not wanted any more; it ends then as if its time were up. */
  readonly unwanted?: AbortSignal;
}

/** How long an explicit `pkg sync` waits: longer only where the person wants requests to be retried for longer than usual. */
export function syncPatience({ patienceMs }: RetryPolicy): IndexPatience {
  const waitMs = patienceMs > DEFAULT_RETRY_POLICY.patienceMs ? patienceMs : 30 * SECOND_MS;
  return { answerMs: waitMs, progressMs: waitMs, attempts: Number.POSITIVE_INFINITY, askedMs: 2 * MINUTE_MS };
}

/** What a transfer that moves at all brings in a second; the http client gives up on slower ones too. */
const PROGRESS_BYTES = 1024;

/** Gives up work that does not get on. Time counts only while `during()` runs. */
export interface FetchWatch {
  /** Aborted when the patience has run out, and with the signal that it was made with. */
  readonly signal: AbortSignal;
  /**
   * Runs `work` under watch.
   *
   * @throws {PkgError} when it was given up, why the last try failed, or NETWORK_TIMEOUT if none had; else what `work` throws
   */
  during<T>(work: () => Promise<T>): Promise<T>;
  /** Must be called when the server begins to answer. */
  readonly answered: () => void;
  /** Must be called with the bytes that have arrived so far. */
  received(bytes: number): void;
  /** Must be called when a try has failed and the next one comes after `waitMs`. */
  failed(error: PkgError, waitMs: number): void;
}

/** Watches over a `task`. */
export function createFetchWatch(signal: AbortSignal, patience: IndexPatience, task: string): FetchWatch {
  return new PatientWatch(signal, patience, task);
}

class PatientWatch implements FetchWatch {
  readonly signal: AbortSignal;
  readonly #outer: AbortSignal;
  readonly #patience: IndexPatience;
  readonly #task: string;
  readonly #controller = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  /** Changes with every restart; null: nothing is waited for. */
  #round: symbol | null = null;
  #wanted: "answer" | "progress" = "answer";
  /** What had arrived when the time was last counted anew; null: nobody has said. */
  #markedBytes: number | null = null;
  #askedMs = 0;
  /** Why the last try failed; null: none has since there was progress. */
  #failure: PkgError | null = null;

  constructor(signal: AbortSignal, patience: IndexPatience, task: string) {
    this.#outer = signal;
    this.#patience = patience;
    this.#task = task;
    this.signal = AbortSignal.any([signal, this.#controller.signal, ...(patience.unwanted ? [patience.unwanted] : [])]);
  }

  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#restart("answer");
    try {
      return await work();
    } catch (error) {
      if (!this.signal.aborted || this.#outer.aborted) throw error;
      throw this.#timeout(error);
    } finally {
      clearTimeout(this.#timer);
      this.#round = null;
    }
  }

  readonly answered = (): void => {
    if (this.#wanted === "answer") this.#restart("progress");
  };

  received(bytes: number): void {
    // The first number may be what an earlier run has left, and is no answer.
    const before = this.#markedBytes ?? bytes;
    const enough = this.#wanted === "answer" ? 1 : (PROGRESS_BYTES * this.#patience.progressMs) / SECOND_MS;
    const isProgress = bytes < before || bytes - before >= enough;
    if (bytes > before && isProgress) this.#failure = null;
    if (isProgress) this.#restart("progress");
    if (isProgress || this.#markedBytes === null) this.#markedBytes = bytes;
  }

  failed(error: PkgError, waitMs: number): void {
    this.#failure = error;
    if (error.retryAfterMs === undefined || this.#askedMs + waitMs > (this.#patience.askedMs ?? 0)) return;
    this.#askedMs += waitMs;
    this.#restart(this.#wanted, waitMs);
  }

  #restart(wanted: "answer" | "progress", moreMs = 0): void {
    clearTimeout(this.#timer);
    this.#wanted = wanted;
    const round = Symbol();
    this.#round = round;
    const giveUp = () => (this.#round === round ? this.#controller.abort() : undefined);
    // What has arrived while this process was busy is looked at first.
    this.#timer = setTimeout(() => setImmediate(giveUp), this.#limitMs() + moreMs);
  }

  #limitMs(): number {
    return this.#wanted === "answer" ? this.#patience.answerMs : this.#patience.progressMs;
  }

  #timeout(cause: unknown): PkgError {
    if (this.#failure !== null) return this.#failure;
    const limitMs = this.#limitMs();
    const limit = limitMs < SECOND_MS ? `${limitMs} ms` : `${Math.round(limitMs / SECOND_MS)} s`;
    const found = this.#wanted === "answer" ? `no answer within ${limit}` : `it sent next to nothing for ${limit}`;
    return new PkgError("NETWORK_TIMEOUT", `Cannot ${this.#task}: ${found}`, { cause, hint: CHECK_NETWORK });
  }
}

/** The same settings, limited to what the patience allows. */
export function retryWithin(retry: RetrySettings, { attempts, answerMs }: IndexPatience): RetrySettings {
  const patienceMs = Math.min(retry.policy.patienceMs, answerMs);
  return { ...retry, policy: { ...retry.policy, attempts, patienceMs } };
}
