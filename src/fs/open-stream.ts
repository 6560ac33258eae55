import { openForReading } from "./read-file.ts";

const PIECE_BYTES = 64 * 1024;

/** As streamFile(), of a file that is opened at once: it may be removed from then on. @throws as openForReading */
export async function openStream(path: string): Promise<AsyncIterable<Buffer>> {
  const handle = await openForReading(path);
  return handle.createReadStream({ highWaterMark: PIECE_BYTES });
}
