import { fileFormat } from "../base/file-format.ts";
import { PkgError } from "../errors.ts";
import { formatTime } from "../index/header.ts";
import { INDEX_LAYER } from "../index/index-artifact.ts";
import { readDocument } from "../index/read-document.ts";
import type { IndexHeader } from "../package/index-header.ts";
import { isSameKeySet } from "../verify/key-sets.ts";
import { checkKeySetChain, requireThreshold } from "./check-signers.ts";
import type { IndexFile } from "./index-file.ts";

/** An index that its users would accept. */
export interface CheckedIndex {
  readonly header: IndexHeader;
  /** Ids of the keys that have signed it. */
  readonly signerIds: readonly string[];
}

const TASK = "publish the index";

/**
 * Checks an index as its users will: packed with zstd, complete, signed by enough keys, not expired.
 *
 * @param now milliseconds since the epoch
 *
 * @throws {PkgError} INDEX_INVALID, INDEX_EXPIRED, SIGNATURE_MISSING, SIGNATURE_INVALID
 */
export async function checkPublishable(file: IndexFile, now: number): Promise<CheckedIndex> {
  if (fileFormat(file.bytes) !== "zstd") {
    throw invalid(`"${file.source}" is not packed with zstd`, `Name the directory with ${INDEX_LAYER.title} in it`);
  }
  const { header, skipped } = await readDocument(file.bytes);
  const [first] = skipped;
  if (first !== undefined)
    throw invalid(`nobody can use its ${first}`, "Run `pkg index lint` to see everything that is wrong");
  const inForce = checkKeySetChain(header, TASK);
  const hint = "Have it signed with `pkg index sign DIRECTORY`";
  const signerIds = requireThreshold(file, inForce, { task: TASK, hint });
  if (header.expiresMs > now) return { header, signerIds };
  throw new PkgError("INDEX_EXPIRED", `Cannot ${TASK}: it expired at ${formatTime(header.expiresMs)}`, {
    hint: "Build it again",
  });
}

/**
 * Checks that an index may replace the published one.
 *
 * @throws {PkgError} INDEX_MISMATCH, INDEX_ROLLED_BACK, KEYS_CHANGED
 */
export async function checkSucceeds(next: IndexHeader, published: IndexFile): Promise<void> {
  const { header: before } = await readDocument(published.bytes);
  if (next.repository !== before.repository) {
    throw new PkgError(
      "INDEX_MISMATCH",
      `Cannot ${TASK}: it calls itself "${next.repository}", but the published one calls itself "${before.repository}"`,
      { hint: `Publish it somewhere else, or build it again: \`pkg index build --repository ${before.repository}\`` },
    );
  }
  if (next.serial <= before.serial) {
    throw new PkgError(
      "INDEX_ROLLED_BACK",
      `Cannot ${TASK}: its serial is ${next.serial}, but ${before.serial} is published`,
      { hint: `Build it again on the published one: \`pkg index build --previous ${published.source}\`` },
    );
  }
  const broken = before.keySets.find((set, position) => {
    const own = next.keySets[position];
    return own === undefined || !isSameKeySet(set, own);
  });
  if (broken === undefined) return;
  throw new PkgError("KEYS_CHANGED", `Cannot ${TASK}: its key set ${broken.version} is not the published one`, {
    hint: `Build it again on the published one: \`pkg index build --previous ${published.source}\``,
  });
}

function invalid(problem: string, hint: string): PkgError {
  return new PkgError("INDEX_INVALID", `Cannot ${TASK}: ${problem}`, { hint });
}
