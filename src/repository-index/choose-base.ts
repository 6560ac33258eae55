import type { EmitEvent } from "../base/events.ts";
import { hashHex } from "../base/hashes.ts";
import { PkgError } from "../errors.ts";
import { formatDocument } from "../index/document.ts";
import { INDEX_TAG } from "../index/index-artifact.ts";
import type { IndexDocument } from "../index/read-document.ts";
import type { RememberedSerial } from "../keys/serial-memory.ts";
import type { PublishedIndex, PublishedIndexes } from "./find-published.ts";

/** What a person says about the serials that were published before. */
export interface SerialRequest {
  /** The serial published last, or one before it: what is lower is not built upon. Default: what this machine remembers. */
  readonly afterSerial?: number | null;
  /** Builds on the index with this serial (0: on none), although a higher one was published. */
  readonly acceptSerial?: number | null;
}

/** What is known about the serials that were published before. */
export interface KnownSerials extends SerialRequest {
  readonly remembered: RememberedSerial | null;
}

/** The lowest serial that may be built upon; 0: nothing is known. */
export function lowestSerial({ remembered, afterSerial }: KnownSerials): number {
  return Math.max(remembered?.serial ?? 0, afterSerial ?? 0);
}

/** An index that may be built upon. */
export interface IndexToBuildOn {
  /** As messages name it. */
  readonly source: string;
  readonly serial: number;
  /** SHA-256 of the document, not packed. */
  readonly document: string;
}

/**
 * Refuses to build on an index that is older than what was published before, or that is another one of the same serial: whoever can
 * write to its host would have old entries signed again.
 *
 * @param index null: there is none
 * @throws {PkgError} INDEX_ROLLED_BACK, INDEX_MISMATCH
 */
export function checkBase(
  index: IndexToBuildOn | null,
  place: string,
  known: KnownSerials & { readonly task: string },
): void {
  const { remembered, acceptSerial, task } = known;
  const serial = index?.serial ?? 0;
  if (acceptSerial !== undefined && acceptSerial !== null) {
    checkAccepted(serial, acceptSerial, { place, task });
    return;
  }
  const lowest = lowestSerial(known);
  const accept = `if it is to be built upon all the same, add --accept-serial ${serial}`;
  const from = lowest === remembered?.serial ? "which was published before" : "which --after-serial says";
  if (serial < lowest) {
    const found = index === null ? "there is none" : `its serial is ${serial}`;
    throw new PkgError(
      "INDEX_ROLLED_BACK",
      `Cannot ${task} the index of "${place}": ${found}, expected ${lowest} or a higher one, ${from}`,
      { hint: `Somebody may have put an older index in its place, or hidden the newer one; ${accept}` },
    );
  }
  if (index === null || serial !== remembered?.serial || index.document === remembered.document) return;
  throw new PkgError(
    "INDEX_MISMATCH",
    `Cannot ${task} the index of "${place}": another index with serial ${serial} was published before`,
    { hint: `Somebody may have put another index in its place; ${accept}` },
  );
}

/**
 * Refuses to publish or sign an index that is older than what was published before, or another one of the same serial.
 *
 * @throws {PkgError} INDEX_ROLLED_BACK, INDEX_MISMATCH
 */
export function checkNotOlder(
  { serial, document }: RememberedSerial,
  { remembered, afterSerial, task }: KnownSerials & { readonly task: string },
): void {
  const lowest = lowestSerial({ remembered, afterSerial: afterSerial ?? null });
  if (serial < lowest) {
    throw new PkgError(
      "INDEX_ROLLED_BACK",
      `Cannot ${task} the index: its serial is ${serial}, expected ${lowest} or a higher one, because ${lowest} was published before`,
      { hint: "Build it again, on the newest one" },
    );
  }
  if (serial !== remembered?.serial || document === remembered.document) return;
  throw new PkgError(
    "INDEX_MISMATCH",
    `Cannot ${task} the index: another index with serial ${serial} was published before`,
    { hint: "Build it again, on the newest one" },
  );
}

function checkAccepted(
  serial: number,
  accepted: number,
  { place, task }: { readonly place: string; readonly task: string },
): void {
  if (serial === accepted) return;
  throw new PkgError(
    "INDEX_MISSING",
    `Cannot ${task} the index of "${place}" with serial ${accepted}: found ${serial === 0 ? "none" : `serial ${serial}`}`,
    { hint: "--accept-serial names the serial of the index to build on; 0 builds on none" },
  );
}

