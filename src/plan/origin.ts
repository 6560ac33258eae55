import type { ImageConfig } from "../image/image-config.ts";
import type { Digest } from "../oci/digest.ts";
import { formatLocation, keyIn, type Location } from "../oci/location.ts";
import type { Manifest } from "../oci/manifest.ts";
import type { InstalledImage } from "../package/image.ts";
import type { MappedFile } from "../package/metadata.ts";

/** What is known about an origin of any kind, so that only `sources/` has to distinguish them. */
interface OriginFacts {
  /** As it is shown and recorded: `ghcr.io/a/b:1`, `oci:/srv/layout:1`, an address. */
  readonly text: string;
  /** The main file, if its digest is known before anything is requested. */
  readonly blob: Digest | null;
  /** The tag and digest that it is named by. */
  readonly tag: string | null;
  readonly digest: Digest | null;
  /** The manifest, if it had to be read to learn what a direct reference means. */
  readonly manifest: Manifest | null;
  /** Titles of its files, as an index lists them; empty when it does not. */
  readonly files: readonly string[];
  /** Another name that its main file may have, besides that of the package; null: no other. */
  readonly mainName: string | null;
  /** Whether a CHECKSUM, signatures and provenance can accompany its files. */
  readonly hasEvidence: boolean;
}

/** A package in a registry, in an OCI layout, or in a tar of one. */
export interface ArtifactOrigin extends OriginFacts {
  readonly kind: "artifact";
  readonly location: Location;
}

/** One file at an address. */
export interface DownloadOrigin extends OriginFacts {
  readonly kind: "download";
  readonly url: string;
  readonly blob: Digest;
  /** What is taken of it; empty: all of it. */
  readonly mapped: readonly MappedFile[];
}

/** Programs in a container image, which is in a registry, in an OCI layout, or in a tar of one. */
export interface ImageOrigin extends OriginFacts {
  readonly kind: "image";
  readonly location: Location;
  /** What is wanted of it, and what it says about itself. */
  readonly image: InstalledImage;
  /** Null if it has not been read. */
  readonly config: ImageConfig | null;
}

/** A bottle in a registry: one archive, which is poured into the prefix. Its manifest says nothing that is needed. */
export interface BottleOrigin extends OriginFacts {
  readonly kind: "bottle";
  readonly location: Location;
  readonly blob: Digest;
}

/** Where a package's bytes come from, as plain data: `sources/` opens it. */
export type PackageOrigin = ArtifactOrigin | DownloadOrigin | BottleOrigin | ImageOrigin;

/** The origin of the package at `location`. */
export function artifactOrigin(
  location: Location,
  known: Pick<ArtifactOrigin, "blob" | "manifest"> & { readonly files?: readonly string[] },
): ArtifactOrigin {
  const { tag, digest } = keyIn(location);
  return {
    kind: "artifact",
    location,
    text: formatLocation(location),
    ...{ tag, digest, blob: known.blob, manifest: known.manifest },
    files: known.files ?? [],
    mainName: lastName(location),
    hasEvidence: true,
  };
}

/** The origin of the bottle at `location`, whose digest an index states. */
export function bottleOrigin(location: Location, blob: Digest): BottleOrigin {
  return { ...artifactOrigin(location, { blob, manifest: null }), kind: "bottle", location, blob, hasEvidence: false };
}

/** The origin of programs in the image at `location`. */
export function imageOrigin(
  location: Location,
  known: Pick<ImageOrigin, "manifest" | "image" | "config">,
): ImageOrigin {
  return { ...artifactOrigin(location, { blob: null, manifest: known.manifest }), ...known, kind: "image" };
}

/** The origin of one file at `url`, whose digest an index states, and which may be an archive. */
export function downloadOrigin(url: string, blob: Digest, mapped: readonly MappedFile[] = []): DownloadOrigin {
  const nothing = { tag: null, digest: null, manifest: null, files: [], mainName: null };
  return { ...nothing, kind: "download", url, text: url, blob, mapped, hasEvidence: false };
}

/** The last part of a repository's name or of a path. */
function lastName(location: Location): string {
  const path = location.kind === "registry" ? location.reference.name : location.path;
  return path.slice(path.lastIndexOf("/") + 1);
}
