import type { WorkOptions } from "../base/work-options.ts";
import { PkgError } from "../errors.ts";
import { INDEX_LAYER, INDEX_SIGNATURE_LAYER, INDEX_TAG } from "../index/index-artifact.ts";
import { type BuiltDocument, buildManifest } from "../oci/artifact.ts";
import type { Target } from "../oci/content.ts";
import { TITLE_ANNOTATION } from "../oci/descriptor.ts";
import type { Digest } from "../oci/digest.ts";
import { EMPTY_PREPARED } from "../oci-tools/artifact-content.ts";
import { preparedBytes } from "../oci-tools/artifact-layers.ts";
import { pushContent } from "../oci-tools/push-content.ts";
import { setTag, tagDigest } from "../oci-tools/set-tag.ts";
import { INDEX_ARTIFACT_TYPE } from "../package/artifact-types.ts";
import type { IndexHeader } from "../package/index-header.ts";
import { VERSION_ANNOTATION } from "../package-format/annotations.ts";
import { serialTags } from "./find-published.ts";
import type { IndexFile } from "./index-file.ts";

/** An index to push, and where. */
export interface PushIndexRequest {
  readonly place: Target;
  readonly file: IndexFile;
  readonly header: Pick<IndexHeader, "repository" | "serial">;
  /** The serials that had a tag before. */
  readonly knownSerials: ReadonlySet<number>;
  /** What `latest` named before; null: nothing. */
  readonly knownLatest: Digest | null;
}

/** Others may move `latest` at the same time: it is set again this often. */
const MAX_ROUNDS = 3;

/**
 * Pushes a package index as an OCI artifact, under its serial and under `latest`; gives the digest of its manifest. Whoever sets the
 * tag of a serial and still finds it afterwards has published it.
 *
 * @throws {PkgError} INDEX_ROLLED_BACK when another index has its serial; those of the place
 */
export async function pushIndex(request: PushIndexRequest, options: WorkOptions): Promise<Digest> {
  const { place, file, header } = request;
  const { signal } = options;
  const serial = String(header.serial);
  const layers = [layerOf(INDEX_LAYER, file.bytes), layerOf(INDEX_SIGNATURE_LAYER, file.signatures ?? Buffer.alloc(0))];
  const annotations = { [TITLE_ANNOTATION]: header.repository, [VERSION_ANNOTATION]: serial };
  const facts = { artifactType: INDEX_ARTIFACT_TYPE, subject: null };
  const descriptors = layers.map(({ descriptor }) => descriptor);
  const manifest = buildManifest({ ...facts, config: null, layers: descriptors, annotations });
  const taken = await tagDigest(place, serial, signal);
  if (taken !== null && taken !== manifest.digest) throw another(serial, taken);
  const content = { config: EMPTY_PREPARED, hasOwnConfig: false, layers, annotations };
  await pushContent({ ...facts, place, content, tags: [], exportManifest: null }, options);
  const named = await setTag(place, { document: manifest, tag: serial, before: null }, signal);
  if (named !== manifest.digest) throw another(serial, named);
  await moveLatest({ place, manifest, serial }, request.knownLatest, signal);
  await yieldToNewer({ place, manifest, serial }, request.knownSerials, signal);
  const now = await tagDigest(place, serial, signal);
  if (now !== manifest.digest) throw another(serial, now);
  return manifest.digest;
}

interface Moving {
  readonly place: Target;
  readonly manifest: BuiltDocument;
  readonly serial: string;
}

/**
 * Points `latest` to the index, unless it names a newer one. If it names another index of the same serial, that one was published in
 * the moment between reading the serial's tag and setting it; the tag is given back to it.
 *
 * @param known what `latest` named before
 */
async function moveLatest(
  { place, manifest, serial }: Moving,
  known: Digest | null,
  signal: AbortSignal,
): Promise<void> {
  for (let round = 1; round <= MAX_ROUNDS; round += 1) {
    const found = await tagDigest(place, INDEX_TAG, signal);
    if (found === manifest.digest) return;
    // Whatever it named before, it is moved.
    const isNew = found !== null && found !== known;
    const other = isNew ? Number((await readTagged(place, found, signal)) ?? 0) : 0;
    if (other > Number(serial)) return;
    if (found !== null && other === Number(serial)) {
      const document = await place.fetchDocument(found, signal);
      await setTag(place, { document, tag: serial, before: manifest.digest }, signal);
      throw another(serial, found);
    }
    await setTag(place, { document: manifest, tag: INDEX_TAG, before: found }, signal);
  }
}

/** Gives `latest` back to a newer index that was published in the meantime, and whose tag may have been overwritten here. */
async function yieldToNewer(
  { place, manifest, serial }: Moving,
  known: ReadonlySet<number>,
  signal: AbortSignal,
): Promise<void> {
  const [newer] = (await serialTags(place, signal)).filter((tag) => tag > Number(serial) && !known.has(tag));
  if (newer === undefined) return;
  const document = await place.fetchDocument(String(newer), signal);
  if ((await readTagged(place, document.digest, signal)) !== String(newer)) return;
  await setTag(place, { document, tag: INDEX_TAG, before: manifest.digest }, signal);
}

/** The serial that a manifest names. */
async function readTagged(place: Target, digest: Digest, signal: AbortSignal): Promise<string | null> {
  const document = await place.fetchManifest(digest, signal);
  return document.kind === "manifest" ? (document.manifest.annotations[VERSION_ANNOTATION] ?? null) : null;
}

function layerOf({ title, mediaType }: typeof INDEX_LAYER | typeof INDEX_SIGNATURE_LAYER, bytes: Buffer) {
  return preparedBytes(title, bytes, { mediaType, annotations: { [TITLE_ANNOTATION]: title } });
}

/** A serial names one index for ever. */
function another(serial: string, found: Digest | null): PkgError {
  return new PkgError(
    "INDEX_ROLLED_BACK",
    `Cannot publish the index: there is another one with serial ${serial}, ${found === null ? "which has been removed since" : `"${found}"`}`,
    {
      hint: "Somebody else has published it at the same time: run this again, or build it again if it was built before",
    },
  );
}
