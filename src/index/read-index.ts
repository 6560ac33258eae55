import { isUtf8 } from "node:buffer";
import { PkgError } from "../errors.ts";
import type { PackageEntry } from "../package/metadata.ts";
import type { ContainerLimits } from "./container.ts";
import { type Decoded, decodeEntry, type Generation, generationOf } from "./decode.ts";
import { type DocumentPart, type ElementLimits, readElements } from "./elements.ts";

export interface IndexLimits extends ContainerLimits, ElementLimits {
  readonly maxEntries: number;
}

/** Far above every index there is, far below what would hurt. */
export const INDEX_LIMITS: IndexLimits = {
  maxBytes: 1024 * 1024 * 1024,
  maxElementBytes: 1024 * 1024,
  maxEntries: 1_000_000,
};

export interface ReadIndexOptions {
  /** The platform entries must be for, e.g. `x86_64-linux`; entries that name none pass. */
  readonly host: string;
  readonly limits: IndexLimits;
  readonly onEntry: (entry: PackageEntry) => void;
  /** Told of every entry that is left out: which one, and why. */
  readonly onSkipped: (reason: string) => void;
}

export interface ReadIndexResult {
  readonly entries: number;
  readonly skipped: number;
  /** The newest form found among document and entries. */
  readonly format: Generation;
}

/**
 * Decodes an unpacked index entry by entry; an entry that cannot be used is left out and takes none with it.
 *
 * @throws {PkgError} INDEX_INVALID, INDEX_TOO_LARGE (more than `maxEntries`), and whatever `bytes` throws
 */
export async function readIndex(bytes: AsyncIterable<Uint8Array>, options: ReadIndexOptions): Promise<ReadIndexResult> {
  const { host, limits, onEntry, onSkipped } = options;
  const seen = new Set<string>();
  let header: Header | null = null;
  let entries = 0;
  let skipped = 0;
  let format: Generation = "g1";
  for await (const part of readElements(bytes, limits)) {
    if (part.kind === "header") {
      header = checkHeader(part.header);
      format = "g3";
      continue;
    }
    const number = entries + skipped + 1;
    if (number > limits.maxEntries) throw tooMany(limits.maxEntries);
    const { generation, label, decoded } = decodePart(part, { hasHeader: header !== null, host, limits });
    if (generation > format) format = generation;
    const usable = decoded.kind === "entry" ? checkPlace(decoded.entry, host, seen) : decoded;
    if (usable.kind === "entry") {
      entries++;
      onEntry(usable.entry);
    } else {
      skipped++;
      onSkipped(`entry ${number}${label}: ${usable.reason}`);
    }
  }
  if (header !== null && !Object.hasOwn(header, "format")) throw unknownFormat(undefined);
  return { entries, skipped, format };
}

type Header = Readonly<Record<string, unknown>>;

/** The format may stand after the packages; wherever it stands it is 1. */
function checkHeader(header: Header): Header {
  if (Object.hasOwn(header, "format") && header["format"] !== 1) throw unknownFormat(header["format"]);
  return header;
}

function unknownFormat(found: unknown): PkgError {
  const text = found === undefined ? "none" : JSON.stringify(found).slice(0, MAX_LABEL_LENGTH);
  return new PkgError("INDEX_INVALID", `Cannot read the index: expected "format" 1, found ${text}`, {
    hint: "A newer pkg may be able to read it",
  });
}

interface DecodedPart {
  readonly generation: Generation;
  /** The name, where one can be read; for messages. */
  readonly label: string;
  readonly decoded: Decoded;
}

function decodePart(
  part: DocumentPart & { readonly kind: "element" | "oversized" },
  context: { readonly hasHeader: boolean; readonly host: string; readonly limits: ElementLimits },
): DecodedPart {
  const parsed = part.kind === "oversized" ? oversized(part.bytes, context.limits) : parseElement(part.bytes);
  if (parsed.kind === "skipped") return { generation: "g1", label: "", decoded: parsed };
  const generation = generationOf(parsed.value, context.hasHeader);
  const decoded = decodeEntry(generation, parsed.value, context.host);
  return { generation, label: labelOf(parsed.value), decoded };
}

type Skipped = Decoded & { readonly kind: "skipped" };

function parseElement(bytes: Buffer): { readonly kind: "value"; readonly value: unknown } | Skipped {
  if (!isUtf8(bytes)) return { kind: "skipped", reason: "is not UTF-8" };
  try {
    return { kind: "value", value: JSON.parse(bytes.toString("utf8")) };
  } catch {
    return { kind: "skipped", reason: "is not JSON" };
  }
}

function oversized(bytes: number, limits: ElementLimits): Skipped {
  return { kind: "skipped", reason: `is ${bytes} bytes, at most ${limits.maxElementBytes} allowed` };
}

/** Leaves out what is for another platform and what was there before. */
function checkPlace(entry: PackageEntry, host: string, seen: Set<string>): Decoded {
  if (entry.host !== "" && entry.host !== host) {
    return { kind: "skipped", reason: `is for "${entry.host}", expected "${host}"` };
  }
  const key = [entry.id, entry.family, entry.name, entry.version, entry.type].join("\0");
  if (seen.has(key)) {
    return { kind: "skipped", reason: "is there twice: an earlier entry has its id, name, version and type" };
  }
  seen.add(key);
  return { kind: "entry", entry };
}

const MAX_LABEL_LENGTH = 64;

function labelOf(value: unknown): string {
  const name = nameOf(value);
  return name === undefined ? "" : ` "${name.slice(0, MAX_LABEL_LENGTH)}"`;
}

function nameOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if ("pkg_name" in value && typeof value.pkg_name === "string") return value.pkg_name;
  return "pkg" in value && typeof value.pkg === "string" ? value.pkg : undefined;
}

function tooMany(limit: number): PkgError {
  return new PkgError("INDEX_TOO_LARGE", `Cannot read the index: it holds more than ${limit} entries`);
}
