import type { BlobWritten } from "../oci/content.ts";
import type { Digest } from "../oci/digest.ts";
import { formatPlatform } from "../oci/platform.ts";
import { formatReference } from "../oci/reference.ts";
import type { Libc } from "../package/metadata.ts";
import { hostName } from "../package/platform.ts";
import type { ProgramType, Publication } from "../package/publication.ts";
import type { Signer } from "../sign/signer.ts";
import type { BuiltPublication } from "./build-publication.ts";
import type { NextSteps } from "./next-steps.ts";
import type { PushedAttachment } from "./push-attachments.ts";
import type { PushedPublication } from "./push-publication.ts";
import type { RolledTag } from "./rolling-tags.ts";

/** A file of a package, and whether it was sent. */
export interface PlatformFile {
  readonly title: string;
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly sizeBytes: number;
  /** Null: nothing was pushed. */
  readonly how: BlobWritten["how"] | null;
}

/** The package of one platform. */
export interface PublishedPlatform {
  readonly platform: string;
  readonly host: string;
  readonly libc: Libc | null;
  readonly type: ProgramType;
  /** The reference of its manifest. */
  readonly reference: string;
  readonly digest: Digest;
  readonly files: readonly PlatformFile[];
}

/** What `pkg publish` did, or would do. */
export interface Published {
  readonly state: "published" | "replaced" | "existed" | "planned";
  readonly name: string;
  readonly version: string;
  /** The reference with the version's tag. */
  readonly reference: string;
  /** The digest of the image index. */
  readonly digest: Digest;
  /** What the tag named before; null when it named nothing, or the same. */
  readonly replaced: Digest | null;
  readonly platforms: readonly PublishedPlatform[];
  readonly rollingTags: readonly (RolledTag | { readonly tag: string; readonly how: "planned" })[];
  /** Ids of the keys that signed every file. */
  readonly signerIds: readonly string[];
  /** How many bytes of blobs were sent. */
  readonly bytesSent: number;
  readonly attached: readonly PushedAttachment[];
  /** Whether everybody may read it; null when that is not known. */
  readonly isPublic: boolean | null;
  /** What to type next; null: nothing was published. */
  readonly next: NextSteps | null;
}

/** What is to be published; everything is known before anything is sent. */
export interface PublicationPlan {
  readonly publication: Publication;
  readonly built: BuiltPublication;
  readonly signers: readonly Signer[];
}

/** What was sent of a publication. */
export interface Sent {
  readonly pushed: PushedPublication;
  readonly rolled: readonly RolledTag[];
  readonly attached: readonly PushedAttachment[];
  readonly isPublic: boolean | null;
  readonly next: NextSteps;
}

/** Stands in for `Sent` when nothing was sent. */
export const PLANNED = "planned";

/** The outcome of `pkg publish`, or of its dry run. */
export function describePublication(
  { publication, built, signers }: PublicationPlan,
  sent: Sent | typeof PLANNED,
): Published {
  const { reference, name, version } = publication;
  const at = (tag: string) => formatReference({ ...reference, tag });
  const isPlan = sent === PLANNED;
  return {
    state: isPlan ? PLANNED : sent.pushed.how,
    name,
    version,
    reference: at(built.versionTag),
    digest: built.imageIndex.digest,
    replaced: isPlan ? null : sent.pushed.replaced,
    platforms: built.packages.map((item) => ({
      platform: formatPlatform(item.program.platform),
      host: hostName(item.program.platform),
      libc: item.program.libc,
      type: item.program.type,
      reference: at(item.tag),
      digest: item.manifest.digest,
      files: item.layers.map(({ name: title, descriptor: { mediaType, digest, size } }) => {
        return { title, mediaType, digest, sizeBytes: size, how: isPlan ? null : howOf(sent.pushed, digest) };
      }),
    })),
    rollingTags: isPlan ? built.rollingTags.map((tag) => ({ tag, how: PLANNED })) : sent.rolled,
    signerIds: signers.map(({ keyId }) => keyId),
    bytesSent: isPlan ? 0 : [...sent.pushed.blobs.values()].reduce((sum, { bytesSent }) => sum + bytesSent, 0),
    attached: isPlan ? [] : sent.attached,
    isPublic: isPlan ? null : sent.isPublic,
    next: isPlan ? null : sent.next,
  };
}

function howOf({ blobs }: PushedPublication, digest: Digest): BlobWritten["how"] {
  return blobs.get(digest)?.how ?? "existed";
}
