import { PkgError } from "../errors.ts";
import type { TrustRecord } from "../package/trust-record.ts";
import { checkClock, checkLifetime, expired, isExpired } from "./index-freshness.ts";
import { judgeKeySets, judgeSignatures } from "./index-keys.ts";
import { type CheckedKeySet, checkKeySets } from "./key-sets.ts";
import type { Pinning, TrustedIndex, TrustRequest } from "./trust-request.ts";

/**
 * Decides whether an index is the repository's own, signed by the right keys, no older than the last one seen, and not expired.
 *
 * @throws {PkgError} INDEX_INVALID, INDEX_MISMATCH, INDEX_ROLLED_BACK, INDEX_EXPIRED, CLOCK_WRONG, KEYS_CHANGED,
 * SIGNATURE_MISSING, SIGNATURE_INVALID, SIGNATURE_UNTRUSTED
 */
export function trustIndex(request: TrustRequest): TrustedIndex {
  const { task, index, pinned, now } = request;
  const { header } = index;
  checkIdentity(request);
  const keySets = checkKeySets(header.keySets, task);
  const inForce = keySets.at(-1);
  if (inForce === undefined) throw new Error("the schema requires a key set");
  const pinning = judgeKeySets(request, keySets);
  const signers = judgeSignatures(request, inForce, pinning);
  checkSerial(request);
  checkLifetime(header, task);
  checkClock(Math.max(header.issuedMs, pinned?.issuedMs ?? 0), request);
  const isStale = isExpired(header, now);
  if (isStale && !request.allowStale) throw expired(header, request);
  return { record: recordOf(request, inForce, pinning), signers, pinning, isExpired: isStale };
}

function recordOf(request: TrustRequest, inForce: CheckedKeySet, pinning: Pinning): TrustRecord {
  const { name, url, pinned, given, now } = request;
  const { header, digest } = request.index;
  const { version, threshold, keys } = inForce;
  const isGivenAnew = pinning === "first use" || pinning === "given";
  return {
    name,
    url,
    repository: header.repository,
    serial: header.serial,
    digest,
    issuedMs: Math.max(header.issuedMs, pinned?.issuedMs ?? 0),
    expiresMs: header.expiresMs,
    keySet: { version, threshold, keys },
    givenKeys: isGivenAnew ? given.keys.map(({ text }) => text) : (pinned?.givenKeys ?? []),
    pinnedMs: pinning === "kept" ? (pinned?.pinnedMs ?? now) : now,
  };
}

function checkIdentity({ name, pinned, index: { header }, task }: TrustRequest): void {
  if (pinned === null || header.repository === pinned.repository) return;
  throw new PkgError(
    "INDEX_MISMATCH",
    `Cannot ${task}: its index is that of "${header.repository}", expected "${pinned.repository}", which is pinned`,
    {
      hint: `Check its url with \`pkg repo list\`; if it is meant to be another one now, run \`pkg repo remove ${name}\` and add it again`,
    },
  );
}

function checkSerial({ pinned, index: { header, digest }, task }: TrustRequest): void {
  if (pinned === null || header.serial > pinned.serial) return;
  if (header.serial < pinned.serial) {
    throw new PkgError(
      "INDEX_ROLLED_BACK",
      `Cannot ${task}: its index has serial ${header.serial}, and ${pinned.serial} was seen before`,
      { hint: "An older index was served in place of a newer one; if it was a slow mirror, try again later" },
    );
  }
  if (digest === pinned.digest) return;
  throw new PkgError(
    "INDEX_MISMATCH",
    `Cannot ${task}: two indexes have serial ${header.serial}: expected digest "${pinned.digest}", which was seen before, found "${digest}"`,
    { hint: "Tell the publisher: each index has a serial of its own" },
  );
}
