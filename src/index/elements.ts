import { byteCount } from "../base/format-bytes.ts";
import { parseJson } from "../base/json.ts";
import { type JsonCounts, JsonProblem } from "../base/strict-json.ts";
import { PkgError } from "../errors.ts";
import { isVersionedHeader } from "./header.ts";
import { CLOSE_BRACE, CLOSE_BRACKET, COLON, COMMA, OPEN_BRACE, OPEN_BRACKET, QUOTE } from "./json-bytes.ts";
import type { KnownElement, KnownElements } from "./known-elements.ts";
import { createValueScanner } from "./value-scanner.ts";

export interface ElementLimits {
  /** The largest element, in bytes; a larger one is skipped. */
  readonly maxElementBytes: number;
}

/** The parts of an index document. `header` holds the members other than `packages` that have been read so far. */
export type DocumentPart =
  | { readonly kind: "header"; readonly header: Readonly<Record<string, unknown>> }
  | { readonly kind: "element"; readonly bytes: Buffer; readonly counts: JsonCounts }
  | { readonly kind: "known"; readonly element: KnownElement }
  | { readonly kind: "oversized"; readonly bytes: number };

/** What may come next, white space aside. */
type Expected =
  | "document"
  | "first element"
  | "element"
  | "comma or ]"
  | "first key"
  | "key"
  | "colon"
  | "member"
  | "comma or }"
  | "the end";

const MAX_HEADER_MEMBERS = 256;

/** U+FEFF in UTF-8. */
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/**
 * Splits an index, a JSON array or an object with an array `packages`, into its elements without parsing them,
 * so that memory holds one element at a time. The parts of each piece of it come one by one, and are found as they are asked for. A
 * header is given before the elements and again at the end.
 *
 * @param known where an element of these begins, nobody looks for its end
 * @throws {PkgError} INDEX_INVALID when the text around the elements is not such a document, or ends too early
 */
export async function* readElements(
  bytes: AsyncIterable<Uint8Array>,
  limits: ElementLimits,
  known: KnownElements | null = null,
): AsyncGenerator<Iterable<DocumentPart>> {
  const splitter = createSplitter(limits, known);
  for await (const chunk of bytes) {
    yield splitter.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  }
  yield splitter.end();
}

