import type { WithErrors } from "../capabilities/outcome.ts";
import { hasCode, PkgError } from "../errors.ts";
import { INDEX_ARTIFACT_TYPE, INDEX_LAYER, INDEX_SIGNATURE_LAYER, INDEX_TAG } from "../index/index-artifact.ts";
import { buildManifest } from "../oci/artifact.ts";
import type { Target } from "../oci/content.ts";
import { TITLE_ANNOTATION } from "../oci/descriptor.ts";
import type { Digest } from "../oci/digest.ts";
import { formatReference } from "../oci/reference.ts";
import { EMPTY_PREPARED } from "../oci-tools/artifact-content.ts";
import { preparedBytes } from "../oci-tools/artifact-layers.ts";
import { type OpenedPlace, openTarget, withPlace } from "../oci-tools/open-place.ts";
import { pushContent } from "../oci-tools/push-content.ts";
import { tellVisibility } from "../oci-tools/visibility.ts";
import type { IndexHeader } from "../package/index-header.ts";
import { VERSION_ANNOTATION } from "../package-format/annotations.ts";
import { type BuiltIndex, describeDraft, signDraft, signersOf } from "./built-index.ts";
import { checkPublishable, checkSucceeds } from "./check-publishable.ts";
import { type DraftCapabilities, type DraftOptions, draftPackageIndex } from "./draft.ts";
import { type IndexFile, readIndexFile } from "./index-file.ts";

export interface PublishIndexRequest extends DraftOptions {
  /** `registry/name`: its tags are made here. */
  readonly reference: string;
  /** A directory or file with an index that is signed; null: one is built, on the one that is published. */
  readonly built: string | null;
  /** Where relative paths begin. */
  readonly directory: string;
  readonly keepGoing: boolean;
  /** Sends nothing. */
  readonly dryRun: boolean;
}

export interface PublishIndexOutcome {
  readonly reference: string;
  readonly serial: number;
  readonly state: "published" | "unchanged" | "would publish" | "refused";
  /** Of the manifest; null where there is none. */
  readonly digest: Digest | null;
  readonly tags: readonly string[];
  readonly signedBy: readonly string[];
  /** Null: it was built before. */
  readonly built: BuiltIndex | null;
}

/**
 * Publishes an index as an artifact, under its serial for ever and under `latest` until the next one.
 *
 * @throws {PkgError} REFERENCE_INVALID; as draftPackageIndex, checkPublishable, checkSucceeds and pushContent
 */
export function publishPackageIndex(
  cap: DraftCapabilities,
  request: PublishIndexRequest,
): Promise<WithErrors<PublishIndexOutcome>> {
  return withPlace(openTarget(cap, request.reference), async (opened) => {
    const { location } = opened.place;
    if (opened.key !== null) throw tagged(request.reference, location);
    const published = await readPublished(cap, location, request.directory);
    const { file, built, errors } = await makeIndex(cap, { request, opened, published });
    const facts = { reference: location, built };
    if (file === null) {
      const serial = built?.serial ?? 0;
      return { outcome: { ...facts, state: "refused", serial, signedBy: [], digest: null, tags: [] }, errors };
    }
    const sent = await sendIndex(cap, opened, { file, published, dryRun: request.dryRun });
    return { outcome: { ...facts, ...sent }, errors };
  });
}

interface Sending {
  readonly file: IndexFile;
  readonly published: IndexFile | null;
  readonly dryRun: boolean;
}

async function sendIndex(
  cap: DraftCapabilities,
  { place, location }: OpenedPlace,
  { file, published, dryRun }: Sending,
): Promise<Omit<PublishIndexOutcome, "reference" | "built">> {
  const { header, signedBy } = await checkPublishable(file, cap.now());
  const facts = { serial: header.serial, signedBy };
  const isSame = published?.bytes.equals(file.bytes) === true;
  if (published !== null && !isSame) await checkSucceeds(header, published);
  if (isSame || dryRun) return { ...facts, state: isSame ? "unchanged" : "would publish", digest: null, tags: [] };
  const digest = await push(cap, place, { file, header });
  if (location.kind === "registry") await tellVisibility(cap, { ...location.reference, tag: INDEX_TAG });
  return { ...facts, state: "published", digest, tags: [String(header.serial), INDEX_TAG] };
}

