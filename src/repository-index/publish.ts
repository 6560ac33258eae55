import type { Capabilities } from "../capabilities/capabilities.ts";
import type { WithErrors } from "../capabilities/outcome.ts";
import { PkgError } from "../errors.ts";
import { diffIndexes, type GonePackage, gonePackages, type IndexDiff } from "../index/diff.ts";
import { INDEX_LAYER, INDEX_TAG } from "../index/index-artifact.ts";
import { type IndexDocument, readDocument } from "../index/read-document.ts";
import type { Digest } from "../oci/digest.ts";
import { formatReference } from "../oci/reference.ts";
import { type OpenedPlace, openTarget, withPlace } from "../oci-tools/open-place.ts";
import { tellVisibility } from "../oci-tools/visibility.ts";
import { type BuiltIndex, describeDraft, signDraft, signersOf } from "./built-index.ts";
import { type CheckedIndex, checkPublishable, checkSucceeds } from "./check-publishable.ts";
import { checkKeySetChain, requireThreshold } from "./check-signers.ts";
import {
  checkAboveTags,
  checkNotOlder,
  checkTags,
  documentHash,
  type KnownSerials,
  lowestSerial,
  nextSerial,
  type SerialRequest,
} from "./choose-base.ts";
import { type DraftOptions, draftPackageIndex, openDraftKeys, ownKeys } from "./draft.ts";
import { findBase, knownSerials, placeName } from "./find-base.ts";
import { findPublished, type PublishedIndexes } from "./find-published.ts";
import { type IndexFile, readIndexFile } from "./index-file.ts";
import { type PackageReader, type PackageReaderCapabilities, packageReader } from "./package-reader.ts";
import { pushIndex } from "./push-index.ts";
import { rememberIndex } from "./remember-serial.ts";

/** What publishing an index needs of the world. */
export type PublishIndexCapabilities = PackageReaderCapabilities & Pick<Capabilities, "now">;

/** Which index to publish, and where. */
export interface PublishIndexRequest extends DraftOptions, SerialRequest {
  /** `registry/name`, without a tag. */
  readonly reference: string;
  /** A directory or file with a signed index; null: one is built, on the published one. */
  readonly built: string | null;
  /** Where relative paths begin. */
  readonly directory: string;
  /** Publishes the index even if packages had to be left out. */
  readonly keepGoing: boolean;
  /** Sends nothing. */
  readonly dryRun: boolean;
}

/** What was published, or would be. */
export interface PublishIndexOutcome {
  readonly reference: string;
  readonly serial: number;
  readonly state: "published" | "unchanged" | "would publish" | "refused";
  /** Of the manifest; null when nothing was sent. */
  readonly digest: Digest | null;
  readonly tags: readonly string[];
  /** Ids of the keys that signed the index. */
  readonly signerIds: readonly string[];
  /** Null: it had been built before. */
  readonly built: BuiltIndex | null;
  /** How it differs from the index that it follows; null: it follows none. */
  readonly changes: IndexDiff | null;
  /** Packages that the index before has and this one has not, with their newest version. */
  readonly gone: readonly GonePackage[];
}

/**
 * Publishes a package index as an OCI artifact: under its serial for ever, and under `latest` until the next one. What it follows
 * is the index with the highest serial among the tags, and that must not be lower than what was published before.
 *
 * @throws {PkgError} REFERENCE_INVALID; as draftPackageIndex, checkPublishable, checkSucceeds, checkBase, checkTags and pushIndex
 */
export function publishPackageIndex(
  cap: PublishIndexCapabilities,
  request: PublishIndexRequest,
): Promise<WithErrors<PublishIndexOutcome>> {
  return withPlace(openTarget(cap, request.reference), async (opened) => {
    const { place, location, key } = opened;
    if (key !== null) throw tagged(request.reference, place.location);
    const reader = packageReader(cap);
    const publishing: Publishing = { cap, request, opened, reader };
    const { file, built, errors, found, known } = await (request.built === null
      ? makeIndex(publishing)
      : takeBuilt(publishing, request.built));
    const facts = { reference: place.location, built };
    if (file === null) {
      const serial = built?.serial ?? 0;
      const changes = built?.changes ?? null;
      const gone = built?.gone ?? [];
      return {
        outcome: { ...facts, changes, gone, state: "refused", serial, signerIds: [], digest: null, tags: [] },
        errors,
      };
    }
    const { header, signerIds } = await checkPublishable(file, cap.now());
    const document = await readDocument(file.bytes);
    const gone = gonePackages(found.newest?.document.entries ?? [], document.entries);
    const checked = { ...facts, changes: changesOf(found, document), gone, serial: header.serial, signerIds };
    const isSame = await isPublished(file, header, found);
    checkNotOlder({ serial: header.serial, document: documentHash(document) }, { ...known, task: "publish" });
    if (request.dryRun || isSame) {
      if (!request.dryRun) remember(publishing, document);
      return { outcome: { ...checked, state: isSame ? "unchanged" : "would publish", digest: null, tags: [] }, errors };
    }
    const seen = { knownSerials: found.serials, knownLatest: found.latest?.digest ?? null };
    const digest = await pushIndex({ place, file, header, ...seen }, reader);
    remember(publishing, document);
    if (location.kind === "registry") await tellVisibility(cap, { ...location.reference, tag: INDEX_TAG });
    const tags = [String(header.serial), INDEX_TAG];
    return { outcome: { ...checked, state: "published", digest, tags }, errors };
  });
}

