import { isFormulaKey } from "../config/formula-keys.ts";
import { PkgError } from "../errors.ts";
import type { ReadIndexResult } from "../index/read-index.ts";
import type { IndexHeader } from "../package/index-header.ts";
import type { AcceptedIndex } from "../state/repository-owners.ts";
import { refuseKeyless } from "../verify/index-keys.ts";
import { trustIndex } from "../verify/index-trust.ts";
import { isSameKeySet } from "../verify/key-sets.ts";
import { parsePublicKey } from "../verify/minisign.ts";
import type { GivenKeys, TrustedIndex } from "../verify/trust-request.ts";
import { judgeOlder, unsignedNow } from "./judge-older.ts";
import type { JudgeRequest } from "./judge-request.ts";

/** Why an index may be trusted. */
export interface JudgedIndex {
  /** Ids of the keys that signed it; empty if it need not be signed. */
  readonly signers: readonly string[];
  /** Null for the older forms, which say nothing about themselves. */
  readonly trusted: TrustedIndex | null;
  /** By what the repository is recognised from now on. */
  readonly owner: Pick<AcceptedIndex, "identity" | "keySet" | "signedAtMs" | "keySets">;
}

/** Decides whether an index may be used. @throws {PkgError} those of trustIndex */
export async function judgeIndex(request: JudgeRequest): Promise<JudgedIndex> {
  const { read, pinned, task } = request;
  refuseInsteadOfFormulae(request);
  if (read.header !== null) {
    const trusted = await judgeSigned({ ...request, header: read.header });
    refuseOtherKeys(request, read.header);
    const { repository: identity, keySet } = trusted.record;
    const keySets = read.header.keySets.map(({ version, threshold, keys }) => ({ version, threshold, keys }));
    return { signers: trusted.signers, trusted, owner: { identity, keySet, signedAtMs: null, keySets } };
  }
  if (pinned !== null) throw refuseKeyless(pinned, task);
  if (request.accepted !== null) throw noKeys(task);
  const { signers, ...owner } = await judgeOlder(request);
  return { signers, trusted: null, owner: { ...owner, identity: null, keySets: [] } };
}

/** What was signed as formulae are needs other keys in the config if it is to be another kind of index. */
function refuseInsteadOfFormulae({ repository, signedBefore, task }: JudgeRequest): void {
  const { policy, signedIndex } = repository;
  if (policy.keys.length > 0 && signedIndex) return;
  if (signedBefore?.keySet?.keys.some(isFormulaKey) === true) throw unsignedNow(signedBefore, task);
}

/**
 * An index that is known under another name has its keys, and so has the one that is in place if the state was lost: a
 * first use is no way around either.
 */
function refuseOtherKeys(request: JudgeRequest, { keySets }: IndexHeader): void {
  const { pinned, accepted, repository, task } = request;
  const isFirstUse = pinned === null && accepted === null && repository.policy.keys.length === 0;
  const known = isFirstUse ? knownKeys(request) : null;
  if (known === null) return;
  const same = keySets[known.keySet.version - 1];
  if (same !== undefined && isSameKeySet(same, known.keySet)) return;
  throw new PkgError(
    "KEYS_CHANGED",
    `Cannot ${task}: its keys are not those of "${known.name}", which has the same identity or address, and other keys pinned`,
    {
      hint: `Somebody may be impersonating the publisher: nothing was taken over. Once you have the keys from the publisher, give them with --key RW…, or run \`pkg repo remove ${known.name}\` first`,
    },
  );
}

function knownKeys({ signedBefore, keysInPlace, repository }: JudgeRequest) {
  if (signedBefore !== null && signedBefore.keySet !== null && signedBefore.identity !== null) {
    return { name: signedBefore.name, keySet: signedBefore.keySet };
  }
  return keysInPlace === null ? null : { name: repository.name, keySet: keysInPlace };
}

function noKeys(task: string): PkgError {
  return new PkgError("INDEX_INVALID", `Cannot ${task}: its index names no keys that could be accepted`, {
    hint: "It is in an older form: its keys are those in the config",
  });
}

async function judgeSigned(
  request: JudgeRequest & { readonly header: NonNullable<ReadIndexResult["header"]> },
): Promise<TrustedIndex> {
  const { repository, fetched, header, digest, ...rest } = request;
  const { name, url } = repository;
  const blake2b512 = await fetched.download.blake2b512();
  const signatures = await fetched.signatures();
  return trustIndex({
    ...rest,
    name,
    url,
    given: givenKeys(request),
    index: { header, digest, blake2b512, signatures, fileNames: fetched.fileNames },
  });
}

/** The keys in the config; without any, those that signed its lists, which an index with keys of its own is to replace. */
function givenKeys({ repository, pinned, signedBefore }: JudgeRequest): GivenKeys {
  const { policy, threshold, areKeysTyped: areTyped = false } = repository;
  const before = pinned === null && signedBefore?.identity === null ? signedBefore.keySet : null;
  if (policy.keys.length > 0 || before === null) return { keys: policy.keys, threshold, areTyped };
  return { keys: before.keys.map(parsePublicKey), threshold: before.threshold };
}
