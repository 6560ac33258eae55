import { isUtf8 } from "node:buffer";
import { byteCount } from "../base/format-bytes.ts";
import { sha256Latin1 } from "../base/hashes.ts";
import { JsonProblem, parseCountedJson } from "../base/strict-json.ts";
import type { PackageEntry } from "../package/metadata.ts";
import { placeKey } from "../package/place-key.ts";
import type { DocumentPart, ElementLimits } from "./elements.ts";
import type { DocumentForm, FormatName } from "./formats/entry-format.ts";
import { decodeEntry, formatOf } from "./formats/formats.ts";
import type { ElementStamp } from "./known-elements.ts";

/** An element of a document that was not read before. */
export type UnreadElement = DocumentPart & { readonly kind: "element" | "oversized" };

/** What decides, besides its bytes, what an element means. */
export interface ElementContext {
  readonly form: DocumentForm;
  /** As ReadIndexOptions has it. */
  readonly host: string | null;
  readonly limits: ElementLimits;
}

/** What an element says; whether another one says the same is not known. */
export type ReadElement =
  | {
      readonly kind: "entry";
      readonly format: FormatName;
      readonly entry: PackageEntry;
      /** What no other entry of the index may have as well. */
      readonly key: string;
      /** Its JSON. */
      readonly written: unknown;
    }
  | { readonly kind: "elsewhere"; readonly format: FormatName; readonly entry: PackageEntry }
  | {
      readonly kind: "skipped";
      readonly format: FormatName;
      /** Begins with its name, where one can be read. */
      readonly reason: string;
    };

/** By what the bytes of an element are recognised. */
export type ElementMark = Pick<ElementStamp, "digest" | "length">;

/** The mark of an element's bytes. */
export function markOf(bytes: Buffer): ElementMark {
  return { digest: sha256Latin1(bytes), length: bytes.length };
}

/** Parses, validates and decodes one element, which follows from its bytes alone, on whichever thread. */
export function readElement(part: UnreadElement, { form, host, limits }: ElementContext): ReadElement {
  const parsed = part.kind === "oversized" ? oversized(part.bytes, limits) : parseElement(part);
  if (parsed.kind === "skipped") return { kind: "skipped", format: "g1", reason: `: ${parsed.reason}` };
  const format = formatOf(parsed.value, form);
  const decoded = decodeEntry(format, parsed.value, host ?? "");
  const skipped = (reason: string): ReadElement => {
    return { kind: "skipped", format, reason: `${labelOf(nameOf(parsed.value))}: ${reason}` };
  };
  if (decoded.kind === "skipped") return skipped(decoded.reason);
  const { entry } = decoded;
  if (host === null || entry.host === "" || entry.host === host) {
    return { kind: "entry", format, entry, key: placeKey(entry, host), written: parsed.value };
  }
  // Older indexes hold entries for other platforms only by mistake.
  return form === "v1" ? { kind: "elsewhere", format, entry } : skipped(`is for "${entry.host}", expected "${host}"`);
}

interface Unusable {
  readonly kind: "skipped";
  readonly reason: string;
}

function parseElement({
  bytes,
  counts,
}: UnreadElement & { readonly kind: "element" }): { readonly kind: "value"; readonly value: unknown } | Unusable {
  if (!isUtf8(bytes)) return { kind: "skipped", reason: "is not UTF-8" };
  try {
    return { kind: "value", value: parseCountedJson(bytes.toString("utf8"), counts) };
  } catch (error) {
    return { kind: "skipped", reason: error instanceof JsonProblem ? error.message : "is not JSON" };
  }
}

function oversized(bytes: number, limits: ElementLimits): Unusable {
  return { kind: "skipped", reason: `is ${byteCount(bytes)}, at most ${limits.maxElementBytes} allowed` };
}

const MAX_LABEL_LENGTH = 64;

/** A name as it follows the number of an element in a message; empty where there is none. */
export function labelOf(name: string | undefined): string {
  return name === undefined ? "" : ` "${name.slice(0, MAX_LABEL_LENGTH)}"`;
}

function nameOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if ("pkg_name" in value && typeof value.pkg_name === "string") return value.pkg_name;
  return "pkg" in value && typeof value.pkg === "string" ? value.pkg : undefined;
}
