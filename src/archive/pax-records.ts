import { decodeUtf8 } from "../base/utf8.ts";
import { invalidArchive } from "./archive-error.ts";

/** What an extended header may change about the entry after it; null: the entry's own header counts. */
export interface PaxRecords {
  readonly path: string | null;
  readonly linkPath: string | null;
  /** Bytes. */
  readonly size: number | null;
}

export const NO_RECORDS: PaxRecords = { path: null, linkPath: null, size: null };

const MAX_LENGTH_DIGITS = 7;

/**
 * Parses the body of a PAX extended header: records `LENGTH KEY=VALUE\n`, LENGTH counting all of it. Read by length,
 * as a value may hold newlines: a reader that splits lines sees other names than one that does not.
 *
 * @throws {PkgError} ARCHIVE_INVALID
 * @see POSIX.1-2017, pax, "pax Extended Header"
 */
export function parsePaxRecords(body: Buffer): PaxRecords {
  let records = NO_RECORDS;
  let position = 0;
  while (position < body.length) {
    const { key, value, end } = readRecord(body, position);
    records = withRecord(records, key, value);
    position = end;
  }
  return records;
}

function readRecord(body: Buffer, start: number) {
  const space = body.indexOf(0x20, start);
  const digits = space < 0 ? "" : body.toString("latin1", start, space);
  const end = start + Number(digits);
  const isNumber = digits.length <= MAX_LENGTH_DIGITS && /^[1-9][0-9]*$/.test(digits);
  if (!isNumber || end > body.length || end <= space + 1 || body[end - 1] !== 0x0a) throw damaged();
  const equals = body.indexOf(0x3d, space + 1);
  if (equals < 0 || equals >= end) throw damaged();
  return { key: decode(body.subarray(space + 1, equals)), value: decode(body.subarray(equals + 1, end - 1)), end };
}

function withRecord(records: PaxRecords, key: string, value: string): PaxRecords {
  if (key.startsWith("GNU.sparse.")) throw invalidArchive("it has a sparse file, which is not supported");
  switch (key) {
    case "path":
      return { ...records, path: value };
    case "linkpath":
      return { ...records, linkPath: value };
    case "size":
      return { ...records, size: parseSize(value) };
    default:
      return records;
  }
}

function parseSize(value: string): number {
  const size = Number(value);
  if (/^[0-9]{1,16}$/.test(value) && Number.isSafeInteger(size)) return size;
  throw invalidArchive(`an entry's size is "${value.slice(0, 32)}"`);
}

function decode(bytes: Buffer): string {
  const text = decodeUtf8(bytes);
  if (text === null) throw invalidArchive("an extended header is not UTF-8");
  return text;
}

function damaged(): Error {
  return invalidArchive("an extended header is damaged");
}
