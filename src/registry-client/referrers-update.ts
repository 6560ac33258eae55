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

/** A change of a list of referrers. */
export type ReferrersChange =
  | { readonly kind: "add"; readonly referrer: Descriptor }
  | { readonly kind: "remove"; readonly digest: Digest };

/** A change of the list under a fallback tag. */
export interface ReferrersUpdate extends ReferrersTagRequest {
  readonly change: ReferrersChange;
  /** Waits before another attempt, counted from 1, so that competing writers get out of step. */
  readonly pause: (attempt: number) => Promise<void>;
}

const MAX_WRITES = 8;

/**
 * Adds a referrer to the list under its subject's fallback tag, or removes it; all other entries and fields are kept.
 * If another writer changes the tag meanwhile, it is read and written again: this is detected with `If-Match` if the
 * registry honours it, and always by reading the list again afterwards.
 *
 * @throws {PkgError} MANIFEST_INVALID if the tag names something else, which is never overwritten; STATE_CHANGED if
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

/** The entries after the change; null if nothing has to change. */
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

/** Deletes a list that would be empty, by digest, so that a list that someone writes meanwhile is not deleted. */
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

/** The fields in the specification's order; empty ones are omitted, as in other tools. */
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
      hint: "This registry does not list referrers itself, and the tag was not changed; the manifest is stored under its digest",
    },
  );
}

function outrun(update: ReferrersUpdate): PkgError {
  const tag = referrersTag(update.subject);
  return new PkgError(
    "STATE_CHANGED",
    `Cannot ${whatOf(update)}: tag "${tag}" was changed by others after each of ${MAX_WRITES} attempts`,
    { hint: "Try again when nobody else is writing to it; the manifest is stored under its digest" },
  );
}

function whatOf({ reference, subject }: ReferrersUpdate): string {
  return `change the referrers of "${reference.registry}/${reference.name}@${subject}"`;
}
