import { SIGNATURE_SUFFIX, SIGNATURE_TYPE } from "../package/file-names.ts";

/** The document, packed with zstd. */
export const INDEX_LAYER = { title: "index.json.zst", mediaType: "application/vnd.pkg.index.v1+json+zstd" } as const;

/** minisign signatures of the packed document, one after the other. */
export const INDEX_SIGNATURE_LAYER = {
  title: `${INDEX_LAYER.title}${SIGNATURE_SUFFIX}`,
  mediaType: SIGNATURE_TYPE,
} as const;

/** The tag of the newest index; every index is also tagged with its serial. */
export const INDEX_TAG = "latest";

/** The files of an index, packed and unpacked; the signatures of each are in a file of the same name plus `.sig`. */
export const INDEX_FILE_NAMES = ["index.json.zst", "index.json"] as const;
