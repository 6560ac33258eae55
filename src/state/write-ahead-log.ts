/** Of the log, and of each frame in it. @see https://www.sqlite.org/fileformat.html#walformat */
export const LOG_HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const MAGIC = 0x377f0682;
/** Where a database file says how it may be written and read: 1 for a rollback journal, 2 for a write-ahead log. */
const WRITE_VERSION_AT = 18;
const READ_VERSION_AT = 19;

type Sums = readonly [number, number];

interface Frame {
  readonly page: number;
  /** Pages of the whole database, at the end of a transaction; 0 within one. */
  readonly pagesAfter: number;
  readonly content: Buffer;
}

/**
 * The content of a database as of the last transaction in its write-ahead log, as a file that needs no log. What a killed
 * process left in the log after that transaction is no part of it.
 *
 * @param database bytes of the database file, which may be empty; where there is nothing to add, they become the result
 * @param log bytes of its write-ahead log; empty if there is none
 */
export function withLog(database: Buffer, log: Buffer): Buffer {
  const { pages, count, pageBytes } = committedPages(log);
  const whole = count === 0 ? database : Buffer.concat([database], count * pageBytes);
  for (const [page, content] of pages) if (page <= count) content.copy(whole, (page - 1) * pageBytes);
  if (whole.length > READ_VERSION_AT) {
    if (whole[WRITE_VERSION_AT] === 2) whole[WRITE_VERSION_AT] = 1;
    if (whole[READ_VERSION_AT] === 2) whole[READ_VERSION_AT] = 1;
  }
  return whole;
}

/** The newest content of each page that a finished transaction wrote, and how many pages there are in all. */
function committedPages(log: Buffer) {
  const pages = new Map<number, Buffer>();
  const open = new Map<number, Buffer>();
  let count = 0;
  for (const { page, pagesAfter, content } of frames(log)) {
    open.set(page, content);
    if (pagesAfter === 0) continue;
    for (const [number, bytes] of open) pages.set(number, bytes);
    open.clear();
    count = pagesAfter;
  }
  return { pages, count, pageBytes: count === 0 ? 0 : pageBytesOf(log) };
}

/** The frames of the log's current round: what follows is of an earlier one, or was not written whole. */
function* frames(log: Buffer): Generator<Frame> {
  if (log.length < LOG_HEADER_BYTES || (log.readUInt32BE(0) & ~1) >>> 0 !== MAGIC) return;
  const isBigEndian = (log.readUInt32BE(0) & 1) === 1;
  const salts = log.subarray(16, 24);
  const frameBytes = FRAME_HEADER_BYTES + pageBytesOf(log);
  let sums = checksum(log.subarray(0, 24), [0, 0], isBigEndian);
  if (!agrees(log, 24, sums)) return;
  for (let at = LOG_HEADER_BYTES; at + frameBytes <= log.length; at += frameBytes) {
    const frame = log.subarray(at, at + frameBytes);
    const content = frame.subarray(FRAME_HEADER_BYTES);
    sums = checksum(content, checksum(frame.subarray(0, 8), sums, isBigEndian), isBigEndian);
    if (!frame.subarray(8, 16).equals(salts) || !agrees(frame, 16, sums)) return;
    yield { page: frame.readUInt32BE(0), pagesAfter: frame.readUInt32BE(4), content };
  }
}

function pageBytesOf(log: Buffer): number {
  return log.readUInt32BE(8);
}

function agrees(bytes: Buffer, at: number, [first, second]: Sums): boolean {
  return bytes.readUInt32BE(at) === first && bytes.readUInt32BE(at + 4) === second;
}

function checksum(bytes: Buffer, [first, second]: Sums, isBigEndian: boolean): Sums {
  let [a, b] = [first, second];
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    a = (a + (isBigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at)) + b) >>> 0;
    b = (b + (isBigEndian ? bytes.readUInt32BE(at + 4) : bytes.readUInt32LE(at + 4)) + a) >>> 0;
  }
  return [a, b];
}
