import { parseDuration } from "../base/duration.ts";
import { PkgError } from "../errors.ts";
import type { IndexHeader } from "../package/index-header.ts";
import { MAX_LIFE_DAYS } from "../verify/index-freshness.ts";

/** The header of an index without its key sets. */
export type IndexFacts = Omit<IndexHeader, "keySets">;

/** What the header of the next index is to say. */
export interface NextFactsRequest {
  /** What the index calls itself; null: as before. */
  readonly repository: string | null;
  /** Null: one more than before, at first 1. */
  readonly serial: number | null;
  /** The highest serial that is known to have been published; the next one is higher. 0: none is known. */
  readonly lowestSerial: number;
  /** How long it is valid, e.g. `30d`. */
  readonly expiresIn: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * The header of the next index without its key sets, checked against that of the previous index (null: there is none).
 *
 * @throws {PkgError} USAGE; INDEX_MISMATCH, INDEX_ROLLED_BACK, CLOCK_WRONG when it could not follow the previous index
 */
export function nextFacts(request: NextFactsRequest, before: IndexHeader | null): IndexFacts {
  const lifeMs = lifeOf(request.expiresIn);
  const issuedMs = Math.floor(request.now / 1000) * 1000;
  const repository = request.repository ?? before?.repository;
  const serial = request.serial ?? Math.max(before?.serial ?? 0, request.lowestSerial) + 1;
  if (repository === undefined) {
    throw new PkgError("USAGE", "Cannot build the index: it has no name", {
      hint: "Give it one with --repository, e.g. the reference it will be published at: ghcr.io/owner/index",
    });
  }
  const { lowestSerial } = request;
  if (before !== null) checkFollows({ repository, serial, issuedMs }, before);
  if (serial <= lowestSerial && before !== null) throw tooLow(serial, lowestSerial);
  return { repository, serial, issuedMs, expiresMs: issuedMs + lifeMs };
}

/** Milliseconds. */
function lifeOf(text: string): number {
  const lifeMs = parseDuration(text, "--expires-in") ?? 0;
  if (lifeMs > 0 && lifeMs <= MAX_LIFE_DAYS * DAY_MS) return lifeMs;
  throw new PkgError("USAGE", `Cannot use --expires-in: expected at most ${MAX_LIFE_DAYS} days, found "${text}"`, {
    hint: "An index that nobody renews should not be valid for ever, e.g. --expires-in 30d",
  });
}

function tooLow(serial: number, before: number): PkgError {
  return new PkgError(
    "INDEX_ROLLED_BACK",
    `Cannot build the index: its serial is ${serial}, expected more than ${before}`,
    { hint: "Leave out --serial" },
  );
}

function checkFollows(next: Omit<IndexFacts, "expiresMs">, before: IndexHeader): void {
  if (next.repository !== before.repository) {
    throw new PkgError(
      "INDEX_MISMATCH",
      `Cannot build the index: the previous one calls itself "${before.repository}", expected "${next.repository}"`,
      { hint: "An index keeps its name: those who use it accept no other. Leave out --repository" },
    );
  }
  if (next.serial <= before.serial) {
    throw tooLow(next.serial, before.serial);
  }
  if (next.issuedMs >= before.issuedMs) return;
  throw new PkgError(
    "CLOCK_WRONG",
    "Cannot build the index: the previous one was issued later than this machine's time",
    {
      hint: "Set the clock",
    },
  );
}
