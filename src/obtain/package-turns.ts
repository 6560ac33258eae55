import { ByteBudget } from "../base/byte-budget.ts";
import type { Resolution } from "../plan/resolution.ts";

/** Of a file that takes less time than the answers to the requests for it. */
const SMALL_BYTES = 4 * 1024 * 1024;
/** So many packages of a small file are obtained in the place of one that may be large. */
const SMALL_AT_A_TIME = 3;

/** A bottle is unpacked while it arrives, and made durable then, while nothing arrives: of three, two come in the place of others. */
const BOTTLE_SHARE = 2;

type Sized = Pick<Resolution, "origin" | "expected">;

/** Who may begin. */
export interface PackageTurns {
  /** The most that are obtained at a time, if all are small. */
  readonly limit: number;
  /**
   * Does `work` for a package once it may begin; in the order of the calls.
   *
   * @param work may say that nothing arrives any more, and only the disk is waited for: then another one may begin
   */
  turn<T>(resolution: Sized, work: (arrived: () => void) => Promise<T>): Promise<T>;
}

/**
 * Lets so many packages be obtained at a time; of those whose time is spent waiting for answers, more. With 1, it is one
 * after the other.
 */
export function createPackageTurns(concurrency: number): PackageTurns {
  const share = concurrency === 1 ? 1 : SMALL_AT_A_TIME;
  const limit = concurrency * share;
  const budget = new ByteBudget(limit);
  return { limit, turn: (resolution, work) => budget.run(Math.min(share, shareOf(resolution)), work) };
}

function shareOf(resolution: Sized): number {
  if (isSmall(resolution)) return 1;
  return resolution.origin.kind === "bottle" ? BOTTLE_SHARE : SMALL_AT_A_TIME;
}

function isSmall({ origin, expected }: Sized): boolean {
  return origin.kind === "artifact" && expected.sizeBytes !== null && expected.sizeBytes <= SMALL_BYTES;
}