function tagged(typed: string, location: string): PkgError {
  return new PkgError(
    "REFERENCE_INVALID",
    `Cannot publish an index as "${typed}": its tags are its serial and "${INDEX_TAG}"`,
    {
      hint: `Leave the tag out: ${location}`,
    },
  );
}

/** What is published now; null: nothing yet. */
async function readPublished(cap: DraftCapabilities, reference: string, directory: string): Promise<IndexFile | null> {
  try {
    return await readIndexFile(cap, `${reference}:${INDEX_TAG}`, directory);
  } catch (error) {
    if (hasCode(error, "HTTP_NOT_FOUND")) return null;
    throw error;
  }
}

interface Making {
  readonly request: PublishIndexRequest;
  readonly opened: OpenedPlace;
  readonly published: IndexFile | null;
}

interface Made {
  /** Null: something did not fit. */
  readonly file: IndexFile | null;
  readonly built: BuiltIndex | null;
  readonly errors: readonly PkgError[];
}

async function makeIndex(cap: DraftCapabilities, { request, opened, published }: Making): Promise<Made> {
  if (request.built !== null) {
    return { file: await readIndexFile(cap, request.built, request.directory), built: null, errors: [] };
  }
  const { location } = opened;
  const name = location.kind === "registry" && published === null ? formatReference(location.reference) : null;
  const { draft, signers, problems } = await draftPackageIndex(cap, {
    ...request,
    previous: published,
    repository: request.repository ?? name,
    serial: request.serial ?? (await nextSerial(cap, opened.place)),
    exchange: null,
  });
  const signatures = signDraft(draft, signers).get(INDEX_LAYER.title) ?? null;
  const signedBy = signersOf(draft, signers).map(({ keyId }) => keyId);
  const isRefused = problems.length > 0 && !request.keepGoing;
  return {
    file: isRefused ? null : { source: "the index", bytes: draft.packed, signatures },
    built: describeDraft(draft, { signedBy, problems }),
    errors: problems,
  };
}

/** One more than any that was published: a publisher who was cut off may have left one that is not the latest. */
async function nextSerial(cap: DraftCapabilities, place: Target): Promise<number | null> {
  const tags = await place.listTags(cap.signal).catch((error: unknown) => {
    if (hasCode(error, "HTTP_NOT_FOUND")) return [];
    throw error;
  });
  const serials = tags.filter((tag) => /^[1-9]\d{0,14}$/.test(tag)).map(Number);
  return serials.length === 0 ? null : Math.max(...serials) + 1;
}

async function push(
  cap: DraftCapabilities,
  place: Target,
  { file, header }: { readonly file: IndexFile; readonly header: IndexHeader },
): Promise<Digest> {
  const serial = String(header.serial);
  const layers = [layerOf(INDEX_LAYER, file.bytes), layerOf(INDEX_SIGNATURE_LAYER, file.signatures ?? Buffer.alloc(0))];
  const annotations = { [TITLE_ANNOTATION]: header.repository, [VERSION_ANNOTATION]: serial };
  const facts = { artifactType: INDEX_ARTIFACT_TYPE, subject: null };
  const descriptors = layers.map(({ descriptor }) => descriptor);
  const { digest } = buildManifest({ ...facts, config: null, layers: descriptors, annotations });
  await refuseTaken(cap, place, { serial, digest });
  const content = { config: EMPTY_PREPARED, hasOwnConfig: false, layers, annotations };
  await pushContent(
    { ...facts, place, content, tags: [serial, INDEX_TAG], exportManifest: null },
    { ...cap, concurrency: cap.config.concurrency },
  );
  return digest;
}

function layerOf({ title, mediaType }: typeof INDEX_LAYER | typeof INDEX_SIGNATURE_LAYER, bytes: Buffer) {
  return preparedBytes(title, bytes, { mediaType, annotations: { [TITLE_ANNOTATION]: title } });
}

/** A serial names one index for ever. */
async function refuseTaken(
  { signal }: DraftCapabilities,
  place: Target,
  { serial, digest }: { readonly serial: string; readonly digest: Digest },
): Promise<void> {
  const found = await place.resolve(serial, signal).catch((error: unknown) => {
    if (hasCode(error, "HTTP_NOT_FOUND")) return null;
    throw error;
  });
  if (found === null || found.digest === digest) return;
  throw new PkgError("INDEX_ROLLED_BACK", `Cannot publish the index: there is another one with serial ${serial}`, {
    hint: "Build it anew, with a higher --serial",
  });
}
