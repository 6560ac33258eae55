import type { JsonCounts } from "../base/strict-json.ts";
import { BACKSLASH, CLOSE_BRACE, CLOSE_BRACKET, COLON, COMMA, OPEN_BRACE, OPEN_BRACKET, QUOTE } from "./json-bytes.ts";

const SPACE = 0x20;

/** A value that has ended. */
export interface ScannedValue extends JsonCounts {
  /** Null when they were more than the limit and were not kept. */
  readonly bytes: Buffer | null;
  readonly size: number;
}

/** Finds the end of one JSON value over any number of chunks. */
export interface ValueScanner {
  /** True from `start` until the value has ended. */
  readonly active: boolean;
  /** Begins a value with its first byte, which `scan` will see again. */
  start(firstByte: number): void;
  /** Goes through `chunk` from `from`; returns the offset after the value, or the length of the chunk. */
  scan(chunk: Buffer, from: number): number;
  /** The value that has ended. */
  take(): ScannedValue;
}

/** Brackets are counted, not matched: whether the value is JSON is for the parser to say. */
export function createValueScanner(maxBytes: number): ValueScanner {
  let active = false;
  let isScalar = false;
  let depth = 0;
  let inString = false;
  let escaped = false;
  let kept: Buffer[] = [];
  let size = 0;
  let colons = 0;
  let deepest = 0;

  /** Runs over every byte of an index, so it works on locals. */
  function findEnd(chunk: Buffer, from: number): number {
    const end = chunk.length;
    let level = depth;
    let quoted = inString;
    let at = escaped ? from + 1 : from;
    let counted = colons;
    while (at < end) {
      if (quoted) {
        at = endOfText(chunk, at);
        // A backslash that ends the chunk escapes the first byte of the next.
        if (at >= end) break;
        quoted = false;
        at++;
        if (level === 0) return at;
        continue;
      }
      const byte = chunk[at++];
      if (byte === QUOTE) quoted = true;
      else if (byte === COLON) counted++;
      else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        if (++level > deepest) deepest = level;
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        if (--level === 0) {
          colons = counted;
          return at;
        }
      }
    }
    escaped = at > end;
    depth = level;
    inString = quoted;
    colons = counted;
    return -1;
  }

  function keep(piece: Buffer): void {
    size += piece.length;
    if (size > maxBytes) kept = [];
    else kept.push(piece);
  }

  return {
    get active() {
      return active;
    },
    start(firstByte) {
      active = true;
      isScalar = firstByte !== QUOTE && firstByte !== OPEN_BRACE && firstByte !== OPEN_BRACKET;
      depth = 0;
      inString = false;
      escaped = false;
      kept = [];
      [size, colons, deepest] = [0, 0, 0];
    },
    scan(chunk, from) {
      const end = isScalar ? findScalarEnd(chunk, from) : findEnd(chunk, from);
      active = end === -1;
      const stop = active ? chunk.length : end;
      keep(chunk.subarray(from, stop));
      return stop;
    },
    take() {
      const bytes = size > maxBytes ? null : kept.length === 1 ? (kept[0] ?? null) : Buffer.concat(kept);
      kept = [];
      return { bytes, size, colons, depth: deepest };
    },
  };
}

/** A number or a word ends where white space or punctuation follows. */
function findScalarEnd(chunk: Buffer, from: number): number {
  for (let at = from; at < chunk.length; at++) {
    const byte = chunk[at] ?? 0;
    if (byte <= SPACE || byte === COMMA || byte === CLOSE_BRACKET || byte === CLOSE_BRACE) return at;
  }
  return -1;
}

/** Where the quote is that ends a string; the length of the chunk, or one more after a backslash, where none does. */
function endOfText(chunk: Buffer, from: number): number {
  let at = from;
  for (; at < chunk.length; at++) {
    const byte = chunk[at];
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH) at++;
  }
  return at;
}