function createSplitter({ maxElementBytes }: ElementLimits, known: KnownElements | null) {
  const scanner = createValueScanner(maxElementBytes);
  let expected: Expected = "document";
  let role: "element" | "key" | "member" = "element";
  let header: Record<string, unknown> | null = null;
  let key = "";
  let hasPackages = false;
  /** The part that has just been found. */
  let found: DocumentPart | null = null;
  /** Bytes before this chunk, and the place in it. */
  let position = 0;
  let at = 0;

  /** Takes one byte between values; true when a value begins with it. */
  function step(byte: number): boolean {
    switch (expected) {
      case "document":
        if (position + at < 3 && byte === BYTE_ORDER_MARK[position + at]) return false;
        if (byte === OPEN_BRACKET) return beginElements();
        if (byte !== OPEN_BRACE) throw unexpected(byte);
        header = Object.create(null) as Record<string, unknown>;
        return expect("first key");
      case "first element":
        if (byte === CLOSE_BRACKET) return endArray();
        return begin("element", byte);
      case "element":
        return begin("element", byte);
      case "comma or ]":
        if (byte === COMMA) return expect("element");
        if (byte === CLOSE_BRACKET) return endArray();
        throw unexpected(byte);
      case "first key":
        if (byte === CLOSE_BRACE) return expect("the end");
        return beginKey(byte);
      case "key":
        return beginKey(byte);
      case "colon":
        if (byte === COLON) return expect("member");
        throw unexpected(byte);
      case "member":
        return key === "packages" ? beginPackages(byte) : begin("member", byte);
      case "comma or }":
        if (byte === COMMA) return expect("key");
        if (byte === CLOSE_BRACE) return expect("the end");
        throw unexpected(byte);
      case "the end":
        throw unexpected(byte);
    }
  }

  function expect(next: Expected): false {
    expected = next;
    return false;
  }

  function begin(next: typeof role, byte: number): true {
    if (!startsValue(byte)) throw unexpected(byte);
    role = next;
    return true;
  }

  function beginKey(byte: number): true {
    if (byte !== QUOTE) throw unexpected(byte);
    return begin("key", byte);
  }

  function beginPackages(byte: number): false {
    if (byte !== OPEN_BRACKET || hasPackages) throw unexpected(byte);
    hasPackages = true;
    found = { kind: "header", header: { ...header } };
    return beginElements();
  }

  function beginElements(): false {
    known?.begin(header === null ? "list" : isVersionedHeader(header) ? "v1" : "object");
    return expect("first element");
  }

  function endArray(): false {
    return expect(header === null ? "the end" : "comma or }");
  }

  function finishValue(): void {
    const { bytes, size, ...counts } = scanner.take();
    if (role === "element") {
      found = bytes === null ? { kind: "oversized", bytes: size } : { kind: "element", bytes, counts };
      expected = "comma or ]";
    } else if (role === "key") {
      key = parseKey(bytes);
      expected = "colon";
    } else {
      addMember(bytes);
      expected = "comma or }";
    }
  }

  /** True if the element that begins here was read before; it is passed over. */
  function isKnown(chunk: Buffer): boolean {
    const element = known?.next(chunk, at) ?? null;
    if (element === null) return false;
    found = { kind: "known", element };
    at += element.length;
    expected = "comma or ]";
    return true;
  }

  function addMember(bytes: Buffer | null): void {
    if (header === null || bytes === null) return;
    if (Object.hasOwn(header, key)) throw invalid(`its header has "${key}" twice`);
    if (Object.keys(header).length >= MAX_HEADER_MEMBERS) throw invalid("its header has too many members");
    header[key] = parseMember(bytes, key);
  }

  function unexpected(byte: number): PkgError {
    const found = byte > 0x20 && byte < 0x7f ? `"${String.fromCharCode(byte)}"` : `byte 0x${byte.toString(16)}`;
    return invalid(`at byte ${position + at} it has ${found}, expected ${expected}`);
  }

  return {
    *push(chunk: Buffer): Generator<DocumentPart> {
      at = 0;
      while (at < chunk.length) {
        if (!scanner.active) {
          at = skipSpace(chunk, at);
          const byte = chunk[at];
          if (byte === undefined) break;
          if (!step(byte)) at++;
          else if (role !== "element" || !isKnown(chunk)) scanner.start(byte);
        }
        if (scanner.active) {
          at = scanner.scan(chunk, at);
          if (!scanner.active) finishValue();
        }
        if (found !== null) yield found;
        found = null;
      }
      position += chunk.length;
    },
    end(): readonly DocumentPart[] {
      if (scanner.active || expected !== "the end")
        throw invalid(`it ends after ${byteCount(position)}, expected ${expected}`);
      if (header === null) return [];
      if (!hasPackages) throw invalid('it is an object without "packages"');
      return [{ kind: "header", header: { ...header } }];
    },
  };
}

function startsValue(byte: number): boolean {
  const isDigit = byte >= 0x30 && byte <= 0x39;
  return (
    isDigit ||
    byte === QUOTE ||
    byte === OPEN_BRACE ||
    byte === OPEN_BRACKET ||
    "-tfn".includes(String.fromCharCode(byte))
  );
}

function skipSpace(chunk: Buffer, from: number): number {
  let at = from;
  for (let byte = chunk[at]; byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09; byte = chunk[at]) at++;
  return at;
}

function parseKey(bytes: Buffer | null): string {
  if (bytes === null) throw invalid("its header has a key that is too long");
  const key: unknown = parseMember(bytes, "");
  if (typeof key !== "string") throw invalid("its header has a key that is not a string");
  return key;
}

function parseMember(bytes: Buffer, key: string): unknown {
  const text = bytes.toString("utf8");
  return parseJson(text, (cause) => {
    const problem = cause instanceof JsonProblem ? cause.message : "is not JSON";
    return invalid(`its header ${problem} at "${key}"`, cause);
  });
}

function invalid(reason: string, cause?: unknown): PkgError {
  return new PkgError("INDEX_INVALID", `Cannot read the index: ${reason}`, cause === undefined ? {} : { cause });
}
