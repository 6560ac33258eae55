import type { WorkOptions } from "../base/work-options.ts";
import { ERROR_CODES, EXIT_CODES, hasCode, PkgError } from "../errors.ts";
import { buildManifest } from "../oci/artifact.ts";
import type { Target } from "../oci/content.ts";
import { TITLE_ANNOTATION } from "../oci/descriptor.ts";
import type { Digest } from "../oci/digest.ts";
import { referrersTag } from "../oci/referrers-index.ts";
import { EMPTY_PREPARED, type PreparedContent } from "../oci-tools/artifact-content.ts";
import { preparedBytes } from "../oci-tools/artifact-layers.ts";
import { pushContent } from "../oci-tools/push-content.ts";
import type { Attachment } from "./read-attachments.ts";

/** An attachment, and whether it was pushed. */
export interface PushedAttachment {
  readonly kind: Attachment["kind"];
  readonly file: string;
  readonly artifactType: string;
  readonly subject: Digest;
  readonly digest: Digest;
  /** `existed`: the registry had it already, and nothing was sent. */
  readonly how: "existed" | "sent";
  /** The tag that lists it when the registry has no referrers API; null when it has one, and when nothing was sent. */
  readonly referrersTag: string | null;
}

/** Where to push attachments. */
export interface PushAttachmentsRequest {
  readonly place: Target;
  readonly attachments: readonly Attachment[];
}

/**
 * Pushes each attachment as an OCI artifact that refers to its subject; the same attachment gives the same artifact. What
 * the registry already has is not sent again.
 *
 * @throws {PkgError} those of the place
 */
export async function pushAttachments(
  { place, attachments }: PushAttachmentsRequest,
  options: WorkOptions,
): Promise<readonly PushedAttachment[]> {
  const pushed: PushedAttachment[] = [];
  // One after the other: a registry without a referrers API keeps all artifacts of one subject in one list, written by us.
  for (const attachment of attachments) {
    try {
      pushed.push(await pushAttachment(place, attachment, options));
    } catch (error) {
      throw refusedAttachment(attachment, error);
    }
  }
  return pushed;
}

/** A registry that knows no subjects may refuse the manifest, or the tag that lists it. */
function refusedAttachment({ file, subject }: Attachment, error: unknown): unknown {
  if (!(error instanceof PkgError) || ERROR_CODES[error.code].exit !== EXIT_CODES.failed) return error;
  // Who may not write there may not write there without attachments either.
  const isForbidden = hasCode(error, "HTTP_UNAUTHORIZED", "HTTP_FORBIDDEN") && error.hint !== undefined;
  const way = isForbidden
    ? error.hint
    : "Publish without --sbom and --attest if the registry takes no artifacts that refer to others";
  return new PkgError(error.code, `Cannot attach "${file}" to "${subject.digest}": ${error.message}`, {
    hint: `No tag was set. ${way}`,
    cause: error,
  });
}

async function pushAttachment(place: Target, attachment: Attachment, options: WorkOptions): Promise<PushedAttachment> {
  const { kind, file, artifactType, subject } = attachment;
  const content = contentOf(attachment);
  const layers = content.layers.map(({ descriptor }) => descriptor);
  const { digest } = buildManifest({ artifactType, config: null, layers, annotations: content.annotations, subject });
  const pushed = { kind, file, artifactType, subject: subject.digest, digest };
  if (await isListed(place, { subject: subject.digest, digest }, options.signal)) {
    return { ...pushed, how: "existed", referrersTag: null };
  }
  const { listedBy } = await pushContent(
    { place, content, artifactType, subject, tags: [], exportManifest: null },
    options,
  );
  return { ...pushed, how: "sent", referrersTag: listedBy === "tag" ? referrersTag(subject.digest) : null };
}

function contentOf({ file, title, artifactType, bytes, annotations }: Attachment): PreparedContent {
  const layer = preparedBytes(file, bytes, { mediaType: artifactType, annotations: { [TITLE_ANNOTATION]: title } });
  return { config: EMPTY_PREPARED, hasOwnConfig: false, layers: [layer], annotations };
}

/** True when the artifact is there and listed: an earlier try may have pushed the manifest without getting it listed. */
async function isListed(
  place: Target,
  { subject, digest }: { readonly subject: Digest; readonly digest: Digest },
  signal: AbortSignal,
): Promise<boolean> {
  if (!(await place.hasManifest(digest, signal))) return false;
  const listed = await place.listReferrers(subject, { artifactType: null }, signal);
  return listed.some((descriptor) => descriptor.digest === digest);
}
