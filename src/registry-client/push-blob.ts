import { retry } from "../base/retry.ts";
import { keepsPartial } from "../errors.ts";
import { RESUMABLE_BYTES } from "../fs/partial-file.ts";
import type { BlobWritten } from "../oci/content.ts";
import { type BlobUploadRequest, hasBlob, PendingUpload } from "./blob-upload.ts";
import { KeptUpload } from "./kept-upload.ts";
import type { RequestSender } from "./request-sender.ts";

/** A blob to push to one endpoint. */
export interface PushBlobRequest extends BlobUploadRequest {
  /** The directory where the state of uploads is saved for the next process; null: it is not saved. */
  readonly uploadDirectory: string | null;
}

/**
 * Pushes a blob unless the registry has it: mounted if another repository has it, else sent in one request, or in
 * chunks if the registry accepts nothing else or an upload was interrupted. An interrupted upload resumes from the
 * bytes that the registry holds.
 *
 * @throws {PkgError} DIGEST_MISMATCH if the registry stored something else; those of the source, unchanged;
 * HTTP_UNAUTHORIZED, HTTP_FORBIDDEN and the like, those of the network; INTERRUPTED
 * @see OCI distribution-spec 1.1, "Pushing blobs"
 */
export async function pushBlob(sender: RequestSender, request: PushBlobRequest): Promise<BlobWritten> {
  const { signal } = request;
  if (await retry(() => hasBlob(sender, request), { ...request.retry, signal })) {
    return { how: "existed", bytesSent: 0 };
  }
  const kept = await keptUpload(request);
  const upload = new PendingUpload(sender, request, kept);
  try {
    const written = await upload.run();
    await kept?.discard();
    return written;
  } catch (error) {
    const cause = upload.cause(error);
    if (kept !== null && (signal.aborted || (keepsPartial(cause) && !upload.isStuck))) await kept.release();
    else {
      await kept?.discard();
      await upload.cancel();
      request.blob.onProgress?.(0);
    }
    throw cause;
  } finally {
    await upload.close();
  }
}

/** Null for a small blob, which is sent again faster than the registry can be asked about it. */
async function keptUpload({ uploadDirectory, endpoint, reference, blob, signal }: PushBlobRequest) {
  if (uploadDirectory === null || blob.size < RESUMABLE_BYTES) return null;
  return KeptUpload.open(uploadDirectory, { endpoint, reference, digest: blob.digest }, signal);
}
