import { hasCode } from "../errors.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import { referrerDescriptor, subjectOf } from "../oci/referrers-index.ts";
import { readManifest } from "./manifests.ts";
import type { ReferrersTagRequest } from "./referrers-tag.ts";
import type { RequestSender } from "./request-sender.ts";

const CONCURRENCY = 8;

/**
 * Fetches each referrer and keeps those that really refer to the subject, with descriptors from their own content: the
 * list can be written by anyone who may push a tag.
 *
 * @throws {PkgError} DIGEST_MISMATCH, and those of registryError and the network
 */
export async function verifyReferrers(
  sender: RequestSender,
  request: ReferrersTagRequest,
  listed: readonly Descriptor[],
): Promise<readonly Descriptor[]> {
  const found: (Descriptor | null)[] = listed.map(() => null);
  const remaining = listed.entries();
  const failed = new AbortController();
  const signal = AbortSignal.any([request.signal, failed.signal]);
  const work = async () => {
    for (const [position, { digest }] of remaining) {
      const reference = { ...request.reference, digest };
      found[position] = await readReferrer(sender, { ...request, reference, signal });
    }
  };
  const workers = Array.from({ length: Math.min(CONCURRENCY, listed.length) }, work);
  try {
    await Promise.all(workers);
  } finally {
    // After a failure, the remaining ones need not be fetched.
    failed.abort();
    await Promise.allSettled(workers);
  }
  return found.filter((descriptor) => descriptor !== null);
}

async function readReferrer(sender: RequestSender, request: ReferrersTagRequest): Promise<Descriptor | null> {
  try {
    const document = await readManifest(sender, request);
    return subjectOf(document) === request.subject ? referrerDescriptor(document) : null;
  } catch (error) {
    // A list may name manifests that were deleted, or that never were referrers.
    if (hasCode(error, "HTTP_NOT_FOUND", "MANIFEST_INVALID", "BODY_TOO_LARGE")) return null;
    throw error;
  }
}
