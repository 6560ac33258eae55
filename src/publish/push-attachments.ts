import type { Capabilities } from "../capabilities/capabilities.ts";
import { buildManifest } from "../oci/artifact.ts";
import type { Target } from "../oci/content.ts";
import { type Descriptor, TITLE_ANNOTATION } from "../oci/descriptor.ts";
import type { Digest } from "../oci/digest.ts";
import { referrersTag } from "../oci/referrers-index.ts";
import { EMPTY_PREPARED, type PreparedContent } from "../oci-tools/artifact-content.ts";
import { preparedBytes } from "../oci-tools/artifact-layers.ts";
import { pushContent } from "../oci-tools/push-content.ts";
import type { Attachment } from "./read-attachments.ts";

export interface PushedAttachment {
  readonly kind: Attachment["kind"];
  readonly file: string;
  readonly artifactType: string;
  readonly subject: Digest;
  readonly digest: Digest;
  /** `existed`: it was there already, and nothing was sent. */
  readonly how: "existed" | "sent";
  /** The tag that lists it where the registry has no referrers API; null too for what was not sent. */
  readonly referrersTag: string | null;
}

type AttachCapabilities = Pick<Capabilities, "config" | "emit" | "signal">;

interface AttachRequest {
  readonly place: Target;
  readonly statements: readonly Attachment[];
}

/**
 * Pushes each statement as an artifact that refers to what it speaks of; the same statement gives the same artifact. What
 * is there already is not sent again.
 *
 * @throws {PkgError} those of the place
 */
export async function pushAttachments(
  cap: AttachCapabilities,
  { place, statements }: AttachRequest,
): Promise<readonly PushedAttachment[]> {
  const attached: PushedAttachment[] = [];
  // One after the other: those of one subject are written into one list where the registry keeps none itself.
  for (const statement of statements) attached.push(await attachStatement(cap, place, statement));
  return attached;
}

async function attachStatement(
  cap: AttachCapabilities,
  place: Target,
  statement: Attachment,
): Promise<PushedAttachment> {
  const { kind, file, artifactType, subject } = statement;
  const content = contentOf(statement);
  const layers = content.layers.map(({ descriptor }) => descriptor);
  const { digest } = buildManifest({ artifactType, config: null, layers, annotations: content.annotations, subject });
  const attached = { kind, file, artifactType, subject: subject.digest, digest };
  if (await isListed(cap, place, { subject: subject.digest, digest })) {
    return { ...attached, how: "existed", referrersTag: null };
  }
  const { listedBy } = await pushContent(cap, {
    place,
    content,
    artifactType,
    subject,
    tags: [],
    exportManifest: null,
  });
  return { ...attached, how: "sent", referrersTag: listedBy === "tag" ? referrersTag(subject.digest) : null };
}

function contentOf({ file, title, artifactType, bytes, annotations }: Attachment): PreparedContent {
  const layer = preparedBytes(file, bytes, { mediaType: artifactType, annotations: { [TITLE_ANNOTATION]: title } });
  return { config: EMPTY_PREPARED, hasOwnConfig: false, layers: [layer], annotations };
}

interface Listing {
  readonly subject: Digest;
  readonly digest: Digest;
}

/** Whole and on the list: an earlier try may have got as far as the manifest alone. */
async function isListed(cap: AttachCapabilities, place: Target, { subject, digest }: Listing): Promise<boolean> {
  if (!(await place.hasManifest(digest, cap.signal))) return false;
  const listed: readonly Descriptor[] = await place.listReferrers(subject, { artifactType: null }, cap.signal);
  return listed.some((descriptor) => descriptor.digest === digest);
}
