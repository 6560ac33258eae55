import { isUtf8 } from "node:buffer";
import { formatCount } from "../base/age.ts";
import { byteCount } from "../base/format-bytes.ts";
import { sha256Latin1 } from "../base/hashes.ts";
import { JsonProblem, parseCountedJson } from "../base/strict-json.ts";
import { PkgError } from "../errors.ts";
import type { IndexHeader } from "../package/index-header.ts";
import type { PackageEntry } from "../package/metadata.ts";
import { placeKey } from "../package/place-key.ts";
import type { ContainerLimits } from "./container.ts";
import { type DocumentPart, type ElementLimits, readElements } from "./elements.ts";
import type { Decoded, DocumentForm, FormatName } from "./formats/entry-format.ts";
import { decodeEntry, formatOf, newerFormat } from "./formats/formats.ts";
import { decodeHeader, isVersionedHeader } from "./header.ts";
import type { ElementStamp, KnownElement, KnownElements } from "./known-elements.ts";

export interface IndexLimits extends ContainerLimits, ElementLimits {
  readonly maxEntries: number;
}

/** Far above every known index, far below what would be a problem. */
export const INDEX_LIMITS: IndexLimits = {
  maxBytes: 1024 * 1024 * 1024,
  maxElementBytes: 1024 * 1024,
  maxEntries: 1_000_000,
};

export interface ReadIndexOptions {
  /** The platform entries must be for, e.g. `x86_64-linux`; entries that name none pass. Null: every platform. */
  readonly host: string | null;
  readonly limits: IndexLimits;
  /** Called with every usable entry, with its JSON in the document, and how it can be recognised in another one. */
  readonly onEntry: (entry: PackageEntry, written: unknown, stamp: ElementStamp | null) => void;
  /** Called for every skipped entry: which one it is, and why. */
  readonly onSkipped: (reason: string) => void;
  /** Called with every valid entry of a v1 index for another platform; older indexes hold those only by mistake. */
  readonly onElsewhere?: (entry: PackageEntry, stamp: ElementStamp | null) => void;
  /** What was read before and need not be read again; absent: nothing. */
  readonly known?: KnownElements | null;
  /** Called instead of the others with what is known. */
  readonly onKnown?: (element: KnownElement) => void;
  /** Whether stamps are made, see onEntry; default: no. */
  readonly stamps?: boolean;
}

export interface ReadIndexResult {
  readonly entries: number;
  readonly skipped: number;
  /** The newest form found among document and entries. */
  readonly format: FormatName;
  /** What a v1 index says about itself; null for older ones. */
  readonly header: IndexHeader | null;
  /** What surrounds the entries. */
  readonly form: DocumentForm;
}

/**
 * Decodes an unpacked index entry by entry; an entry that cannot be used is skipped, and the others are still read.
 *
 * @throws {PkgError} INDEX_INVALID, INDEX_TOO_LARGE (more than `maxEntries`), and whatever `bytes` throws
 */
export async function readIndex(bytes: AsyncIterable<Uint8Array>, options: ReadIndexOptions): Promise<ReadIndexResult> {
  const document = createDocumentReader();
  const elements = createElementReader(document, options);
  for await (const parts of readElements(bytes, options.limits, options.known ?? null)) {
    for (const part of parts) {
      if (part.kind === "header") {
        document.read(part.header);
        elements.noteFormat(document.header === null ? "g3" : "v1");
      } else elements.read(part);
    }
  }
  document.end();
  return { ...elements.counts(), header: document.header, form: document.form() };
}

/** Decodes elements one after the other, and counts them. */
function createElementReader(document: ReturnType<typeof createDocumentReader>, options: ReadIndexOptions) {
  const { host, limits, onEntry, onSkipped, onElsewhere, onKnown, known = null, stamps = false } = options;
  const seen = new Set<string>();
  let [entries, skipped, elsewhere] = [0, 0, 0];
  let format: FormatName = "g1";

  function keep(element: KnownElement): void {
    format = newerFormat(format, element.format);
    if (element.isHere) entries++;
    else elsewhere++;
    onKnown?.(element);
  }

  function read(part: ElementPart): void {
    const number = entries + skipped + elsewhere + 1;
    if (number > limits.maxEntries) throw tooMany(limits.maxEntries);
    if (part.kind === "known") keep(part.element);
    else readNew(part, number);
  }

  function readNew(part: UnknownPart, number: number): void {
    const mark = part.kind === "element" && (stamps || known !== null) ? markOf(part.bytes) : null;
    const same = mark === null ? null : (known?.find(mark) ?? null);
    if (same === null) decode(part, number, mark);
    else keep(same);
  }

  function decode(part: UnknownPart, number: number, mark: Mark | null): void {
    const { label, decoded, written, ...own } = decodePart(part, { form: document.form(), host: host ?? "", limits });
    format = newerFormat(format, own.format);
    const stampWith = (key: string): ElementStamp | null =>
      mark === null ? null : { ...mark, format: own.format, key };
    const usable = decoded.kind === "entry" ? checkPlace(decoded.entry, { host, format, seen, known }) : decoded;
    if (usable.kind === "entry") {
      entries++;
      onEntry(usable.entry, written, stampWith(usable.key));
    } else if (usable.kind === "elsewhere") {
      elsewhere++;
      onElsewhere?.(usable.entry, stampWith(""));
    } else {
      skipped++;
      onSkipped(`entry ${number}${label}: ${usable.reason}`);
    }
  }

  return {
    read,
    noteFormat: (found: FormatName) => {
      format = found;
    },
    counts: () => ({ entries, skipped, format }),
  };
}

