import { hashHex } from "../../src/base/hashes.ts";
import type { BlobSource } from "../../src/blobs/blob-store.ts";
import { PkgError } from "../../src/errors.ts";
import { type Digest, sha256Digest } from "../../src/oci/digest.ts";

export interface SourceCall {
  readonly offset: number;
  readonly validator: string | null;
}

/** What one call of a source does: bytes to send from its start, and how the body then ends. */
export interface Serving {
  readonly bytes: Buffer;
  /** Bytes sent before the end; default all. */
  readonly sent?: number;
  readonly end?: "well" | "cut" | "abort";
  readonly ignoreRange?: boolean;
  readonly startsAt?: number;
  readonly validator?: string | null;
  /** What the server announced; default the length of `bytes`. */
  readonly announced?: number | null;
}

/** A source that serves one of `servings` per call, the last one from then on, and records how it was called. */
export function sourceOf(...servings: readonly Serving[]): BlobSource & { readonly calls: SourceCall[] } {
  const calls: SourceCall[] = [];
  const source: BlobSource = async ({ offset, validator }) => {
    const serving = servings[Math.min(calls.length, servings.length - 1)];
    calls.push({ offset, validator });
    if (serving === undefined) throw new Error("no serving");
    const start = serving.startsAt ?? (serving.ignoreRange ? 0 : offset);
    const size = serving.announced === undefined ? serving.bytes.byteLength : serving.announced;
    return { offset: start, size, validator: serving.validator ?? null, body: bodyOf(serving, start) };
  };
  return Object.assign(source, { calls });
}

async function* bodyOf({ bytes, sent, end }: Serving, start: number): AsyncGenerator<Uint8Array> {
  const stop = Math.min(sent ?? bytes.byteLength, bytes.byteLength);
  for (let at = start; at < stop; at += 50_000) yield bytes.subarray(at, Math.min(at + 50_000, stop));
  if (end === "cut") throw new PkgError("BODY_TRUNCATED", "Cannot read the body: the connection ended");
}

/** Bytes that differ along their length, so that a seam in the wrong place shows. */
export function sampleBytes(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at += 1) bytes[at] = (at * 31 + (at >> 8) * 7 + (at >> 16)) & 0xff;
  return bytes;
}

export function digestOf(bytes: Uint8Array): Digest {
  return sha256Digest(hashHex("sha256", bytes));
}