/** The SHA-256 of an index, however it is packed. */
export function documentHash({ header, entries }: Pick<IndexDocument, "header" | "entries">): string {
  return hashHex("sha256", formatDocument(header, entries));
}

/** Whose tags to check. */
export interface TagsRequest {
  readonly place: string;
  readonly known: KnownSerials;
  /** The task that fails otherwise: the message begins "Cannot TASK the index". */
  readonly task: string;
  readonly emit: EmitEvent;
}

/** A registry may have any number of tags. */
const MAX_TOLD = 16;

/** True when a person has said which index to build on. */
function hasChosen({ acceptSerial = null }: SerialRequest): boolean {
  return acceptSerial !== null;
}

/**
 * Refuses to go on when tags above the newest index name something else, unless a person has said which index to build on: the
 * newest may have been taken away, and what is remembered here need not be the last. Warns of such tags otherwise, and of a `latest`
 * that leads elsewhere.
 *
 * @throws {PkgError} the reason why the highest of them is no index of the publisher's; INDEX_ROLLED_BACK
 */
export function checkTags(
  { newest, misfits, latest, serials }: PublishedIndexes,
  { place, known, task, emit }: TagsRequest,
): void {
  const first = misfits.find(({ tag }) => newest === null || tag !== INDEX_TAG);
  if (first !== undefined && !hasChosen(known)) throw misfit(first, { newest, place, task });
  for (const { tag, error } of misfits) {
    emit({ kind: "warning", message: `The tag "${place}:${tag}" is passed over: ${error.message}` });
  }
  const passed = hasChosen(known) ? [...serials].filter((serial) => serial > serialOf(newest)) : [];
  for (const serial of passed.slice(0, MAX_TOLD)) {
    emit({ kind: "warning", message: `The tag "${place}:${serial}" is passed over, as --accept-serial says` });
  }
  if (newest === null || latest?.digest === newest.digest) return;
  const found =
    latest === null
      ? "does not exist"
      : `names ${latest.serial === null ? "something else" : `serial ${latest.serial}`}`;
  const message = `The tag "${place}:${INDEX_TAG}" ${found}, and serial ${serialOf(newest)} is there: that one counts`;
  emit({ kind: "warning", message });
}

function misfit(
  { tag, error }: PublishedIndexes["misfits"][number],
  { newest, place, task }: { readonly newest: PublishedIndex | null; readonly place: string; readonly task: string },
): PkgError {
  if (newest === null) return error;
  return new PkgError(
    "INDEX_ROLLED_BACK",
    `Cannot ${task} the index of "${place}": its tag "${tag}" names something else than a newer index (${error.message.replace(/^C/, "c")})`,
    {
      hint: `Somebody may have taken the newer index away, or it is a stray tag: remove it, or if serial ${serialOf(newest)} was published last, add --accept-serial ${serialOf(newest)}`,
      cause: error,
    },
  );
}

function serialOf(index: PublishedIndex | null): number {
  return index?.document.header.serial ?? 0;
}

/** A tag may be a date or a time, and is not taken for a serial then: the numbers are not to be used up. */
const MAX_LIKELY_SERIAL = 1e9;

/** The highest serial that has a tag, whatever the tag names; 0: there is none. */
function highestTag({ serials }: Pick<PublishedIndexes, "serials">): number {
  return [...serials].filter((serial) => serial <= MAX_LIKELY_SERIAL).reduce((a, b) => Math.max(a, b), 0);
}

/**
 * Refuses an index that was built before, and that is to be published although tags above what it was built on were passed over, unless
 * it is above all of these.
 *
 * @throws {PkgError} INDEX_ROLLED_BACK
 */
export function checkAboveTags(serial: number, found: PublishedIndexes): void {
  const highest = highestTag(found);
  if (serial > highest || serial === serialOf(found.newest)) return;
  throw new PkgError(
    "INDEX_ROLLED_BACK",
    `Cannot publish the index: its serial is ${serial}, and there is a tag "${highest}", expected a higher serial than that`,
    { hint: `Build it again, with --serial ${highest + 1}` },
  );
}

/**
 * The serial of the next index: the first above all that were published or are known, for which there is no tag. If a person has
 * chosen what to build on, it is above those that were passed over as well, so that these do not count any more.
 */
export function nextSerial(found: PublishedIndexes, known: KnownSerials): number {
  const passed = hasChosen(known) ? highestTag(found) : 0;
  let next = Math.max(serialOf(found.newest), lowestSerial(known), passed) + 1;
  while (found.serials.has(next)) next += 1;
  return next;
}
