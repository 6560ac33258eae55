import { byteCount } from "../base/format-bytes.ts";
import type { RetrySettings } from "../base/retry.ts";
import type { RepositoryKind } from "../config/defaults.ts";
import type { IndexAddress } from "../config/index-address.ts";
import { PkgError } from "../errors.ts";
import type { Coding } from "../http/content-coding.ts";
import { INDEX_FILE_NAMES } from "../index/index-artifact.ts";
import type { NamedBy, Network } from "../network/network.ts";
import type { Location } from "../oci/location.ts";
import { MAX_SIGNATURE_LIST_BYTES } from "../verify/signature-list.ts";
import type { DownloadedIndex } from "./index-download.ts";

/** What fetching an index needs from the outside world. */
export interface IndexReader {
  /** Not opened for an index on this machine's disk. */
  readonly network: () => Promise<Network>;
  readonly retry: RetrySettings;
  readonly signal: AbortSignal;
  /** Called whenever a server begins to answer. */
  readonly onAnswer?: () => void;
  /** The home's blob directory, which holds the partial file of an index that is being downloaded. */
  readonly blobs: string;
}

/** What a server needs in order to answer "unchanged". */
export interface KnownVersion {
  readonly etag: string | null;
  readonly lastModified: string | null;
  /** Which of the request's files it is; absent: the request names none. */
  readonly file?: string;
}

/** An index in a bundle. */
export interface BundledIndexRequest {
  readonly location: Location;
  /** The repository's address, by which it is found there. */
  readonly url: string;
  readonly kind: RepositoryKind;
  /** The machine that it is wanted for. */
  readonly platform: string;
}

export interface FetchIndexRequest {
  readonly address: IndexAddress;
  /** The bundle that has the index of this address; absent: it is fetched from there. */
  readonly bundle?: BundledIndexRequest;
  /** Paths below the address, of which the first that exists is the index; absent: the index is at the address itself. */
  readonly files?: readonly string[];
  /** Bytes at most, as they are served; default: MAX_DOWNLOAD_BYTES. */
  readonly maxBytes?: number;
  /** Codings that an http server may send it in, and in which it is stored; default: none, as a signature is of the bytes sent. */
  readonly codings?: readonly Coding[];
  /** Who named it. */
  readonly namedBy: NamedBy;
  /** What cannot be done without it, for messages: `sync "tools"`. */
  readonly task: string;
  /** Null: the whole index is fetched. */
  readonly known: KnownVersion | null;
  /** The file beside which the download is stored if the home's blob directory cannot be written. */
  readonly beside: string;
  /** Called with the bytes so far; `totalBytes` is null if the server does not say. */
  readonly onProgress: (bytes: number, totalBytes: number | null, resumedBytes?: number) => void;
}

/** An index as it was served, and the signatures that are claimed for it. */
export interface FetchedIndex {
  readonly download: DownloadedIndex;
  /** Which of the request's files it is; absent: the request names none. */
  readonly file?: string;
  /** The bytes of its signature file. @throws {PkgError} SIGNATURE_MISSING, and those of the network */
  readonly signatures: () => Promise<Buffer>;
  /** The file names that its signatures may use for it. */
  readonly fileNames: readonly string[];
  /** False: index and signatures were fetched one after the other, and the host may have been updated in between. */
  readonly isOneMoment: boolean;
}

/** The file names that signatures of an index in the file `name` may state: that name, or the one it was made under. */
export function signedNames(name: string): readonly string[] {
  return [name, ...INDEX_FILE_NAMES.filter((other) => other !== name)];
}

const ASK_PUBLISHER = "Tell the publisher: the signatures are at the index's address with .sig added";

/** Makes the error for an index that must be signed and has no signature. */
export function missingSignatures(task: string, cause?: unknown, hint: string = ASK_PUBLISHER): PkgError {
  return new PkgError(
    "SIGNATURE_MISSING",
    `Cannot ${task}: its index has no signature, expected one by the repository's key`,
    { hint, cause },
  );
}

/** Makes the error for a signature file, on disk or in a place, that is too large. */
export function signaturesTooLarge(task: string, bytes: number): PkgError {
  return new PkgError(
    "INDEX_TOO_LARGE",
    `Cannot ${task}: the signature file of its index has ${byteCount(bytes)}, at most ${MAX_SIGNATURE_LIST_BYTES} allowed`,
  );
}
