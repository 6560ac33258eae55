import { DAY_MS } from "../base/duration.ts";
import { PkgError } from "../errors.ts";

/** How far apart the clocks of publisher and machine may be, either way. Milliseconds. */
export const CLOCK_SKEW_MS = 10 * 60 * 1000;
/** How long an index may be valid. */
export const MAX_LIFE_DAYS = 400;

/** When an index was issued and when it expires, in milliseconds since the epoch. */
export interface Lifetime {
  readonly issuedMs: number;
  readonly expiresMs: number;
}

/** The task that needs a fresh index, and the current time. */
export interface FreshnessRequest {
  /** The task, for the message "Cannot TASK". */
  readonly task: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Refuses an index that is valid for longer than any may be: an attacker could serve it all that time.
 *
 * @throws {PkgError} INDEX_INVALID
 */
export function checkLifetime({ issuedMs, expiresMs }: Lifetime, task: string): void {
  const days = (expiresMs - issuedMs) / DAY_MS;
  if (days > 0 && days <= MAX_LIFE_DAYS) return;
  const found = days > 0 ? `${Math.ceil(days)} days after it was issued` : "before it was issued";
  throw new PkgError(
    "INDEX_INVALID",
    `Cannot ${task}: its index expires ${found}, expected at most ${MAX_LIFE_DAYS} days after`,
    { hint: "Tell the publisher" },
  );
}

/**
 * Refuses a clock that is set to before the time at which an index was issued: with such a clock, nothing would ever expire.
 *
 * @throws {PkgError} CLOCK_WRONG
 */
export function checkClock(issuedMs: number, { task, now }: FreshnessRequest): void {
  if (issuedMs <= now + CLOCK_SKEW_MS) return;
  throw new PkgError(
    "CLOCK_WRONG",
    `Cannot ${task}: its index was issued at ${moment(issuedMs)}, and this machine's clock says ${moment(now)}`,
    { hint: "Set the clock; if it is right, the publisher's was wrong: tell them" },
  );
}

/** True when an index has expired by every clock that is right within CLOCK_SKEW_MS. */
export function isExpired({ expiresMs }: Pick<Lifetime, "expiresMs">, now: number): boolean {
  return now > expiresMs + CLOCK_SKEW_MS;
}

/** The error for an expired index. */
export function expired({ expiresMs }: Pick<Lifetime, "expiresMs">, { task, now }: FreshnessRequest): PkgError {
  return new PkgError(
    "INDEX_EXPIRED",
    `Cannot ${task}: its index expired at ${moment(expiresMs)}, and this machine's clock says ${moment(now)}`,
    {
      hint: "Its publisher has not issued a new one, or somebody is keeping it from you; `pkg sync --allow-stale` and `pkg install --allow-stale` use it anyway, and that is recorded",
    },
  );
}

/** UTC, to the second. */
function moment(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, -".000Z".length)}Z`;
}
