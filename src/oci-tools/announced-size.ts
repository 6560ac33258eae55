import { byteCount } from "../base/format-bytes.ts";
import { PkgError } from "../errors.ts";
import type { Digest } from "../oci/digest.ts";
import type { PullTools } from "./pull-layer.ts";

/**
 * The size in bytes that a place announces of a blob, whose bytes are not read; null if it does not say.
 *
 * @throws {PkgError} HTTP_NOT_FOUND if it is not there; BODY_TOO_LARGE; and those of the place
 */
export async function announcedSize(
  { source, signal }: Pick<PullTools, "source" | "signal">,
  digest: Digest,
  maxBytes = Number.MAX_SAFE_INTEGER,
): Promise<number | null> {
  const { size, body } = await source.openBlob({ digest, size: null }, { offset: 0, validator: null }, signal);
  await body[Symbol.asyncIterator]().return?.();
  if (size === null || size <= maxBytes) return size;
  throw new PkgError(
    "BODY_TOO_LARGE",
    `Cannot fetch "${digest}": it has ${byteCount(size)}, more than the limit of ${maxBytes}`,
  );
}
