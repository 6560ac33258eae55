import { PkgError } from "../errors.ts";
import { type OpenedLocation, openLocation } from "../network/open-location.ts";
import type { BlobAddress, ManifestKey, Source } from "../oci/content.ts";
import { layersByTitle } from "../oci/manifest.ts";
import { signatureTitleFor } from "../package/file-names.ts";
import { isActive, isMade } from "../package/policy.ts";
import { companionTitles, titlesOf } from "../package-format/package-files.ts";
import type { ArtifactOrigin } from "../plan/origin.ts";
import type { Resolution } from "../plan/resolution.ts";
import { chooseManifest, type ManifestOrBlob, withManifestOrBlob } from "./choose-manifest.ts";
import type { ContentsRequest, OpenRequest, PackageContents, PackageSource, WantedFile } from "./package-source.ts";
import type { SourceContext } from "./source-context.ts";

/** Opens a package in a registry, an OCI layout, or a tar of one. @throws {PkgError} OFFLINE */
export async function openArtifactSource(
  context: SourceContext,
  { resolution, origin, task }: OpenRequest<ArtifactOrigin>,
): Promise<PackageSource> {
  const opened = await openLocation(context.network, origin.location, {
    task,
    namedBy: resolution.repository === null ? "person" : "index",
  });
  return new ArtifactSource({ context, resolution, origin, opened });
}

interface ArtifactParts {
  readonly context: SourceContext;
  readonly resolution: Resolution;
  readonly origin: ArtifactOrigin;
  readonly opened: OpenedLocation;
}

class ArtifactSource implements PackageSource {
  readonly place: Source;
  readonly main: PackageSource["main"];
  readonly #parts: ArtifactParts;

  constructor(parts: ArtifactParts) {
    const { origin, resolution, opened } = parts;
    this.#parts = parts;
    this.place = opened.place;
    // If the manifest is at hand, its layers say more than the index does.
    const isKnown = origin.blob !== null && origin.manifest === null;
    this.main = isKnown ? { digest: origin.blob, size: resolution.expected.sizeBytes } : null;
  }

  async contents(request: ContentsRequest): Promise<PackageContents> {
    const { origin, resolution } = this.#parts;
    const found = await this.#find(request);
    const manifest = found.kind === "manifest" ? found.manifest : null;
    const { programs, links, isDirectory } = titlesOf(resolution, manifest);
    const layers = new Map(manifest === null ? [] : layersByTitle(manifest));
    const blobOf = (title: string) =>
      found.kind === "blob" ? { digest: found.digest, size: resolution.expected.sizeBytes } : layers.get(title);
    const wanted = programs.map((title): WantedFile => {
      const blob = blobOf(title);
      if (blob === undefined) throw noFile(origin, title);
      return { title, blob, isArchive: isDirectory };
    });
    const beside = manifest === null || isDirectory ? [] : companionTitles(manifest);
    return { manifest, programs: [...wanted, ...this.#companions(beside, programs, layers)], documents: layers, links };
  }

  /** Desktop entries and icons. Of provenance, only what programs have is looked for. */
  #companions(
    titles: readonly string[],
    programs: readonly string[],
    layers: ReadonlyMap<string, BlobAddress>,
  ): readonly WantedFile[] {
    const { policy } = this.#parts.resolution;
    if (isActive(policy, "provenance")) return [];
    const keyIds = policy.keys.map(({ keyId }) => keyId);
    const isSigned = (title: string) => layers.has(signatureTitleFor(title, keyIds, layers));
    const needsSignature = policy.keys.length > 0 && isMade(policy, "signature");
    return titles.flatMap((title): readonly WantedFile[] => {
      const blob = layers.get(title);
      if (blob === undefined || programs.includes(title) || (needsSignature && !isSigned(title))) return [];
      return [{ title, blob, isArchive: false, isCompanion: true }];
    });
  }

  openBlob: PackageSource["openBlob"] = (blob, position, signal) => this.place.openBlob(blob, position, signal);

  close(): Promise<void> {
    return this.#parts.opened.close();
  }

  async #find({ needsManifest, signal }: ContentsRequest): Promise<ManifestOrBlob> {
    const { origin, context } = this.#parts;
    if (origin.manifest !== null) return { kind: "manifest", manifest: origin.manifest };
    if (origin.blob !== null && !needsManifest) return { kind: "blob", digest: origin.blob };
    const choice = { source: this.place, key: keyOf(origin), platform: null, machine: context.machine, signal };
    if (origin.blob === null) return withManifestOrBlob(choice, async (found) => found);
    return { kind: "manifest", manifest: await chooseManifest(choice) };
  }
}

function keyOf({ text, tag, digest }: ArtifactOrigin): ManifestKey {
  const key = digest ?? tag;
  if (key === null) throw new Error(`"${text}" has neither tag nor digest`);
  return key;
}

function noFile({ text }: ArtifactOrigin, title: string): PkgError {
  return new PkgError("LAYER_MISSING", `Cannot install "${text}": it holds no file "${title}"`, {
    hint: `Run \`pkg pull ${text}\` to look at its files`,
  });
}
