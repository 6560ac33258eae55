/** An image manifest of the OCI image-spec (1.1, media-types.md). */
export const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
/** An image index of the OCI image-spec. */
export const OCI_INDEX = "application/vnd.oci.image.index.v1+json";
/** Docker's image manifest, schema 2. */
export const DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
/** Docker's manifest list, its form of an image index. */
export const DOCKER_MANIFEST_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
/** The artifact manifest, withdrawn before image-spec 1.1, but still found in registries. */
export const OCI_ARTIFACT = "application/vnd.oci.artifact.manifest.v1+json";
/** The type of the empty descriptor, for manifests without a config. */
export const OCI_EMPTY = "application/vnd.oci.empty.v1+json";

const MANIFEST_TYPES: readonly string[] = [OCI_MANIFEST, DOCKER_MANIFEST, OCI_ARTIFACT];
const INDEX_TYPES: readonly string[] = [OCI_INDEX, DOCKER_MANIFEST_LIST];

/** The `Accept` header for manifests: registries answer 404 if the stored type is not listed. */
export const MANIFEST_ACCEPT = [OCI_MANIFEST, OCI_INDEX, DOCKER_MANIFEST, DOCKER_MANIFEST_LIST, OCI_ARTIFACT].join(
  ", ",
);

/** The kind of document that a media type names; null for any other type. */
export function documentKind(mediaType: string): "manifest" | "index" | null {
  if (MANIFEST_TYPES.includes(mediaType)) return "manifest";
  return INDEX_TYPES.includes(mediaType) ? "index" : null;
}

/** The media type of a `Content-Type`, in lower case and without parameters; null if there is none. */
export function mediaTypeEssence(contentType: string | null): string | null {
  const essence = contentType?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  return essence === "" ? null : essence;
}

/** True for the type of a web page, which no manifest or blob of a registry has. */
export function isHtml(contentType: string | null): boolean {
  const essence = mediaTypeEssence(contentType);
  return essence === "text/html" || essence === "application/xhtml+xml";
}
