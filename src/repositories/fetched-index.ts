import type { RetrySettings } from "../base/retry.ts";
import type { IndexAddress } from "../config/index-address.ts";
import { PkgError } from "../errors.ts";
import { INDEX_FILE_NAMES } from "../index/index-artifact.ts";
import type { NamedBy, Network } from "../network/network.ts";
import { MAX_SIGNATURE_LIST_BYTES } from "../verify/signature-list.ts";
import type { DownloadedIndex } from "./index-download.ts";

/** What fetching an index needs of the world. */
export interface IndexReader {
  /** Not opened for what is on this machine's disk. */
  readonly network: () => Promise<Network>;
  readonly retry: RetrySettings;
  readonly signal: AbortSignal;
}

/** What a server needs to say "unchanged". */
export interface KnownVersion {
  readonly etag: string | null;
  readonly lastModified: string | null;
}

export interface FetchIndexRequest {
  readonly address: IndexAddress;
  /** Who named it. */
  readonly namedBy: NamedBy;
  /** What cannot be done without it, for messages: `sync "tools"`. */
  readonly task: string;
  /** Null: the whole is fetched. */
  readonly known: KnownVersion | null;
  /** Give up when the server has not begun to answer after so many ms; null: wait as long as it takes. */
  readonly answerWithinMs: number | null;
  /** The file beside which the download is put. */
  readonly beside: string;
  /** Told of the bytes so far; `totalBytes` is null where the server does not tell. */
  readonly onProgress: (bytes: number, totalBytes: number | null) => void;
}

/** An index as it came, and what is said to sign it. */
export interface FetchedIndex {
  readonly download: DownloadedIndex;
  /** The bytes of its signature file. @throws {PkgError} SIGNATURE_MISSING, and those of the network */
  readonly signatures: () => Promise<Buffer>;
  /** What its signatures may call it. */
  readonly fileNames: readonly string[];
  /** False: index and signatures were asked for one after the other, and the host may have been updated in between. */
  readonly isOneMoment: boolean;
}

/** What the signatures of an index in the file `name` may say that they sign: that file, or the one it was made under. */
export function signedNames(name: string): readonly string[] {
  return [name, ...INDEX_FILE_NAMES.filter((other) => other !== name)];
}

/** Why an index that must be signed is refused. */
export function missingSignatures(task: string, cause?: unknown): PkgError {
  return new PkgError(
    "SIGNATURE_MISSING",
    `Cannot ${task}: its index has no signature, expected one by the repository's key`,
    { hint: "Tell the publisher: the signatures are at the index's address with .sig added", cause },
  );
}

/** Why a signature file on disk or in a place is refused. */
export function signaturesTooLarge(task: string, bytes: number): PkgError {
  return new PkgError(
    "INDEX_TOO_LARGE",
    `Cannot ${task}: the signature file of its index has ${bytes} bytes, at most ${MAX_SIGNATURE_LIST_BYTES} allowed`,
  );
}
