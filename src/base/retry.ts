import { setTimeout as delay } from "node:timers/promises";
import { hasCode, PkgError } from "../errors.ts";

/** How often work is tried, and the bounds of the waits between; times in ms. */
export interface RetryPolicy {
  /** Tries in all, the first included. */
  readonly attempts: number;
  readonly baseMs: number;
  readonly capMs: number;
}

/** Waits, or ends at once with INTERRUPTED when the signal is aborted. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

export interface RetryOptions {
  readonly policy: RetryPolicy;
  readonly signal: AbortSignal;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly sleep: Sleep;
  readonly onRetry?: (error: PkgError, waitMs: number) => void;
}

export const DEFAULT_RETRY_POLICY: RetryPolicy = { attempts: 5, baseMs: 200, capMs: 20_000 };

/** A server that asks for a longer wait is taken to have said no. */
export const MAX_RETRY_AFTER_MS = 60_000;

export const sleep: Sleep = async (ms, signal) => {
  try {
    await delay(ms, undefined, { signal });
  } catch (error) {
    throw interruption(error);
  }
};

/**
 * Does `work` until it succeeds, fails for good, or the policy's attempts are used up.
 *
 * The wait before try n + 1 is drawn evenly from [0, min(capMs, baseMs · 2^(n-1))) ("full jitter"), on top of what
 * the server asked for, if it did. `work` is told its attempt, counted from 1.
 *
 * @throws {PkgError} INTERRUPTED when the signal is aborted; else the last error of `work`, as it is
 */
export async function retry<T>(work: (attempt: number) => Promise<T>, options: RetryOptions): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    if (options.signal.aborted) throw interruption(options.signal.reason);
    try {
      return await work(attempt);
    } catch (error) {
      if (options.signal.aborted) throw interruption(error);
      if (attempt >= options.policy.attempts || !isWorthRetrying(error)) throw error;
      await pause(error, attempt, options);
    }
  }
}

async function pause(error: PkgError, attempt: number, options: RetryOptions): Promise<void> {
  const { policy, random, signal } = options;
  const jitterMs = random() * Math.min(policy.capMs, policy.baseMs * 2 ** (attempt - 1));
  const waitMs = (error.retryAfterMs ?? 0) + jitterMs;
  options.onRetry?.(error, waitMs);
  await options.sleep(waitMs, signal);
}

function isWorthRetrying(error: unknown): error is PkgError {
  if (!hasCode(error, "NETWORK_FAILED", "NETWORK_TIMEOUT", "SERVER_BUSY", "SERVER_FAILED", "BODY_TRUNCATED"))
    return false;
  return (error.retryAfterMs ?? 0) <= MAX_RETRY_AFTER_MS;
}

function interruption(cause: unknown): PkgError {
  if (hasCode(cause, "INTERRUPTED")) return cause;
  return new PkgError("INTERRUPTED", "Cannot go on: the work was interrupted", { cause });
}
