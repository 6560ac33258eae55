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
 * Pushes a blob unless the registry has it, which it is asked first, or while an upload is begun (OwnMounts): mounted if another repository has it, else sent in one request, or in
 * chunks if the registry accepts nothing else or an upload was interrupted. An interrupted upload resumes from the
 * bytes that the registry holds.
 *
 * @throws {PkgError} DIGEST_MISMATCH if the registry stored something else; those of the source, unchanged;
 * HTTP_UNAUTHORIZED, HTTP_FORBIDDEN and the like, those of the network; INTERRUPTED
 * @see OCI distribution-spec 1.1, "Pushing blobs"
 */
export async function pushBlob(sender: RequestSender, request: PushBlobRequest): Promise<BlobWritten> {
  const { signal, blob, reference, memory } = request;
  const { ownMounts } = memory;
  const place = { ...request, digest: blob.digest };
  const isThere = () => retry(() => hasBlob(sender, request), { ...request.retry, signal });
  const existed = (): BlobWritten => {
    ownMounts.note(place, "present");
    return { how: "existed", bytesSent: 0 };
  };
  const isMounting = blob.mountFrom === null && (await ownMounts.isDue(sender, request, signal));
  if (!isMounting && (await isThere())) return existed();
  const own = isMounting ? { ...request, blob: { ...blob, mountFrom: reference.name } } : request;
  const written = await upload(sender, own);
  if (isMounting && written.how === "mounted") {
    if (await isThere()) return existed();
    ownMounts.distrust(request);
    return await pushBlob(sender, request);
  }
  ownMounts.note(place, "absent");
  return written;
}

/** Uploads or mounts a blob, and goes on where an upload was interrupted. */
async function upload(sender: RequestSender, request: PushBlobRequest): Promise<BlobWritten> {
  const { signal } = request;
  const kept = await keptUpload(request);
  const pending = new PendingUpload(sender, request, kept);
  try {
    const written = await pending.run();
    await kept?.discard();
    return written;
  } catch (error) {
    const cause = pending.cause(error);
    if (kept !== null && (signal.aborted || (keepsPartial(cause) && !pending.isStuck))) await kept.release();
    else {
      await kept?.discard();
      await pending.cancel();
      request.blob.onProgress?.(0);
    }
    throw cause;
  } finally {
    await pending.close();
  }
}

/** Null for a small blob, which is sent again faster than the registry can be asked about it. */
async function keptUpload({ uploadDirectory, endpoint, reference, blob, signal }: PushBlobRequest) {
  if (uploadDirectory === null || blob.size < RESUMABLE_BYTES) return null;
  return KeptUpload.open(uploadDirectory, { endpoint, reference, digest: blob.digest }, signal);
}
