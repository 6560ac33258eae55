import { decodeUtf8 } from "../base/utf8.ts";
import type { MakeArchiveError } from "./archive-error.ts";

/** What an extended header may change about the entry after it; null where the entry's own header counts. */
export interface PaxRecords {
  readonly path: string | null;
  readonly linkPath: string | null;
  /** In bytes. */
  readonly size: number | null;
  /** The entry is a file with holes, in one of GNU's three forms: its body is not what the file has. */
  readonly isSparse: true | null;
  /** The name of such a file. */
  readonly sparsePath: string | null;
  /** The file has capabilities (Linux), with which it may do more than whoever starts it. */
  readonly hasCapabilities: true | null;
}

/** An extended header that changes nothing. */
export const NO_RECORDS: PaxRecords = {
  ...{ path: null, linkPath: null, size: null },
  ...{ isSparse: null, sparsePath: null, hasCapabilities: null },
};

const MAX_LENGTH_DIGITS = 7;

/**
 * Parses the body of a PAX extended header: records `LENGTH KEY=VALUE\n`, where LENGTH counts the whole record. Records
 * are read by their length because a value may hold newlines: a reader that splits lines would see other names. Values
 * of other keys may be binary, as extended attributes are.
 *
 * @throws {PkgError} what `invalid` makes
 * @see POSIX.1-2017, pax, "pax Extended Header"
 */
export function parsePaxRecords(body: Buffer, invalid: MakeArchiveError): PaxRecords {
  let records = NO_RECORDS;
  let position = 0;
  while (position < body.length) {
    const record = readRecord(body, position);
    if (record === null) throw invalid("an extended header is damaged");
    records = withRecord(records, record, invalid);
    position = record.end;
  }
  return records;
}

interface PaxRecord {
  readonly key: string;
  readonly value: Buffer;
  /** Where the next record begins. */
  readonly end: number;
}

/** Reads the record that begins at `start`; null if there is no valid one. */
function readRecord(body: Buffer, start: number): PaxRecord | null {
  const space = body.indexOf(0x20, start);
  const digits = space < 0 ? "" : body.toString("latin1", start, space);
  const end = start + Number(digits);
  const isNumber = digits.length <= MAX_LENGTH_DIGITS && /^[1-9][0-9]*$/.test(digits);
  if (!isNumber || end > body.length || end <= space + 1 || body[end - 1] !== 0x0a) return null;
  const equals = body.indexOf(0x3d, space + 1);
  if (equals < 0 || equals >= end) return null;
  return { key: body.toString("utf8", space + 1, equals), value: body.subarray(equals + 1, end - 1), end };
}

function withRecord(records: PaxRecords, { key, value }: PaxRecord, invalid: MakeArchiveError): PaxRecords {
  if (key === "GNU.sparse.name") return { ...records, isSparse: true, sparsePath: decode(value, invalid) };
  if (key.startsWith("GNU.sparse.")) return { ...records, isSparse: true };
  switch (key) {
    case "SCHILY.xattr.security.capability":
      return { ...records, hasCapabilities: true };
    case "path":
      return { ...records, path: decode(value, invalid) };
    case "linkpath":
      return { ...records, linkPath: decode(value, invalid) };
    case "size":
      return { ...records, size: parseSize(decode(value, invalid), invalid) };
    default:
      return records;
  }
}

function parseSize(value: string, invalid: MakeArchiveError): number {
  const size = Number(value);
  if (/^[0-9]{1,16}$/.test(value) && Number.isSafeInteger(size)) return size;
  throw invalid(`an entry's size is "${value.slice(0, 32)}"`);
}

function decode(bytes: Buffer, invalid: MakeArchiveError): string {
  const text = decodeUtf8(bytes);
  if (text === null) throw invalid("an extended header is not UTF-8");
  return text;
}
