import { setTimeout as delay } from "node:timers/promises";
import { isTransient, type PkgError } from "../errors.ts";
import { interruption } from "./interruption.ts";
import { steadyClock } from "./steady-clock.ts";

/** How long work is retried, and the bounds of the waits in between; times in ms. */
export interface RetryPolicy {
  /** How long work may go without progress, its waits included; after that its error is final. 0: it is tried once. */
  readonly patienceMs: number;
  readonly baseMs: number;
  readonly capMs: number;
  /** The most tries without progress, the first included, for callers that cannot wait; default: time decides. */
  readonly attempts?: number;
}

/** Waits, or ends at once with INTERRUPTED when the signal is aborted. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** How work is retried, and what stops it. */
export interface RetryOptions {
  readonly policy: RetryPolicy;
  readonly signal: AbortSignal;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly sleep: Sleep;
  /** Milliseconds of a monotonic clock; default: this process's own. */
  readonly clock?: () => number;
  readonly onRetry?: (error: PkgError, waitMs: number) => void;
}

/** RetryOptions for work that brings its own signal. */
export type RetrySettings = Omit<RetryOptions, "signal">;

/** The policy for both requests and transfers; code that uses another one says why. */
export const DEFAULT_RETRY_POLICY: RetryPolicy = { patienceMs: 60_000, baseMs: 200, capMs: 20_000 };

/** A server that asks for a longer wait is taken to have refused. */
export const MAX_RETRY_AFTER_MS = 60_000;

/** How long servers may have a piece of work wait, all waits that they asked for together, without progress. */
export const MAX_ASKED_WAITS_MS = 600_000;

/** A shorter wait counts as one of our own, or a server that asks for next to none could be asked without end. */
const MIN_ASKED_WAIT_MS = 1_000;

/** Waits on the real clock. @throws {PkgError} INTERRUPTED */
export const sleep: Sleep = async (ms, signal) => {
  try {
    await delay(ms, undefined, { signal });
  } catch (error) {
    throw interruption(error);
  }
};

/** How work is retried by default. */
export const DEFAULT_RETRY: RetrySettings = Object.freeze({ policy: DEFAULT_RETRY_POLICY, random: Math.random, sleep });

/** A signal for work that nobody interrupts; a new one each time, so that no listeners pile up on it. */
export function uninterrupted(): AbortSignal {
  return new AbortController().signal;
}

/** The same policy limited to one try, for callers that have something better to do than wait. */
export function triedOnce(policy: RetryPolicy): RetryPolicy {
  return { ...policy, attempts: 1 };
}

/**
 * Does `work` until it succeeds, fails for good, or has gone too long without progress.
 *
 * The wait before try n + 1 is drawn evenly from [0, min(capMs, baseMs · 2^(n-1))) ("full jitter"), on top of what
 * the server asked for, if it did; it never exceeds the time that is left, so the last try comes when the time
 * is up. Waits of a second and more that a server asks for take none of that time, but have a limit of their own,
 * MAX_ASKED_WAITS_MS: each step of some work may be asked to wait, and a server that names a time will be there.
 *
 * `work` is told its attempt, counted from 1, and calls `progress` when it has got further than before: attempts and time
 * then count anew. Work that is done in several calls keeps one `patience` for them all.
 *
 * @throws {PkgError} INTERRUPTED when the signal is aborted; else the last error of `work`, as it is
 */
export async function retry<T>(
  work: (attempt: number, progress: () => void) => Promise<T>,
  options: RetryOptions,
  patience: Patience = new Patience(options),
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    if (options.signal.aborted) throw interruption(options.signal.reason);
    patience.tryBegins();
    try {
      return await work(attempt, () => patience.renew());
    } catch (error) {
      if (options.signal.aborted) throw interruption(error);
      const waitMs = patience.waitAfter(error);
      if (waitMs === null || !isTransient(error)) throw error;
      options.onRetry?.(error, waitMs);
      await options.sleep(waitMs, options.signal);
    }
  }
}

/** What is left of a policy's tries and time since there was progress. */
export class Patience {
  readonly #policy: RetryPolicy;
  readonly #random: () => number;
  readonly #clock: () => number;
  #tries = 0;
  #spentMs = 0;
  #askedMs = 0;
  #startedMs = 0;

  constructor({ policy, random, clock = steadyClock }: RetrySettings) {
    this.#policy = policy;
    this.#random = random;
    this.#clock = clock;
  }

  /** Must be called before each try. */
  tryBegins(): void {
    this.#startedMs = this.#clock();
  }

  /** Must be called when there was progress: tries and time then count from zero again. */
  renew(): void {
    this.#tries = 0;
    this.#spentMs = 0;
    this.#askedMs = 0;
    this.#startedMs = this.#clock();
  }

  /** Milliseconds to wait before the next try; null: there is none. Waits count as drawn, not as measured. */
  waitAfter(error: unknown): number | null {
    const { patienceMs, attempts = Number.POSITIVE_INFINITY } = this.#policy;
    this.#tries += 1;
    this.#spentMs += this.#clock() - this.#startedMs;
    if (!isWorthRetrying(error) || this.#tries >= attempts || this.#spentMs >= patienceMs) return null;
    const askedMs = error.retryAfterMs ?? 0;
    const leftMs = Math.max(0, patienceMs - this.#spentMs - this.#askedMs - askedMs);
    const ownMs = Math.min(this.#jitterMs(), leftMs);
    const isShort = askedMs < MIN_ASKED_WAIT_MS;
    this.#spentMs += isShort ? ownMs + askedMs : ownMs;
    this.#askedMs += isShort ? 0 : askedMs;
    return this.#askedMs > MAX_ASKED_WAITS_MS ? null : askedMs + ownMs;
  }

  #jitterMs(): number {
    return jitterMs(this.#policy, this.#random, this.#tries);
  }
}

/** A wait in ms before the try that follows try number `attempt`. */
export function jitterMs({ baseMs, capMs }: RetryPolicy, random: () => number, attempt: number): number {
  return random() * Math.min(capMs, baseMs * 2 ** (attempt - 1));
}

function isWorthRetrying(error: unknown): error is PkgError {
  return isTransient(error) && (error.retryAfterMs ?? 0) <= MAX_RETRY_AFTER_MS;
}
