import type { DocumentForm, FormatName } from "./formats/entry-format.ts";

/**
 * The elements of the document that was read before. What has the same bytes means the same, so it need not be parsed,
 * validated and written again: if an element begins at some byte, no other one does whose bytes are the same to its end.
 */
export interface KnownElements {
  /** Says which form the document has: the same bytes mean something else in another one. */
  begin(form: DocumentForm): void;
  /** The element that begins at `at`, if it is what came next before and lies wholly in `chunk`; finds it without looking for its end. */
  next(chunk: Buffer, at: number): KnownElement | null;
  /** The element with these bytes, wherever it was; each is found once. */
  find(stamp: Pick<ElementStamp, "digest" | "length">): KnownElement | null;
  /** True if a known element that came before in this document has this key. */
  holds(key: string): boolean;
  /** A new entry has this key: a known one that comes later in this document will not be recognised. */
  block(key: string): void;
}

/** An element that was read before. */
export interface KnownElement {
  /** Its index in that document. */
  readonly index: number;
  /** In bytes. */
  readonly length: number;
  /** For this platform, or for another one. */
  readonly isHere: boolean;
  readonly format: FormatName;
}

/** How an element can be recognised in another document. */
export interface ElementStamp {
  /** In bytes. */
  readonly length: number;
  /** Its SHA-256, a byte in each character. */
  readonly digest: string;
  readonly format: FormatName;
  /** What no other entry of the index may have as well; empty for another platform. */
  readonly key: string;
}
