import type { Digest } from "../oci/digest.ts";
import type { Reference } from "../oci/reference.ts";
import type { Endpoint } from "./endpoints.ts";

/** The blob to upload, and its repository. */
export interface UploadPlace {
  readonly endpoint: Endpoint;
  readonly reference: Reference;
  readonly digest: Digest;
}

/** Where to resume an upload that a registry keeps open. */
export interface UploadState {
  readonly url: URL;
  /** As UploadSession.minChunkBytes. */
  readonly minChunkBytes: number;
}
