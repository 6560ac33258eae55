import { constants, zstdCompress, zstdCompressSync, zstdDecompressSync } from "node:zlib";

/** The quickest level: what is packed here is read again on this machine. With a checksum, so that damage is noticed. */
const PACKING = { params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 } };

/** Packs a text that is kept on this machine. */
export function packText(text: string): Buffer {
  return zstdCompressSync(Buffer.from(text), PACKING);
}

/** The same on another thread, while this one goes on; null if it failed, so that it is tried again here. */
export function packTextBeside(text: string, done: (packed: Buffer | null) => void): void {
  zstdCompress(Buffer.from(text), PACKING, (error, packed) => done(error === null ? packed : null));
}

/** Reads what packText() gave. @throws {Error} of zlib's, for damaged bytes and for more than `maxBytes` */
export function unpackText(packed: Uint8Array, maxBytes: number): string {
  return zstdDecompressSync(packed, { maxOutputLength: maxBytes }).toString();
}
