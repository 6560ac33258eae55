import {
  brotliDecompressSync,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  zstdDecompressSync,
} from "node:zlib";
import { systemCode } from "../errors.ts";
import type { Coding, ContentDecoders } from "../http/content-coding.ts";

type Decode = (bytes: Buffer, options: { readonly maxOutputLength: number }) => Buffer;

const STREAMS = {
  gzip: createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
} as const;

/** What some servers call deflate has no zlib header (RFC 9110, section 8.4.1.2). */
const DECODES: Readonly<Record<Coding, readonly Decode[]>> = {
  gzip: [gunzipSync],
  deflate: [inflateSync, inflateRawSync],
  br: [brotliDecompressSync],
  zstd: [zstdDecompressSync],
};

/** Undoes the content codings of HTTP. */
export const CONTENT_DECODERS: ContentDecoders = Object.freeze({
  stream: (coding: Coding) => STREAMS[coding](),
  bytes: (coding: Coding, sent: Buffer, maxOutputLength: number) => {
    for (const decode of DECODES[coding]) {
      try {
        return decode(sent, { maxOutputLength });
      } catch (error) {
        if (systemCode(error) === "ERR_BUFFER_TOO_LARGE") return "too-long";
      }
    }
    return null;
  },
});
