import { invalidArchive } from "./archive-error.ts";
import type { PathLimits } from "./entry-path.ts";

/** Limits that protect against archives that are made to fill the disk or the memory. */
export interface ExtractLimits extends PathLimits {
  /** Directories that paths only imply are counted too. */
  readonly maxEntries: number;
  /** The bytes of all paths and link targets together: compressed, they may take a thousandth of it. */
  readonly maxPathsBytes: number;
  /** The total size of all files. */
  readonly maxBytes: number;
  /** The most bytes that may come out of the decompressor for each byte that went in. */
  readonly maxRatio: number;
}

/** Far above every real archive. */
export const EXTRACT_LIMITS: ExtractLimits = {
  maxEntries: 500_000,
  maxPathsBytes: 128 * 1024 * 1024,
  maxBytes: 64 * 1024 * 1024 * 1024,
  maxRatio: 250,
  maxPathBytes: 4096,
  maxDepth: 100,
};

/**
 * The limits of packages, which have fewer entries because each file is recorded in the database: 200,000 of them may have
 * paths of 160 bytes on average.
 */
export const PACKAGE_LIMITS: ExtractLimits = {
  ...EXTRACT_LIMITS,
  maxEntries: 200_000,
  maxPathsBytes: 32 * 1024 * 1024,
};

/** Up to this many bytes, any compression ratio is allowed: a small file of zeros is not an attack. */
const HARMLESS_BYTES = 128 * 1024 * 1024;

/** How much came out of how much. */
interface Growth {
  readonly bytes: number;
  readonly packedBytes: number;
  readonly maxRatio: number;
}

/** @throws {PkgError} ARCHIVE_INVALID for what grows too much */
export function refuseRatio({ bytes, packedBytes, maxRatio }: Growth): void {
  if (bytes <= HARMLESS_BYTES || bytes <= maxRatio * packedBytes) return;
  throw invalidArchive(`it grows to more than ${maxRatio} times its size`);
}
