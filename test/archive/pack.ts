import { spawnSync } from "node:child_process";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { xz } from "@napi-rs/lzma";

/** How a tar, or a single file, may be packed. */
export const PACKINGS = ["none", "gzip", "xz", "bzip2", "zstd"] as const;
export type Packing = (typeof PACKINGS)[number];

/** Packs bytes; bzip2 is done by the program of that name. */
export function pack(bytes: Buffer, packing: Packing): Buffer {
  switch (packing) {
    case "none":
      return bytes;
    case "gzip":
      return gzipSync(bytes);
    case "zstd":
      return zstdCompressSync(bytes);
    case "xz":
      return xz.compressSync(bytes);
    case "bzip2":
      return spawnSync("bzip2", ["-c"], { input: bytes, maxBuffer: 2 ** 30 }).stdout;
  }
}
