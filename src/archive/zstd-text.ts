/** Loaded when it is used: many a command opens an index and reads none of its entries. */
const zlib = () => process.getBuiltinModule("node:zlib");

/** The quickest level: what is packed here is read again on this machine. With a checksum, so that damage is noticed. */
function packing() {
  const { constants } = zlib();
  return { params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 } };
}

/** Packs a text that is kept on this machine. */
export function packText(text: string): Buffer {
  return zlib().zstdCompressSync(Buffer.from(text), packing());
}

/** The same on another thread, while this one goes on; null if it failed, so that it is tried again here. */
export function packTextBeside(text: string, done: (packed: Buffer | null) => void): void {
  zlib().zstdCompress(Buffer.from(text), packing(), (error, packed) => done(error === null ? packed : null));
}

/** Most texts in one piece: zlib makes pieces of 16 KiB otherwise, and then one of them all, half as much work again. */
const PIECE_BYTES = 80 * 1024;

/** Reads what packText() gave. @throws {Error} of zlib's, for damaged bytes and for more than `maxBytes` */
export function unpackText(packed: Uint8Array, maxBytes: number): string {
  return zlib().zstdDecompressSync(packed, { maxOutputLength: maxBytes, chunkSize: PIECE_BYTES }).toString();
}
