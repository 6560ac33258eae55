import type { ConfiguredRepository } from "../config/repository.ts";
import { hasCode, PkgError } from "../errors.ts";
import { formatTime } from "../index/header.ts";
import type { RepositoryOwner } from "../package/repository-owner.ts";
import { givenSigners, refuseKeyless } from "../verify/index-keys.ts";
import { parsePublicKey } from "../verify/minisign.ts";
import { requireSigners, type SignersNeeded, signedAt } from "../verify/signature-list.ts";
import { missingSignatures } from "./fetched-index.ts";
import type { JudgeRequest } from "./judge-request.ts";

/** Who signed an index of an older form, and when. */
export type JudgedOlder = Pick<RepositoryOwner, "keySet" | "signedAtMs"> & { readonly signers: readonly string[] };

const UNSIGNED: JudgedOlder = { signers: [], keySet: null, signedAtMs: null };

/**
 * An index of an older form says nothing about who may sign it. Keys that were given for its repository must have signed
 * it, and so must the keys that ever did: a form that can go without a signature is no way around them.
 *
 * @throws {PkgError} SIGNATURE_MISSING, SIGNATURE_INVALID, SIGNATURE_UNTRUSTED, KEYS_CHANGED, INDEX_ROLLED_BACK
 */
export async function judgeOlder(request: JudgeRequest): Promise<JudgedOlder> {
  const { fetched, signedBefore, now } = request;
  const needed = neededSigners(request);
  if (needed === null) return UNSIGNED;
  const blake2b512 = await fetched.download.blake2b512();
  const document = { blake2b512, signatures: await signaturesOf(request), fileNames: null };
  const signers = requireSigners(document, needed);
  const keySet = { version: 0, threshold: needed.needed, keys: needed.keys.map(({ text }) => text).toSorted() };
  const signedAtMs = signedAt(document, needed);
  const isByTheSame = signedBefore?.keySet?.keys.join() === keySet.keys.join();
  if (isByTheSame) checkTime(request, signedBefore?.signedAtMs ?? null, signedAtMs);
  // A clock that was wrong when it signed must not shut out all that is signed from now on.
  return { signers, keySet, signedAtMs: signedAtMs === null ? null : Math.min(signedAtMs, now) };
}

/** Null: it need not be signed. One of the third generation has the only hashes of its packages, so any key counts. */
function neededSigners({ repository, read, signedBefore, wasSigned, task }: JudgeRequest): SignersNeeded | null {
  const { name, policy, signedIndex, threshold, areKeysTyped: areTyped = false } = repository;
  const isGiven = signedIndex || (read.format === "g3" && policy.keys.length > 0);
  const before = signedBefore?.keySet ?? null;
  if (signedBefore !== null && signedBefore.identity !== null && before !== null) {
    throw refuseKeyless({ name, repository: signedBefore.identity, keySet: before }, task);
  }
  if (isGiven) return givenSigners({ keys: policy.keys, threshold, areTyped }, task);
  if (before === null && wasSigned) throw unsignedNow(repository, task);
  if (before === null) return null;
  const keys = before.keys.map(parsePublicKey);
  return {
    keys,
    needed: before.threshold,
    whose: "the keys that signed it before",
    hint: addAgain(signedBefore?.name ?? name),
    task,
  };
}

async function signaturesOf(request: JudgeRequest): Promise<Buffer> {
  const { fetched, signedBefore, task } = request;
  try {
    return await fetched.signatures();
  } catch (error) {
    if (!hasCode(error, "SIGNATURE_MISSING")) throw error;
    throw signedBefore === null
      ? missingSignatures(task, error, givenHint(request))
      : unsignedNow(signedBefore, task, error);
  }
}

function givenHint({ repository: { name }, read }: JudgeRequest): string {
  if (read.format === "g3") {
    return "It lists downloads that no publisher signs one by one, so keys have to sign the list; without --key, it is taken unsigned";
  }
  return `The keys of a repository have to sign its index. If these sign only its packages, add it with \`pkg repo add … --unsigned-index\`, or put signed_index = false under [repositories.${name}]`;
}

function addAgain(name: string): string {
  return `If it is meant to be like this from now on, run \`pkg repo remove ${name}\` and add it again`;
}

/** The error for an index without the signature that its repository had before. */
export function unsignedNow({ name }: Pick<ConfiguredRepository, "name">, task: string, cause?: unknown): PkgError {
  return new PkgError("SIGNATURE_MISSING", `Cannot ${task}: its index has no signature, and it was signed before`, {
    hint: `Somebody may be impersonating the publisher: nothing was taken over. ${addAgain(name)}`,
    cause,
  });
}

/** The times are the publisher's own: they show that a signed index is an old one, though not that it is the newest. */
function checkTime({ task }: JudgeRequest, before: number | null, now: number | null): void {
  if (before === null || (now !== null && now >= before)) return;
  const found = now === null ? "states no time" : `is of ${formatTime(now)}`;
  throw new PkgError(
    "INDEX_ROLLED_BACK",
    `Cannot ${task}: its signature ${found}, and one of ${formatTime(before)} was seen before`,
    { hint: "An older index was served in place of a newer one; if it was a slow mirror, try again later" },
  );
}
