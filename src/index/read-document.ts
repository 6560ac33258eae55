import { PkgError } from "../errors.ts";
import { type V1Entry, validatePackage } from "../generated/index-schema.js";
import type { IndexHeader } from "../package/index-header.ts";
import { openContainer } from "./container.ts";
import { INDEX_LIMITS, readIndex } from "./read-index.ts";

/** A whole index of the first version, as it is written. */
export interface IndexDocument {
  readonly header: IndexHeader;
  /** Of every platform, in the order written. */
  readonly entries: readonly V1Entry[];
  /** Why entries were left out, in the order written. */
  readonly skipped: readonly string[];
}

/**
 * Reads a whole index of the first version, packed or not, as its maintainers need it.
 *
 * @throws {PkgError} INDEX_INVALID, also for an index of another version; INDEX_TOO_LARGE
 */
export async function readDocument(bytes: Uint8Array): Promise<IndexDocument> {
  const entries: V1Entry[] = [];
  const skipped: string[] = [];
  const { header, format } = await readIndex(openContainer(inOnePiece(bytes), INDEX_LIMITS), {
    host: null,
    limits: INDEX_LIMITS,
    onEntry: (_, written) => {
      if (validatePackage(written)) entries.push(written);
    },
    onSkipped: (reason) => skipped.push(reason),
  });
  if (header !== null) return { header, entries, skipped };
  throw new PkgError(
    "INDEX_INVALID",
    `Cannot read the index: expected one with a serial and key sets, found "${format}"`,
    {
      hint: "Make one with `pkg index build`",
    },
  );
}

async function* inOnePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
