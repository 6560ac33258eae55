import type { Capabilities } from "../capabilities/capabilities.ts";
import { PkgError } from "../errors.ts";
import type { OutputFile } from "../fs/output-file.ts";
import type { ManifestKey } from "../oci/content.ts";
import type { Digest } from "../oci/digest.ts";
import { parsePlatform } from "../oci/platform.ts";
import { referrersTag } from "../oci/referrers-index.ts";
import { chooseManifest, type ManifestChoice } from "../sources/choose-manifest.ts";
import { type ArtifactInput, withContent } from "./artifact-content.ts";
import { manifestKeyOf, type OpenedPlace, openTarget, type PlaceCapabilities, withPlace } from "./open-place.ts";
import { exportTarget, type PushedFile, pushContent } from "./push-content.ts";

/** The files and annotations to attach, and the manifest to attach them to. */
export interface AttachRequest extends Omit<ArtifactInput, "platform"> {
  /** The artifact that the files describe. */
  readonly reference: string;
  readonly artifactType: string;
  /** `os/architecture[/variant]`: the entry of an image index to attach to; null: what `reference` itself names. */
  readonly platform: string | null;
  /** A file to write the manifest to; null: none. */
  readonly exportManifest: OutputFile | null;
}

/** The artifact that was attached. */
export interface Attached {
  readonly reference: string;
  readonly digest: Digest;
  readonly mediaType: string;
  readonly artifactType: string;
  /** Bytes of the manifest. */
  readonly sizeBytes: number;
  readonly subject: Digest;
  /** The fallback tag that lists it, where the registry has no referrers API; else null. */
  readonly referrersTag: string | null;
  readonly files: readonly PushedFile[];
}

/** What attach() uses of the outside world. */
export type AttachCapabilities = PlaceCapabilities & Pick<Capabilities, "config" | "emit">;

/**
 * Pushes files as an untagged artifact that refers to another one.
 *
 * @throws {PkgError} USAGE with neither files nor annotations; as pushArtifact
 */
export async function attach(cap: AttachCapabilities, request: AttachRequest): Promise<Attached> {
  const { reference, artifactType, files, annotations, annotationFile } = request;
  if (files.length === 0 && annotations.length === 0 && annotationFile === null) {
    throw new PkgError("USAGE", `Cannot attach to "${reference}": there are no files and no annotations`, {
      hint: "Name files, or give --annotation KEY=VALUE",
    });
  }
  const { config: machine, emit, signal } = cap;
  const work = { concurrency: machine.concurrency, emit, signal };
  const exportManifest = exportTarget(request.directory, request.exportManifest);
  return withContent({ ...request, platform: null }, work, (content) =>
    withPlace(openTarget(cap, reference), async (opened) => {
      const { place } = opened;
      const subject = await place.resolve(await subjectKey(opened, request.platform, { machine, signal }), signal);
      const pushed = await pushContent({ place, content, artifactType, subject, tags: [], exportManifest }, work);
      const { digest, mediaType, bytes } = pushed.manifest;
      return {
        reference,
        digest,
        mediaType,
        artifactType,
        sizeBytes: bytes.length,
        subject: subject.digest,
        referrersTag: pushed.listedBy === "tag" ? referrersTag(subject.digest) : null,
        files: pushed.files,
      };
    }),
  );
}

async function subjectKey(
  opened: OpenedPlace,
  text: string | null,
  { machine, signal }: Pick<ManifestChoice, "machine" | "signal">,
): Promise<ManifestKey> {
  const key = manifestKeyOf(opened);
  if (text === null) return key;
  const platform = parsePlatform(text);
  return (await chooseManifest({ source: opened.place, key, platform, machine, signal })).digest;
}
