import type { Digest } from "../oci/digest.ts";
import type { Reference } from "../oci/reference.ts";
import type { Endpoint } from "./endpoints.ts";

/** What is uploaded, and into which repository. */
export interface UploadPlace {
  readonly endpoint: Endpoint;
  readonly reference: Reference;
  readonly digest: Digest;
}

/** Where an upload that a registry keeps open is continued. */
export interface UploadState {
  readonly url: URL;
  /** As UploadSession has it. */
  readonly minChunkBytes: number;
}
