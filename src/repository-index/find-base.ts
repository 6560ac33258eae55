import { resolve } from "node:path";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { PkgError } from "../errors.ts";
import { readDocument } from "../index/read-document.ts";
import { recallSerial, type SerialSubject } from "../keys/serial-memory.ts";
import type { Target } from "../oci/content.ts";
import { formatLocation, type Location } from "../oci/location.ts";
import type { PublicKey } from "../package/public-key.ts";
import { requireOwnWork } from "./check-signers.ts";
import {
  checkBase,
  checkTags,
  documentHash,
  type IndexToBuildOn,
  type KnownSerials,
  lowestSerial,
  type SerialRequest,
} from "./choose-base.ts";
import { findPublished, type PublishedIndex, type PublishedIndexes } from "./find-published.ts";
import { type IndexFileCapabilities, readIndexFile } from "./index-file.ts";

/** An index that is to be built upon. */
export interface FindBaseRequest extends SerialRequest {
  readonly place: Target;
  readonly location: Location;
  /** Where relative paths begin. */
  readonly directory: string;
  /** Keys of the person who builds. */
  readonly own: readonly PublicKey[];
  /** What the index calls itself, as typed; null: what the published one says. */
  readonly repository: string | null;
}

/** What a registry or layout has of the index, and what is known about earlier serials. */
export interface FoundBase {
  readonly found: PublishedIndexes;
  readonly known: KnownSerials;
}

/**
 * Finds the index that the next one is built upon: that with the highest serial among the tags, which must be the publisher's own
 * work, and not lower than what was published before.
 *
 * @throws {PkgError} as findPublished, checkBase and checkTags; INDEX_MISMATCH
 */
export async function findBase(cap: IndexFileCapabilities, request: FindBaseRequest): Promise<FoundBase> {
  const { place, location, directory, own, repository, acceptSerial = null } = request;
  const name = placeName(location, directory);
  const found = await findPublished(
    {
      ...{ place, read: (source) => readIndexFile(cap, source, directory), only: acceptSerial },
      least: lowestSerial(knownSerials(cap, request, [name])),
      check: (file, { header }) => requireOwnWork(file, header, own),
    },
    cap.signal,
  );
  const known = knownSerials(cap, request, [repository ?? found.newest?.document.header.repository ?? name, name]);
  const task = "build on";
  checkBase(toBuildOn(found.newest), place.location, { ...known, task });
  checkTags(found, { place: place.location, known, task, emit: cap.emit });
  await checkName(cap, { found, name }, request);
  return { found, known };
}

/**
 * Refuses another index of the publisher's that was put in this one's place: its signatures are right. An index that does not have
 * the name of its place has to be called what the first one there is called.
 */
async function checkName(
  cap: IndexFileCapabilities,
  { found: { newest, serials }, name }: { readonly found: PublishedIndexes; readonly name: string },
  { place, directory, repository, acceptSerial = null }: FindBaseRequest,
): Promise<void> {
  const { repository: own, serial } = newest?.document.header ?? { repository: name, serial: 0 };
  const first = [...serials].reduce((a, b) => Math.min(a, b), serial);
  if (own === (repository ?? name) || acceptSerial !== null || first === serial) return;
  const { header } = await readDocument((await readIndexFile(cap, `${place.location}:${first}`, directory)).bytes);
  if (header.repository === own) return;
  throw new PkgError(
    "INDEX_MISMATCH",
    `Cannot build on the index of "${place.location}": serial ${serial} calls itself "${own}", and serial ${first} "${header.repository}"`,
    {
      hint: "Somebody may have put another index there: remove its tag, or name the serial to build on with --accept-serial",
    },
  );
}

function toBuildOn(index: PublishedIndex | null): IndexToBuildOn | null {
  if (index === null) return null;
  const { file, document } = index;
  return { source: file.source, serial: document.header.serial, document: documentHash(document) };
}

/** The name of a place in what is remembered: layouts by their whole path. */
export function placeName(location: Location, directory: string): string {
  if (location.kind === "registry") return formatLocation({ ...location, reference: untagged(location) });
  return formatLocation({ ...location, path: resolve(directory, location.path), tag: null, digest: null });
}

function untagged({ reference }: Extract<Location, { kind: "registry" }>) {
  return { ...reference, tag: null, digest: null };
}

/** What is known about the serials of an index that has one of these names, or is published in one of these places. */
export function knownSerials(
  { config }: Pick<Capabilities, "config">,
  { afterSerial = null, acceptSerial = null }: SerialRequest,
  names: readonly string[],
): KnownSerials {
  const subjects = names.map((name): SerialSubject => `published ${name}`);
  return { afterSerial, acceptSerial, remembered: recallSerial(config.paths, subjects) };
}
