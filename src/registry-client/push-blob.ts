import { retry } from "../base/retry.ts";
import { keepsPartial } from "../errors.ts";
import { RESUMABLE_BYTES } from "../fs/partial-file.ts";
import type { BlobWritten } from "../oci/content.ts";
import { type BlobUploadRequest, hasBlob, PendingUpload } from "./blob-upload.ts";
import { KeptUpload } from "./kept-upload.ts";
import type { RequestSender } from "./request-sender.ts";

export interface PushBlobRequest extends BlobUploadRequest {
  /** Where uploads under way are remembered for the next process; null: they are not. */
  readonly uploadDirectory: string | null;
}

/**
 * Pushes a blob unless it is there: mounted where another repository has it, else sent in one request, or in pieces where
 * it is large or the registry takes no other way. An upload that is cut off resumes from what the registry really holds.
 *
 * @throws {PkgError} DIGEST_MISMATCH when the registry stored something else; those of the source, as they are; HTTP_UNAUTHORIZED,
 * HTTP_FORBIDDEN and the like, those of the network; INTERRUPTED
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
    }
    throw cause;
  } finally {
    await upload.close();
  }
}

/** A small blob is sent again sooner than it is asked for. */
async function keptUpload({ uploadDirectory, endpoint, reference, blob, signal }: PushBlobRequest) {
  if (uploadDirectory === null || blob.size < RESUMABLE_BYTES) return null;
  return KeptUpload.open(uploadDirectory, { endpoint, reference, digest: blob.digest }, signal);
}
