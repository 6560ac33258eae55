import { byteCount } from "../base/format-bytes.ts";
import type { ArchiveEntry, EntryBody } from "./archive-entry.ts";
import { invalidArchive } from "./archive-error.ts";
import type { ByteInput } from "./byte-reader.ts";
import { type EntryHeader, readEntryHeader } from "./read-header.ts";
import { paddingOf } from "./tar-block.ts";

/**
 * As an ArchiveEntry. The layers of images may have a `special`, which is a device or a FIFO, and a `sparse` file, whose body
 * here is not what it has.
 */
export interface LayerTarEntry extends Omit<ArchiveEntry, "kind"> {
  readonly kind: ArchiveEntry["kind"] | "special" | "sparse";
  /** As in EntryHeader. */
  readonly hasCapabilities: boolean;
}

const KINDS: Readonly<Record<string, ArchiveEntry["kind"]>> = {
  "0": "file",
  "": "file",
  "7": "file",
  "1": "hard link",
  "2": "symlink",
  "5": "directory",
};

const SPARSE = "a sparse file, whose holes are not read; packed without --sparse, it can be";
const SPECIAL_TYPES: readonly string[] = ["3", "4", "6"];
const OTHER_TYPES: Readonly<Record<string, string>> = {
  "3": "a character device",
  "4": "a block device",
  "6": "a FIFO",
  S: SPARSE,
};

/**
 * Yields the entries of a tar stream: ustar, PAX, and GNU's long names. All of `input` is read, even past the end of
 * the archive.
 *
 * @throws {PkgError} ARCHIVE_INVALID for an archive that is damaged or cut off, or an entry that is not a file,
 * directory or link
 * @see POSIX.1-2017, pax, "ustar Interchange Format"
 */
export function readTar(input: ByteInput): AsyncGenerator<ArchiveEntry> {
  return readEntries(input, describe);
}

/** As readTar(), but with devices, FIFOs and sparse files. @throws as readTar */
export function readLayerTar(input: ByteInput): AsyncGenerator<LayerTarEntry> {
  return readEntries<LayerTarEntry>(input, (header) => {
    const { type, isSparse, hasCapabilities } = header;
    const mode = header.mode ?? 0;
    if (SPECIAL_TYPES.includes(type)) return { ...header, kind: "special", mode, size: 0 };
    if (!isSparse) return { ...describe(header), hasCapabilities };
    return { ...header, ...describe({ ...header, type: "0", isSparse: false }), kind: "sparse" };
  });
}

type Described<Entry> = Omit<Entry, "body">;

async function* readEntries<Entry extends Omit<LayerTarEntry, "hasCapabilities">>(
  reader: ByteInput,
  describeEntry: (header: EntryHeader) => Described<Entry>,
): AsyncGenerator<Described<Entry> & { readonly body: EntryBody }> {
  try {
    for (;;) {
      const header = await readEntryHeader(reader, invalidArchive);
      if (header === null) break;
      const entry = describeEntry(header);
      const body = new TarBody(reader, entry.size);
      yield { ...entry, body };
      await body.skip();
    }
    for await (const _padding of reader.stream(Number.POSITIVE_INFINITY));
  } finally {
    await reader.close();
  }
}

/** The bytes of one entry, and the padding that fills its last block. */
class TarBody implements EntryBody {
  readonly #reader: ByteInput;
  readonly #size: number;
  readonly #padding: number;
  #missing: number;

  constructor(reader: ByteInput, size: number) {
    this.#reader = reader;
    this.#size = size;
    this.#missing = size;
    this.#padding = paddingOf(size);
  }

  whole(): Buffer | Promise<Buffer> {
    const read = this.#reader.read(this.#size);
    return read instanceof Promise ? read.then((bytes) => this.#allOf(bytes)) : this.#allOf(read);
  }

  #allOf(bytes: Buffer): Buffer {
    this.#missing -= bytes.length;
    if (this.#missing > 0) throw cutOff();
    return bytes;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for await (const part of this.#reader.stream(this.#missing)) {
      this.#missing -= part.length;
      yield part;
    }
    if (this.#missing > 0) throw cutOff();
  }

  async skip(): Promise<void> {
    if (this.#missing > 0) for await (const _part of this);
    if ((await this.#reader.read(this.#padding)).length < this.#padding) throw cutOff();
  }
}

function describe({ type, path, target, mode, size, isSparse }: EntryHeader): Described<ArchiveEntry> {
  const found = KINDS[type];
  if (found === undefined) {
    throw invalidArchive(`"${shortened(path)}" is ${OTHER_TYPES[type] ?? `an entry of type "${type}"`}`);
  }
  if (isSparse) throw invalidArchive(`"${shortened(path)}" is ${SPARSE}`);
  // Before ustar a directory was a file with a slash at its end.
  const kind = found === "file" && path.endsWith("/") ? "directory" : found;
  if (size === null || !Number.isSafeInteger(size)) throw invalidArchive(`the size of "${shortened(path)}" is missing`);
  // Readers differ in whether such bytes are a body or the next header.
  if (kind !== "file" && size !== 0)
    throw invalidArchive(`"${shortened(path)}" is a ${kind} and has ${byteCount(size)}`);
  return { kind, path, target, mode: mode ?? 0o644, size };
}

/** A path may have a megabyte, and has not been checked yet. */
function shortened(path: string): string {
  return path.length > 80 ? `${path.slice(0, 80)}…` : path;
}

function cutOff(): Error {
  return invalidArchive("it is cut off");
}
