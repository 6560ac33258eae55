import type { Repository } from "../config/config.ts";
import { PkgError } from "../errors.ts";
import { INDEX_FILE_NAMES } from "../index/index-artifact.ts";
import type { DownloadedIndex } from "./index-download.ts";

/** What a server needs to say "unchanged". */
export interface KnownVersion {
  readonly etag: string | null;
  readonly lastModified: string | null;
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

export interface FetchIndexRequest {
  readonly repository: Repository;
  /** Null: the whole is fetched. */
  readonly known: KnownVersion | null;
  /** Give up when the server has not begun to answer after so many ms; null: wait as long as it takes. */
  readonly answerWithinMs: number | null;
}

/** What the signatures of an index at `url` may say that they sign: its file's name, or the one it was made under. */
export function signedNames(url: URL): readonly string[] {
  const name = unescapedName(url.pathname.slice(url.pathname.lastIndexOf("/") + 1));
  return name === "" ? INDEX_FILE_NAMES : [name, ...INDEX_FILE_NAMES.filter((other) => other !== name)];
}

function unescapedName(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Why an index that must be signed is refused. */
export function missingSignatures(name: string, cause?: unknown): PkgError {
  return new PkgError(
    "SIGNATURE_MISSING",
    `Cannot sync "${name}": its index has no signature, expected one by the repository's key`,
    { hint: "Tell the publisher: the signatures are at the index's address with .sig added", cause },
  );
}
