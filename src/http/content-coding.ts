import type { Duplex } from "node:stream";
import { pipeline, Readable } from "node:stream";
import { PkgError } from "../errors.ts";
import type { Body } from "./body.ts";
import { shownUrl } from "./failures.ts";
import type { HttpResponse } from "./request.ts";

/** The codings that are known (RFC 9110, section 8.4.1). */
export type Coding = "gzip" | "deflate" | "br" | "zstd";

/** What undoes them; archive/content-decoders.ts has it. */
export interface ContentDecoders {
  /** A stream that decodes what is written to it. */
  stream(coding: Coding): Duplex;
  /** The decoded bytes; "too-long" if they are more than `maxBytes`, null if `sent` is not in that coding. */
  bytes(coding: Coding, sent: Buffer, maxBytes: number): Buffer | "too-long" | null;
}

/** What a decoded body may have more than its limit while it is still encoded, in bytes: little is not made less. */
const MAX_OVERHEAD_BYTES = 64 * 1024;

/** The names of files that are compressed themselves: servers announce their form as if it were added on the way. */
const COMPRESSED_NAME = /\.(?:t?gz|tgz|br|zst|zstd|svgz|z)$/i;

const CODINGS: Readonly<Record<string, Coding>> = {
  gzip: "gzip",
  "x-gzip": "gzip",
  deflate: "deflate",
  br: "br",
  zstd: "zstd",
};

type Head = Pick<HttpResponse, "header" | "url">;

/**
 * The coding in which a server sends a body although none was asked for, as proxies that compress everything do; null if
 * there is none, or one that is not known, so that the bytes are taken as they are.
 *
 * @see RFC 9110, section 8.4
 */
export function contentCoding(response: Pick<HttpResponse, "header">): Coding | null {
  const named = (response.header("content-encoding") ?? "").toLowerCase().split(",");
  const [coding = "", ...others] = named.map((name) => name.trim()).filter((name) => name !== "identity");
  return others.length === 0 ? (CODINGS[coding] ?? null) : null;
}

/**
 * True if the bytes on their way are not those of the content. Servers also announce a coding for files that are
 * compressed themselves: these have the size of the content as they are, or a name that says so.
 *
 * @param size of the content, in bytes; null if it is not known
 */
export function isCoded(response: Head, size: number | null): boolean {
  if (contentCoding(response) === null) return false;
  const length = response.header("content-length");
  if (size === null || length === null) return !COMPRESSED_NAME.test(response.url.pathname);
  return length !== String(size);
}

/** The same answer, whose content is the body as it was sent, coded or not: for readers that tell codings by the content. */
export function asSent(response: HttpResponse): HttpResponse {
  const { status, url, body } = response;
  return {
    ...{ status, url, body },
    header: (name) => (name.toLowerCase() === "content-encoding" ? null : response.header(name)),
    redact: (text) => response.redact(text),
    content: () => body,
    readBytes: (maxBytes, size) => response.readBytes(maxBytes, size),
    discard: () => response.discard(),
  };
}

/** Decodes a body. @throws {PkgError} BODY_TRUNCATED for one that is not in its coding; those of the body */
export async function* decodedBody(
  head: Head & { readonly body: Body },
  coding: Coding,
  decoders: ContentDecoders,
): AsyncGenerator<Uint8Array> {
  const decoder = decoders.stream(coding);
  // Its errors reach the loop below.
  pipeline(Readable.from(head.body), decoder, () => {});
  try {
    for await (const chunk of decoder) yield chunk;
  } catch (cause) {
    if (cause instanceof PkgError) throw cause;
    const problem = `it is announced as ${coding}, and is damaged or something else`;
    throw new PkgError("BODY_TRUNCATED", `Cannot read the answer of "${shownUrl(head.url)}": ${problem}`, { cause });
  } finally {
    decoder.destroy();
  }
}

/** How many bytes may come for a content of at most `maxBytes`. */
export function sentLimit(response: Pick<HttpResponse, "header">, maxBytes: number): number {
  return contentCoding(response) === null ? maxBytes : maxBytes + MAX_OVERHEAD_BYTES;
}

/** How a whole body is decoded; sizes in bytes. */
export interface DecodeRequest {
  readonly decoders: ContentDecoders | null;
  readonly maxBytes: number;
  /** Of the content; null if it is not known. */
  readonly size: number | null;
}

/**
 * The content of a whole body; null if it is longer than `maxBytes`. Bytes that are not in the announced coding, or have
 * the right size, are the content themselves.
 */
export function decodeBytes(
  response: Pick<HttpResponse, "header">,
  sent: Buffer,
  { decoders, maxBytes, size }: DecodeRequest,
): Buffer | null {
  const coding = contentCoding(response);
  const isCodedBody = coding !== null && decoders !== null && sent.length !== size;
  const content = isCodedBody ? (decoders.bytes(coding, sent, maxBytes) ?? sent) : sent;
  return content === "too-long" || content.length > maxBytes ? null : content;
}
