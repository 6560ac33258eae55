/** OCI image-spec 1.1, media-types.md; Docker Registry v2, schema 2. */
export const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
/** An image index of the OCI image-spec. */
export const OCI_INDEX = "application/vnd.oci.image.index.v1+json";
/** An image manifest of Docker, schema 2. */
export const DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
/** A manifest list of Docker, which is its image index. */
export const DOCKER_MANIFEST_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
/** Withdrawn before image-spec 1.1, but pushed by tools of its time. */
export const OCI_ARTIFACT = "application/vnd.oci.artifact.manifest.v1+json";
/** The config of manifests that have none: `{}`. */
export const OCI_EMPTY = "application/vnd.oci.empty.v1+json";

const MANIFEST_TYPES: readonly string[] = [OCI_MANIFEST, DOCKER_MANIFEST, OCI_ARTIFACT];
const INDEX_TYPES: readonly string[] = [OCI_INDEX, DOCKER_MANIFEST_LIST];

/** What is sent as `Accept`: registries answer 404 when the stored type is not listed. */
export const MANIFEST_ACCEPT = [OCI_MANIFEST, OCI_INDEX, DOCKER_MANIFEST, DOCKER_MANIFEST_LIST, OCI_ARTIFACT].join(
  ", ",
);

/** Which of the two kinds of document a media type names; null for any other type. */
export function documentKind(mediaType: string): "manifest" | "index" | null {
  if (MANIFEST_TYPES.includes(mediaType)) return "manifest";
  return INDEX_TYPES.includes(mediaType) ? "index" : null;
}

/** The media type of a `Content-Type` in lower case, without its parameters; null when there is none. */
export function mediaTypeEssence(contentType: string | null): string | null {
  const essence = contentType?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  return essence === "" ? null : essence;
}

/** True for the type a web page has, which no manifest or blob of a registry has. */
export function isHtml(contentType: string | null): boolean {
  const essence = mediaTypeEssence(contentType);
  return essence === "text/html" || essence === "application/xhtml+xml";
}