interface Publishing {
  readonly cap: PublishIndexCapabilities;
  readonly request: PublishIndexRequest;
  readonly opened: OpenedPlace;
  readonly reader: PackageReader;
}

/** True when this very index is published, and `latest` names it; throws when it may not replace the published one. */
async function isPublished(
  file: IndexFile,
  header: CheckedIndex["header"],
  { newest, latest }: PublishedIndexes,
): Promise<boolean> {
  if (newest === null) return false;
  if (newest.file.bytes.equals(file.bytes)) return latest?.digest === newest.digest;
  await checkSucceeds(header, newest.file);
  return false;
}

function changesOf({ newest }: PublishedIndexes, { header, entries }: IndexDocument): IndexDiff | null {
  if (newest === null) return null;
  const { document } = newest;
  const keySetOf = ({ keySets }: IndexDocument["header"]) => keySets.at(-1) ?? null;
  return diffIndexes(
    { entries: document.entries, keySet: keySetOf(document.header) },
    { entries, keySet: keySetOf(header) },
  );
}

function remember({ cap, opened, request }: Publishing, document: IndexDocument): void {
  const { serial, repository } = document.header;
  const place = placeName(opened.location, request.directory);
  rememberIndex(cap, [`published ${repository}`, `published ${place}`], { serial, document: documentHash(document) });
}

function tagged(typed: string, location: string): PkgError {
  return new PkgError(
    "REFERENCE_INVALID",
    `Cannot publish an index as "${typed}": its tags are its serial and "${INDEX_TAG}"`,
    { hint: `Leave the tag out: ${location}` },
  );
}

interface Made {
  /** Null: packages had to be left out. */
  readonly file: IndexFile | null;
  readonly built: BuiltIndex | null;
  readonly errors: readonly PkgError[];
  /** What is published so far. */
  readonly found: PublishedIndexes;
  readonly known: KnownSerials;
}

/** Builds and signs the next index, on the published one. */
async function makeIndex(publishing: Publishing): Promise<Made> {
  const { cap, request, opened, reader } = publishing;
  const { place, location } = opened;
  const keys = await openDraftKeys(cap.config, request);
  const own = ownKeys(keys);
  const { found, known } = await findBase(cap, { ...request, place, location, own });
  const { newest } = found;
  const ownName = location.kind === "registry" ? formatReference(location.reference) : place.location;
  const { signers } = keys;
  const { draft, problems } = await draftPackageIndex(
    {
      ...{ ...request, ...keys, previous: newest?.file ?? null, exchange: null, now: cap.now() },
      serial: request.serial ?? nextSerial(found, known),
      lowestSerial: lowestSerial(known),
      repository: request.repository ?? (newest === null && location.kind === "registry" ? ownName : null),
    },
    reader,
  );
  const signatures = signDraft(draft, signers).get(INDEX_LAYER.title) ?? null;
  const signerIds = signersOf(draft, signers).map(({ keyId }) => keyId);
  const isRefused = problems.length > 0 && !request.keepGoing;
  return {
    file: isRefused ? null : { source: "the index", bytes: draft.packed, signatures },
    built: describeDraft(draft, { signerIds, problems }),
    errors: problems,
    found,
    known,
  };
}

/** Reads an index that was built before. What it was built on has been checked then; it must follow what is published. */
async function takeBuilt(publishing: Publishing, source: string): Promise<Made> {
  const { cap, request, opened, reader } = publishing;
  const { place, location } = opened;
  const { acceptSerial = null, directory } = request;
  const read = (text: string) => readIndexFile(cap, text, directory);
  const file = await read(source);
  const { header } = await readDocument(file.bytes);
  const known = knownSerials(cap, request, [header.repository, placeName(location, directory)]);
  const least = lowestSerial(known);
  const found = await findPublished({ place, read, only: acceptSerial, least, check: checkComplete }, reader.signal);
  checkTags(found, { place: place.location, known, task: "publish", emit: cap.emit });
  if (acceptSerial !== null) checkAboveTags(header.serial, found);
  return { file, built: null, errors: [], found, known };
}

/** An index that its users accept if they trust its keys. */
function checkComplete(file: IndexFile, { header }: IndexDocument): void {
  const task = `use the index "${file.source}"`;
  requireThreshold(file, checkKeySetChain(header, task), { task, hint: "Tell its publisher" });
}
