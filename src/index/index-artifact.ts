import { SIGNATURE_SUFFIX, SIGNATURE_TYPE } from "../package/file-names.ts";

/** What an index is as an artifact of a registry: a manifest of this type with the empty config and these two layers. */
export const INDEX_ARTIFACT_TYPE = "application/vnd.pkg.index.v1";

/** The document, packed with zstd. */
export const INDEX_LAYER = { title: "index.json.zst", mediaType: "application/vnd.pkg.index.v1+json+zstd" } as const;

/** minisign signatures of the packed document, one after the other. */
export const INDEX_SIGNATURE_LAYER = {
  title: `${INDEX_LAYER.title}${SIGNATURE_SUFFIX}`,
  mediaType: SIGNATURE_TYPE,
} as const;

/** The tag that leads to the newest index; each is under its serial as well. */
export const INDEX_TAG = "latest";

/** The files of an index, packed and not; each has its signatures in a file of the same name with `.sig` added. */
export const INDEX_FILE_NAMES = ["index.json.zst", "index.json"] as const;
