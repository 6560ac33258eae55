import type { Capabilities } from "../capabilities/capabilities.ts";
import type { WithErrors } from "../capabilities/outcome.ts";
import { hasCode, PkgError } from "../errors.ts";
import { INDEX_LAYER, INDEX_TAG } from "../index/index-artifact.ts";
import type { KeySettings } from "../keys/key-files.ts";
import type { Digest } from "../oci/digest.ts";
import { formatReference } from "../oci/reference.ts";
import { type OpenedPlace, openTarget, withPlace } from "../oci-tools/open-place.ts";
import { tellVisibility } from "../oci-tools/visibility.ts";
import { type BuiltIndex, describeDraft, signDraft, signersOf } from "./built-index.ts";
import { type CheckedIndex, checkPublishable, checkSucceeds } from "./check-publishable.ts";
import { type DraftOptions, draftPackageIndex, openDraftKeys } from "./draft.ts";
import { type IndexFile, readIndexFile } from "./index-file.ts";
import { type PackageReader, type PackageReaderCapabilities, packageReader } from "./package-reader.ts";
import { nextSerial, pushIndex } from "./push-index.ts";

/** What publishing an index needs of the world. */
export type PublishIndexCapabilities = PackageReaderCapabilities & Pick<Capabilities, "now">;

/** Which index to publish, and where. */
export interface PublishIndexRequest extends DraftOptions {
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
  readonly signedBy: readonly string[];
  /** Null: it had been built before. */
  readonly built: BuiltIndex | null;
}

/**
 * Publishes a package index as an OCI artifact: under its serial for ever, and under `latest` until the next one.
 *
 * @throws {PkgError} REFERENCE_INVALID; as draftPackageIndex, checkPublishable, checkSucceeds and pushIndex
 */
export function publishPackageIndex(
  cap: PublishIndexCapabilities,
  request: PublishIndexRequest,
): Promise<WithErrors<PublishIndexOutcome>> {
  return withPlace(openTarget(cap, request.reference), async (opened) => {
    const { place, location, key } = opened;
    if (key !== null) throw tagged(request.reference, place.location);
    const reader = packageReader(cap);
    const read = (source: string) => readIndexFile(cap, source, request.directory);
    const published = await orNull(read(`${place.location}:${INDEX_TAG}`));
    const { file, built, errors } =
      request.built === null
        ? await makeIndex({ request, opened, published, settings: cap.config, now: cap.now() }, reader)
        : { file: await read(request.built), built: null, errors: [] };
    const facts = { reference: place.location, built };
    if (file === null) {
      const serial = built?.serial ?? 0;
      return { outcome: { ...facts, state: "refused", serial, signedBy: [], digest: null, tags: [] }, errors };
    }
    const { header, signedBy } = await checkPublishable(file, cap.now());
    const checked = { ...facts, serial: header.serial, signedBy };
    const isSame = await isPublished(file, header, published);
    if (isSame || request.dryRun) {
      return { outcome: { ...checked, state: isSame ? "unchanged" : "would publish", digest: null, tags: [] }, errors };
    }
    const digest = await pushIndex({ place, file, header }, reader);
    if (location.kind === "registry") await tellVisibility(cap, { ...location.reference, tag: INDEX_TAG });
    const tags = [String(header.serial), INDEX_TAG];
    return { outcome: { ...checked, state: "published", digest, tags }, errors };
  });
}

/** True when this very index is published; throws when it may not replace the published one. */
async function isPublished(
  file: IndexFile,
  header: CheckedIndex["header"],
  published: IndexFile | null,
): Promise<boolean> {
  if (published === null) return false;
  if (published.bytes.equals(file.bytes)) return true;
  await checkSucceeds(header, published);
  return false;
}

function tagged(typed: string, location: string): PkgError {
  return new PkgError(
    "REFERENCE_INVALID",
    `Cannot publish an index as "${typed}": its tags are its serial and "${INDEX_TAG}"`,
    { hint: `Leave the tag out: ${location}` },
  );
}

async function orNull(published: Promise<IndexFile>): Promise<IndexFile | null> {
  try {
    return await published;
  } catch (error) {
    if (hasCode(error, "HTTP_NOT_FOUND")) return null;
    throw error;
  }
}

interface Making {
  readonly request: PublishIndexRequest;
  readonly opened: OpenedPlace;
  readonly published: IndexFile | null;
  readonly settings: KeySettings;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

interface Made {
  /** Null: packages had to be left out. */
  readonly file: IndexFile | null;
  readonly built: BuiltIndex;
  readonly errors: readonly PkgError[];
}

/** Builds and signs the next index, on the published one. */
async function makeIndex({ request, opened, published, settings, now }: Making, reader: PackageReader): Promise<Made> {
  const { place, location } = opened;
  const name = location.kind === "registry" && published === null ? formatReference(location.reference) : null;
  const serial = request.serial ?? (await nextSerial(place, reader.signal));
  const keys = await openDraftKeys(settings, request);
  const { signers } = keys;
  const { draft, problems } = await draftPackageIndex(
    {
      ...{ ...request, ...keys, previous: published, serial, exchange: null, now },
      repository: request.repository ?? name,
    },
    reader,
  );
  const signatures = signDraft(draft, signers).get(INDEX_LAYER.title) ?? null;
  const signedBy = signersOf(draft, signers).map(({ keyId }) => keyId);
  const isRefused = problems.length > 0 && !request.keepGoing;
  return {
    file: isRefused ? null : { source: "the index", bytes: draft.packed, signatures },
    built: describeDraft(draft, { signedBy, problems }),
    errors: problems,
  };
}
