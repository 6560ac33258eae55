import { FORMAT_BYTES, fileFormat } from "../base/file-format.ts";
import { PkgError } from "../errors.ts";
import { decompress } from "./compression.ts";
import { isCompressed } from "./decompress-stream.ts";
import { EXTRACT_LIMITS } from "./extract-limits.ts";
import { isTarStart } from "./read-header.ts";
import { splitStart } from "./split-start.ts";
import { BLOCK_BYTES } from "./tar-block.ts";
import { isZipStart } from "./zip-layout.ts";

/**
 * What a file is: an archive, one file that is compressed, or neither; told by its content alone, of which only the start is
 * read. What is damaged from the start counts as an archive: whoever reads it learns what is wrong.
 */
export type ContentKind = "archive" | "compressed" | "plain";

/** @throws whatever `source` throws */
export async function contentKind(source: AsyncIterable<Uint8Array>): Promise<ContentKind> {
  const { start, whole } = await splitStart(source, Math.max(FORMAT_BYTES, BLOCK_BYTES));
  try {
    const format = fileFormat(start);
    if (isZipStart(start)) return "archive";
    if (!isCompressed(format)) return isTarStart(start) ? "archive" : "plain";
    return isTarStart(await firstBlock(whole)) ? "archive" : "compressed";
  } catch (error) {
    if (error instanceof PkgError && error.code === "ARCHIVE_INVALID") return "archive";
    throw error;
  } finally {
    await whole.return(undefined);
  }
}

async function firstBlock(packed: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const { start, whole } = await splitStart(decompress(packed, EXTRACT_LIMITS.maxRatio), BLOCK_BYTES);
  await whole.return(undefined);
  return start;
}
