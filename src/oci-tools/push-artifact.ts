import type { Capabilities } from "../capabilities/capabilities.ts";
import { PkgError } from "../errors.ts";
import type { OutputFile } from "../fs/output-file.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import { type Digest, isDigest } from "../oci/digest.ts";
import { isTag } from "../oci/reference.ts";
import { type ArtifactInput, withContent } from "./artifact-content.ts";
import { parseTaggedReference } from "./artifact-words.ts";
import {
  manifestKeyOf,
  type OpenedPlace,
  openSource,
  openTarget,
  type PlaceCapabilities,
  withPlace,
} from "./open-place.ts";
import { exportTarget, type PushedFile, pushContent } from "./push-content.ts";

/** The artifact to push, and where. */
export interface PushArtifactRequest extends ArtifactInput {
  /** A place, which may have several tags: `registry/name:tag1,tag2`. */
  readonly reference: string;
  /** Null: `application/vnd.unknown.artifact.v1`, or none if there is a config. */
  readonly artifactType: string | null;
  /** The subject, as a digest or tag in the same place or a full reference; null: none. */
  readonly subject: string | null;
  /** A file to write the manifest to; null: none. */
  readonly exportManifest: OutputFile | null;
}

/** The artifact that was pushed. */
export interface PushedArtifact {
  readonly reference: string;
  readonly digest: Digest;
  readonly mediaType: string;
  readonly artifactType: string | null;
  /** Bytes of the manifest. */
  readonly sizeBytes: number;
  readonly tags: readonly string[];
  readonly subject: Digest | null;
  readonly files: readonly PushedFile[];
}

/** What pushArtifact() uses of the outside world. */
export type PushArtifactCapabilities = PlaceCapabilities & Pick<Capabilities, "config" | "emit">;

/**
 * Pushes files as an artifact: each becomes a layer titled with its name, a directory becomes a tar.
 *
 * @throws {PkgError} USAGE if there is nothing to push; as withContent; MANIFEST_INVALID; and those of the place
 */
export async function pushArtifact(
  cap: PushArtifactCapabilities,
  request: PushArtifactRequest,
): Promise<PushedArtifact> {
  const { reference, otherTags } = parseTaggedReference(request.reference);
  refuseNothing(request);
  const { config, emit, signal } = cap;
  const work = { concurrency: config.concurrency, emit, signal };
  const exportManifest = exportTarget(request.directory, request.exportManifest);
  return withContent(request, work, (content) =>
    withPlace(openTarget(cap, reference), async (opened) => {
      const tags = tagsFor(opened, otherTags);
      const subject = request.subject === null ? null : await resolveSubject(opened, request.subject, cap);
      const { artifactType } = request;
      const pushed = await pushContent(
        { place: opened.place, content, artifactType, subject, tags, exportManifest },
        work,
      );
      const { digest, mediaType, bytes } = pushed.manifest;
      return {
        reference,
        digest,
        mediaType,
        artifactType: pushed.artifactType,
        sizeBytes: bytes.length,
        tags,
        subject: subject?.digest ?? null,
        files: pushed.files,
      };
    }),
  );
}

/** An artifact without files may consist of annotations or a config, or only refer to another; otherwise it is a mistake. */
function refuseNothing({ reference, files, annotations, annotationFile, config, subject }: PushArtifactRequest): void {
  if (files.length > 0 || annotations.length > 0) return;
  if (annotationFile !== null || config !== null || subject !== null) return;
  throw new PkgError("USAGE", `Cannot push to "${reference}": there are no files, no annotations and no config`, {
    hint: `Name files: pkg oci push ${reference} FILE`,
  });
}

function tagsFor({ key, place }: OpenedPlace, others: readonly string[]): readonly string[] {
  if (key !== null && isDigest(key)) {
    throw new PkgError(
      "REFERENCE_INVALID",
      `Cannot push to "${place.location}@${key}": the content determines the digest`,
      {
        hint: "Leave the digest out",
      },
    );
  }
  return key === null ? others : [key, ...others.filter((tag) => tag !== key)];
}

/** The descriptor of the subject, which needs its size too, and must be in the same repository. */
async function resolveSubject({ place }: OpenedPlace, text: string, access: PlaceCapabilities): Promise<Descriptor> {
  const { signal } = access;
  if (isDigest(text) || isTag(text)) return place.resolve(text, signal);
  return withPlace(openSource(access, text), async (opened) => {
    if (opened.place.location !== place.location) {
      throw new PkgError("USAGE", `Cannot refer to "${text}": it is not in "${place.location}"`, {
        hint: "Copy one of them first: an artifact and its subject must be in the same repository",
      });
    }
    return opened.place.resolve(manifestKeyOf(opened), signal);
  });
}
