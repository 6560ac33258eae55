import { asObject } from "../base/json.ts";
import { hasCode, PkgError } from "../errors.ts";
import type { ManifestUpload } from "../oci/content.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import { type Digest, digestOf } from "../oci/digest.ts";
import { OCI_INDEX } from "../oci/media-types.ts";
import { referrersTag } from "../oci/referrers-index.ts";
import { deleteContent } from "./delete.ts";
import { type PutOutcome, putManifest } from "./put-manifest.ts";
import { type ReferrersTag, type ReferrersTagRequest, readReferrersTag } from "./referrers-tag.ts";
import type { RequestSender } from "./request-sender.ts";

export type ReferrersChange =
  | { readonly kind: "add"; readonly referrer: Descriptor }
  | { readonly kind: "remove"; readonly digest: Digest };

export interface ReferrersUpdate extends ReferrersTagRequest {
  readonly change: ReferrersChange;
  /** Waits before another try, counted from 1, so that writers at odds get out of step. */
  readonly pause: (attempt: number) => Promise<void>;
}

const MAX_WRITES = 8;

/**
 * Adds a referrer to the list under the fallback tag of its subject, or takes it out; the rest of the list stays as it
 * is, byte for byte in meaning. A tag that another writer changes meanwhile is read and written again: by `If-Match` where
 * the registry honours it, and always by looking whether the change is there afterwards.
 *
 * @throws {PkgError} MANIFEST_INVALID when the tag names something else, which is never overwritten; STATE_CHANGED when
 * other writers are faster every time; those of putManifest
 * @see OCI distribution-spec 1.1, "Pushing Manifests with Subject"
 */
export async function updateReferrersTag(sender: RequestSender, update: ReferrersUpdate): Promise<void> {
  for (let writes = 0; ; writes += 1) {
    const found = await readReferrersTag(sender, update);
    const entries = changedEntries(found, update);
    if (entries === null) return;
    if (writes === MAX_WRITES) throw outrun(update);
    if (writes > 0) await update.pause(writes);
    await write(sender, update, { found, entries });
  }
}

interface Writing {
  readonly found: ReferrersTag;
  readonly entries: readonly unknown[];
}

/** The list as it should be; null: it is so already. */
function changedEntries(found: ReferrersTag, update: ReferrersUpdate): readonly unknown[] | null {
  const { change } = update;
  if (found.kind === "foreign") {
    if (change.kind === "remove") return null;
    throw foreign(update, found.contentType);
  }
  const entries = found.kind === "index" ? found.index.entries : [];
  const digest = change.kind === "add" ? change.referrer.digest : change.digest;
  const others = entries.filter((entry) => asObject(entry)?.["digest"] !== digest);
  const isListed = others.length < entries.length;
  if (change.kind === "add") return isListed ? null : [...entries, entryOf(change.referrer)];
  return isListed ? others : null;
}

async function write(sender: RequestSender, update: ReferrersUpdate, { found, entries }: Writing): Promise<void> {
  if (found.kind === "index" && entries.length === 0 && (await removeWhole(sender, update, found.bytes))) return;
  const document = found.kind === "index" ? found.index.document : { schemaVersion: 2, mediaType: OCI_INDEX };
  await put(sender, update, { found, bytes: Buffer.from(JSON.stringify({ ...document, manifests: entries })) });
}

function put(
  sender: RequestSender,
  update: ReferrersUpdate,
  { found, bytes }: { readonly found: ReferrersTag; readonly bytes: Buffer },
): Promise<PutOutcome> {
  const digest = digestOf(bytes);
  const manifest: ManifestUpload = { bytes, mediaType: OCI_INDEX, digest, tag: referrersTag(update.subject) };
  return putManifest(sender, { ...update, manifest, headers: conditions(found) });
}

function conditions(found: ReferrersTag): Readonly<Record<string, string>> {
  if (found.kind === "absent") return { "if-none-match": "*" };
  return found.kind === "index" && found.etag !== null ? { "if-match": found.etag } : {};
}

/** Deletes a list that would be empty, by its digest: a list that someone writes meanwhile has another. */
async function removeWhole(sender: RequestSender, update: ReferrersUpdate, bytes: Buffer): Promise<boolean> {
  const key = digestOf(bytes);
  try {
    await deleteContent(sender, { ...update, kind: "manifest", key });
    return true;
  } catch (error) {
    if (hasCode(error, "HTTP_NOT_FOUND")) return true;
    if (hasCode(error, "HTTP_UNEXPECTED", "HTTP_FORBIDDEN", "HTTP_UNAUTHORIZED")) return false;
    throw error;
  }
}

/** Fields in the order of the specification; what is empty is left out, as other tools do. */
function entryOf({ mediaType, digest, size, annotations, artifactType }: Descriptor): object {
  return {
    mediaType,
    digest,
    size,
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    ...(artifactType === undefined ? {} : { artifactType }),
  };
}

function foreign(update: ReferrersUpdate, contentType: string | null): PkgError {
  return new PkgError(
    "MANIFEST_INVALID",
    `Cannot ${whatOf(update)}: its tag "${referrersTag(update.subject)}" names "${contentType ?? "no type"}", expected an image index of referrers`,
    {
      hint: "This registry lists no referrers itself, and the tag is left as it is; the manifest is there by its digest",
    },
  );
}

function outrun(update: ReferrersUpdate): PkgError {
  const tag = referrersTag(update.subject);
  return new PkgError(
    "STATE_CHANGED",
    `Cannot ${whatOf(update)}: tag "${tag}" was changed by others after each of ${MAX_WRITES} tries`,
    { hint: "Try again when nobody else writes to it; the manifest is there by its digest" },
  );
}

function whatOf({ reference, subject }: ReferrersUpdate): string {
  return `change the referrers of "${reference.registry}/${reference.name}@${subject}"`;
}