type Mark = Pick<ElementStamp, "digest" | "length">;

type UnknownPart = ElementPart & { readonly kind: "element" | "oversized" };

type ElementPart = Exclude<DocumentPart, { readonly kind: "header" }>;

function markOf(bytes: Buffer): Mark {
  return { digest: sha256Latin1(bytes), length: bytes.length };
}

type Members = Readonly<Record<string, unknown>>;

/** The members are reported twice: those before the packages, then all. */
function createDocumentReader() {
  let members: Members | null = null;
  let header: IndexHeader | null = null;
  return {
    get header() {
      return header;
    },
    form: (): DocumentForm => (members === null ? "list" : header === null ? "object" : "v1"),
    read(found: Members): void {
      if (Object.hasOwn(found, "format") && found["format"] !== 1) throw unknownFormat(found["format"]);
      if (members === null) {
        header = isVersionedHeader(found) ? decodeHeader(found) : null;
      } else {
        checkEnd(members, found, header !== null);
      }
      members = found;
    },
    end(): void {
      if (members !== null && !Object.hasOwn(members, "format")) throw unknownFormat(undefined);
    },
  };
}

/** Entries are judged by the header before them, so nothing after them may change it or make an old index a v1 one. */
function checkEnd(before: Members, all: Members, isVersioned: boolean): void {
  const late = Object.keys(all).filter((key) => !Object.hasOwn(before, key));
  const [first] = isVersioned || isVersionedHeader(all) ? late : [];
  if (first === undefined) return;
  throw new PkgError(
    "INDEX_INVALID",
    `Cannot read the index: it has "${first}" after "packages", which must come last`,
  );
}

function unknownFormat(found: unknown): PkgError {
  const text = found === undefined ? "none" : JSON.stringify(found).slice(0, MAX_LABEL_LENGTH);
  return new PkgError("INDEX_INVALID", `Cannot read the index: expected "format" 1, found ${text}`, {
    hint: "A newer pkg may be able to read it",
  });
}

interface DecodedPart {
  readonly format: FormatName;
  /** The name, where one can be read; for messages. */
  readonly label: string;
  readonly decoded: Decoded;
  /** The JSON; null where there is none. */
  readonly written: unknown;
}

function decodePart(
  part: UnknownPart,
  context: { readonly form: DocumentForm; readonly host: string; readonly limits: ElementLimits },
): DecodedPart {
  const parsed = part.kind === "oversized" ? oversized(part.bytes, context.limits) : parseElement(part);
  if (parsed.kind === "skipped") return { format: "g1", label: "", decoded: parsed, written: null };
  const format = formatOf(parsed.value, context.form);
  const decoded = decodeEntry(format, parsed.value, context.host);
  return { format, label: labelOf(parsed.value), decoded, written: parsed.value };
}

type Skipped = Decoded & { readonly kind: "skipped" };

function parseElement({
  bytes,
  counts,
}: UnknownPart & { readonly kind: "element" }): { readonly kind: "value"; readonly value: unknown } | Skipped {
  if (!isUtf8(bytes)) return { kind: "skipped", reason: "is not UTF-8" };
  try {
    return { kind: "value", value: parseCountedJson(bytes.toString("utf8"), counts) };
  } catch (error) {
    return { kind: "skipped", reason: error instanceof JsonProblem ? error.message : "is not JSON" };
  }
}

function oversized(bytes: number, limits: ElementLimits): Skipped {
  return { kind: "skipped", reason: `is ${byteCount(bytes)}, at most ${limits.maxElementBytes} allowed` };
}

interface Place {
  readonly host: string | null;
  readonly format: FormatName;
  readonly seen: Set<string>;
  readonly known: KnownElements | null;
}

type Placed =
  | { readonly kind: "entry"; readonly entry: PackageEntry; readonly key: string }
  | { readonly kind: "elsewhere"; readonly entry: PackageEntry }
  | Skipped;

/** Skips entries for another platform, and entries that repeat an earlier one. */
function checkPlace(entry: PackageEntry, { host, format, seen, known }: Place): Placed {
  const isElsewhere = host !== null && entry.host !== "" && entry.host !== host;
  if (isElsewhere) {
    if (format === "v1") return { kind: "elsewhere", entry };
    return { kind: "skipped", reason: `is for "${entry.host}", expected "${host}"` };
  }
  const key = placeKey(entry, host);
  if (seen.has(key) || known?.holds(key) === true) {
    return { kind: "skipped", reason: "is there twice: an earlier entry has its id, name, version, type and libc" };
  }
  seen.add(key);
  known?.block(key);
  return { kind: "entry", entry, key };
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
  return new PkgError("INDEX_TOO_LARGE", `Cannot read the index: it holds more than ${formatCount(limit, "entry")}`);
}
