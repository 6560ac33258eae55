import { hashHex } from "../base/hashes.ts";
import { describeFailure, type Failure } from "../capabilities/outcome.ts";
import type { PkgError } from "../errors.ts";
import { countPackages, type GonePackage, type IndexDiff } from "../index/diff.ts";
import { formatTime } from "../index/header.ts";
import { INDEX_FILE_NAMES } from "../index/index-artifact.ts";
import type { Signer } from "../sign/signer.ts";
import type { IndexDraft } from "./draft.ts";

/** A built package index, as it is reported. */
export interface BuiltIndex {
  readonly repository: string;
  readonly serial: number;
  /** ISO 8601, to the second. */
  readonly issuedAt: string;
  /** ISO 8601, to the second. */
  readonly expiresAt: string;
  readonly packageCount: number;
  readonly entryCount: number;
  /** How many entries were read from registries. */
  readonly readCount: number;
  /** The number of the key set in force, how many of its keys have to sign, and their ids. */
  readonly keySetVersion: number;
  readonly threshold: number;
  readonly keyIds: readonly string[];
  /** Ids of the keys that signed it. */
  readonly signerIds: readonly string[];
  /** How it differs from the previous index; null: this is the first. */
  readonly changes: IndexDiff | null;
  /** Packages that the previous index has and this one has not, with their newest version. */
  readonly gone: readonly GonePackage[];
  /** Why packages were left out. */
  readonly problems: readonly { readonly error: Failure }[];
}

/** Reports a draft. */
export function describeDraft(
  { header, entries, inForce, changes, gone, read }: IndexDraft,
  { signerIds, problems }: { readonly signerIds: readonly string[]; readonly problems: readonly PkgError[] },
): BuiltIndex {
  const { repository, serial, issuedMs, expiresMs } = header;
  const { version, threshold, publicKeys } = inForce;
  return {
    ...{ repository, serial, issuedAt: formatTime(issuedMs), expiresAt: formatTime(expiresMs) },
    packageCount: countPackages(entries),
    entryCount: entries.length,
    readCount: read,
    ...{ keySetVersion: version, threshold, keyIds: publicKeys.map(({ keyId }) => keyId) },
    signerIds,
    changes,
    gone,
    problems: problems.map((problem) => ({ error: describeFailure(problem) })),
  };
}

/** The signatures of each file of an index, one after the other, by the file's name. */
export type IndexSignatures = ReadonlyMap<string, Buffer>;

/** Signs both files of an index with every signer whose key is in the set in force; the other signers sign key sets only. */
export function signDraft(draft: IndexDraft, signers: readonly Signer[]): IndexSignatures {
  const allowed = signersOf(draft, signers);
  const timestamp = draft.header.issuedMs / 1000;
  const contents = { "index.json": draft.document, "index.json.zst": draft.packed };
  return new Map(
    INDEX_FILE_NAMES.map((fileName) => {
      const blake2b512 = hashHex("blake2b512", contents[fileName]);
      return [fileName, Buffer.concat(allowed.map(({ sign }) => sign({ blake2b512, fileName, timestamp })))] as const;
    }),
  );
}

/** The signers whose signature of the index counts. */
export function signersOf({ inForce }: IndexDraft, signers: readonly Signer[]): readonly Signer[] {
  return signers.filter(({ publicKey }) => inForce.keys.includes(publicKey));
}
