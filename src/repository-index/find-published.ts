import { hasCode, PkgError } from "../errors.ts";
import { INDEX_TAG } from "../index/index-artifact.ts";
import { type IndexDocument, readDocument } from "../index/read-document.ts";
import type { Target } from "../oci/content.ts";
import type { Digest } from "../oci/digest.ts";
import { tagDigest, tagsIn } from "../oci-tools/set-tag.ts";
import type { IndexFile } from "./index-file.ts";
import { isMisfit } from "./problems.ts";

/** An index in a registry. */
export interface PublishedIndex {
  readonly file: IndexFile;
  readonly document: IndexDocument;
  /** Of its manifest. */
  readonly digest: Digest;
}

/** What a registry has of an index. */
export interface PublishedIndexes {
  /** The one with the highest serial, whatever `latest` says; null: there is none. */
  readonly newest: PublishedIndex | null;
  /** Tags that are higher than it, or `latest`, and name something else than such an index; the highest first. */
  readonly misfits: readonly { readonly tag: string; readonly error: PkgError }[];
  /** What `latest` names; null: it does not exist. */
  readonly latest: { readonly digest: Digest; readonly serial: number | null } | null;
  /** Every serial that has a tag, whatever the tag names. */
  readonly serials: ReadonlySet<number>;
}

/** Where to look, and how. */
export interface FindPublishedRequest {
  readonly place: Target;
  /** Reads the index at a reference. */
  readonly read: (source: string) => Promise<IndexFile>;
  /** Throws for an index that is not the publisher's own. */
  readonly check: (file: IndexFile, document: IndexDocument) => void;
  /** Only this serial is looked for; null: the highest. */
  readonly only: number | null;
  /** A serial that is looked for even behind any number of tags that name nothing of use; 0: none. */
  readonly least: number;
}

const SERIAL = /^[1-9]\d{0,14}$/;
/** A registry could list any number of tags that name nothing of use. */
const MAX_MISFITS = 16;

/**
 * Looks for the index with the highest serial. Every index keeps the tag of its serial, so it is these tags that decide: `latest`
 * alone could be pointed back to an older index.
 *
 * @throws {PkgError} those of the place
 */
export async function findPublished(request: FindPublishedRequest, signal: AbortSignal): Promise<PublishedIndexes> {
  const { place, only, least } = request;
  const serials = await serialTags(place, signal);
  const misfits: { tag: string; error: PkgError }[] = [];
  let newest: PublishedIndex | null = null;
  const wanted = serials.filter((serial, position) =>
    only === null ? position < MAX_MISFITS || serial === least : serial === only,
  );
  for (const serial of wanted) {
    const found = await readTagged(request, String(serial), signal);
    if (found !== null && "error" in found) misfits.push({ tag: String(serial), error: found.error });
    newest = found !== null && "document" in found ? found : null;
    if (newest !== null) break;
  }
  const digest = await tagDigest(place, INDEX_TAG, signal);
  const isKnown = digest === null || digest === newest?.digest;
  const latest = isKnown ? null : await readTagged(request, INDEX_TAG, signal);
  if (latest !== null && "error" in latest) misfits.push({ tag: INDEX_TAG, error: latest.error });
  const other = latest !== null && "document" in latest ? latest : null;
  const serial = isKnown ? serialOf(newest) : serialOf(other);
  const isHigher = other !== null && (serialOf(other) ?? 0) > (serialOf(newest) ?? 0);
  const isWanted = only === null || serialOf(other) === only;
  return {
    newest: isHigher && isWanted ? other : newest,
    misfits,
    latest: digest === null ? null : { digest, serial },
    serials: new Set(serials),
  };
}

function serialOf(index: PublishedIndex | null): number | null {
  return index?.document.header.serial ?? null;
}

/** The serials that have a tag, whatever it names, the highest first. @throws {PkgError} those of the place */
export async function serialTags(place: Target, signal: AbortSignal): Promise<readonly number[]> {
  return (await tagsIn(place, signal))
    .filter((tag) => SERIAL.test(tag))
    .map(Number)
    .sort((a, b) => b - a);
}

/** The index that a tag names, or why it names none of the publisher's; null when the tag is gone. */
async function readTagged(
  { place, read, check }: FindPublishedRequest,
  tag: string,
  signal: AbortSignal,
): Promise<PublishedIndex | { readonly error: PkgError } | null> {
  const digest = await tagDigest(place, tag, signal);
  if (digest === null) return null;
  try {
    const file = await read(`${place.location}@${digest}`);
    const document = await readDocument(file.bytes);
    checkTag(tag, document);
    check(file, document);
    return { file: { ...file, source: `${place.location}:${tag}` }, document, digest };
  } catch (error) {
    if (isMisfit(error) || hasCode(error, "INDEX_MISSING", "INDEX_INVALID", "INDEX_TOO_LARGE", "INDEX_MISMATCH")) {
      return { error };
    }
    throw error;
  }
}

/** An older index under the tag of a newer one would be built upon as if it were the newer one. */
function checkTag(tag: string, { header }: IndexDocument): void {
  if (tag === INDEX_TAG || header.serial === Number(tag)) return;
  throw new PkgError("INDEX_MISMATCH", `Cannot use the index tagged "${tag}": its serial is ${header.serial}`);
}
