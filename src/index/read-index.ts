import { formatCount } from "../base/age.ts";
import { PkgError } from "../errors.ts";
import type { IndexHeader } from "../package/index-header.ts";
import type { PackageEntry } from "../package/metadata.ts";
import { packageIn } from "../package/place-key.ts";
import type { ContainerLimits } from "./container.ts";
import { createRunQueue, type ReadRun, RUN_KINDS, type RunReader } from "./element-runs.ts";
import { type DocumentPart, type ElementLimits, readElements } from "./elements.ts";
import type { DocumentForm, FormatName } from "./formats/entry-format.ts";
import { newerFormat } from "./formats/formats.ts";
import { decodeHeader, isVersionedHeader } from "./header.ts";
import type { ElementStamp, KnownElement, KnownElements } from "./known-elements.ts";
import {
  type ElementContext,
  type ElementMark,
  labelOf,
  markOf,
  type ReadElement,
  readElement,
  type UnreadElement,
} from "./read-element.ts";

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
  /** Reads what follows after some megabytes of new elements, in place of onEntry and onElsewhere; absent: these are called for all. */
  readonly runs?: RunReader;
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
  try {
    for await (const parts of readElements(bytes, options.limits, elements.known)) {
      for (const part of parts) {
        if (part.kind === "header") {
          await elements.end();
          document.read(part.header);
          elements.noteFormat(document.header === null ? "g3" : "v1");
        } else elements.read(part);
      }
      await elements.settle();
    }
  } catch (error) {
    // What comes before it in the document may be refused for another reason, which is the first one then.
    await elements.end();
    throw error;
  }
  await elements.end();
  document.end();
  return { ...elements.counts(), header: document.header, form: document.form() };
}

/** Reads elements one after the other, or many of them in runs; counts them, and skips those that repeat an earlier one. */
function createElementReader(document: ReturnType<typeof createDocumentReader>, options: ReadIndexOptions) {
  const { host, limits, onEntry, onSkipped, onElsewhere, onKnown, known = null, stamps = false, runs = null } = options;
  const seen = new Set<string>();
  const queue = runs === null ? null : createRunQueue(runs, acceptRun);
  let [entries, skipped, elsewhere] = [0, 0, 0];
  let format: FormatName = "g1";
  /** How much was read before, and how much was not, in bytes. */
  let [knownBytes, newBytes] = [0, 0];
  let inRuns = false;

  const context = (): ElementContext => ({ form: document.form(), host, limits });

  /** The number of the next element. */
  function count(): number {
    const number = entries + skipped + elsewhere + 1;
    if (number > limits.maxEntries) throw tooMany(limits.maxEntries);
    return number;
  }

  function keep(element: KnownElement): void {
    count();
    knownBytes += element.length;
    format = newerFormat(format, element.format);
    if (element.isHere) entries++;
    else elsewhere++;
    onKnown?.(element);
  }

  function read(part: ElementPart): void {
    if (part.kind === "known") keep(part.element);
    else if (inRuns) queue?.add(part, context());
    else readOne(part);
  }

  function readOne(part: UnreadElement): void {
    const mark = part.kind === "element" && (stamps || known !== null) ? markOf(part.bytes) : null;
    const same = mark === null ? null : (known?.find(mark) ?? null);
    if (same === null) accept(readElement(part, context()), mark);
    else keep(same);
    if (part.kind === "element") newBytes += part.bytes.length;
    // Where little is known, nothing more is looked for: what is read in a run may be what makes the next one known no more.
    inRuns = runs !== null && newBytes >= runs.sizes.first && newBytes > knownBytes;
  }

  function accept(element: ReadElement, mark: ElementMark | null): void {
    const number = count();
    format = newerFormat(format, element.format);
    const stampWith = (key: string): ElementStamp | null =>
      mark === null ? null : { ...mark, format: element.format, key };
    if (element.kind === "skipped") skip(number, element.reason);
    else if (element.kind === "elsewhere") {
      elsewhere++;
      onElsewhere?.(element.entry, stampWith(""));
    } else if (isFirst(number, element.key)) {
      known?.block(element.key);
      onEntry(element.entry, element.written, stampWith(element.key));
    }
  }

  function acceptRun(run: ReadRun): void {
    format = newerFormat(format, run.format);
    let [ofEntries, ofElsewhere, ofSkipped] = [0, 0, 0];
    for (const kind of run.kinds) {
      const number = count();
      if (kind === RUN_KINDS.skipped) skip(number, run.reasons[ofSkipped++] ?? "");
      else if (kind === RUN_KINDS.elsewhere) {
        elsewhere++;
        run.placeElsewhere(ofElsewhere++);
      } else {
        const at = ofEntries++;
        if (isFirst(number, run.keys[at] ?? "")) run.placeEntry(at);
      }
    }
  }

  function skip(number: number, reason: string): void {
    skipped++;
    onSkipped(`entry ${number}${reason}`);
  }

  /** Counts an entry; false where it repeats an earlier one. */
  function isFirst(number: number, key: string): boolean {
    if (seen.has(key) || known?.holds(key) === true) {
      skip(number, `${labelOf(packageIn(key).name)}: ${REPEATED}`);
      return false;
    }
    seen.add(key);
    entries++;
    return true;
  }

  return {
    read,
    known: known === null ? null : { ...known, next: unless(() => inRuns, known.next) },
    settle: async () => queue?.settle(),
    end: async () => queue?.end(context()),
    noteFormat: (found: FormatName) => {
      format = found;
    },
    counts: () => ({ entries, skipped, format }),
  };
}

const REPEATED = "is there twice: an earlier entry has its id, name, version, type and libc";

function unless(isOver: () => boolean, next: KnownElements["next"]): KnownElements["next"] {
  return (chunk, at) => (isOver() ? null : next(chunk, at));
}

type ElementPart = Exclude<DocumentPart, { readonly kind: "header" }>;

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

const MAX_FORMAT_LENGTH = 64;

function unknownFormat(found: unknown): PkgError {
  const text = found === undefined ? "none" : JSON.stringify(found).slice(0, MAX_FORMAT_LENGTH);
  return new PkgError("INDEX_INVALID", `Cannot read the index: expected "format" 1, found ${text}`, {
    hint: "A newer pkg may be able to read it",
  });
}

function tooMany(limit: number): PkgError {
  return new PkgError("INDEX_TOO_LARGE", `Cannot read the index: it holds more than ${formatCount(limit, "entry")}`);
}
