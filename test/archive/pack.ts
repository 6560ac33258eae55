import { spawnSync } from "node:child_process";
import { gzipSync, zstdCompressSync } from "node:zlib";

/** How a tar, or a single file, may be packed. */
export const PACKINGS = ["none", "gzip", "xz", "bzip2", "zstd"] as const;
export type Packing = (typeof PACKINGS)[number];

/** Packs bytes; xz and bzip2 are the programs of those names. */
export function pack(bytes: Buffer, packing: Packing): Buffer {
  switch (packing) {
    case "none":
      return bytes;
    case "gzip":
      return gzipSync(bytes);
    case "zstd":
      return zstdCompressSync(bytes);
    case "xz":
      return by("xz", bytes);
    case "bzip2":
      return by("bzip2", bytes);
  }
}

function by(program: string, input: Buffer): Buffer {
  return spawnSync(program, ["-c"], { input, maxBuffer: 2 ** 30 }).stdout;
}
