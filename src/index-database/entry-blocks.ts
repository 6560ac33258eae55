import { packText, packTextBeside, unpackText } from "../archive/zstd-text.ts";
import type { PackageEntry } from "../package/metadata.ts";
import type { Database } from "../state/open-sqlite.ts";

/** Entries, one on each line (see formatEntryLine()), compressed together: each by itself would be several times as large. */
export const BLOCK_TABLE =
  "CREATE TABLE blocks (id INTEGER PRIMARY KEY, entries INTEGER NOT NULL, data BLOB NOT NULL);";

/** Where an entry is: a block, and a line of it. */
export interface EntryPlace {
  readonly block: number;
  readonly line: number;
}

/** Below this, compressing takes longer; above, finding one entry does. */
const BLOCK_CHARACTERS = 44 * 1024;
const MAX_BLOCK_BYTES = 64 * 1024 * 1024;
const KEPT_BLOCKS = 8;

interface Block {
  readonly id: number;
  readonly entries: number;
  readonly data: Uint8Array;
}

/** A block that is filled line by line. */
class OpenBlock {
  #lines: string[] = [];
  #characters = 0;

  get lines(): number {
    return this.#lines.length;
  }

  /** True when that is enough. */
  add(line: string): boolean {
    this.#lines.push(line);
    this.#characters += line.length;
    return this.#characters >= BLOCK_CHARACTERS;
  }

  take(): Waiting {
    const taken = { text: this.#lines.join("\n"), entries: this.#lines.length };
    this.#lines = [];
    this.#characters = 0;
    return taken;
  }
}

/** A block as it is in the table. */
export type PackedBlock = Omit<Block, "id">;

/** Packs blocks that another thread will put in a table. */
export function createBlockPacker() {
  const open = new OpenBlock();
  let packed: PackedBlock[] = [];
  function flush(): void {
    const { text, entries } = open.take();
    if (entries > 0) packed.push({ entries, data: packText(text) });
  }
  return {
    /** Adds an entry's line; blocks are numbered from 0 since the last take(). */
    add(line: string): EntryPlace {
      const place = { block: packed.length, line: open.lines };
      if (open.add(line)) flush();
      return place;
    },
    take(): readonly PackedBlock[] {
      flush();
      const taken = packed;
      packed = [];
      return taken;
    },
  };
}

/** Blocks that wait to be packed by another thread; where there are more, this one packs them itself. */
const MAX_WAITING = 8;

/** Fills the table. Blocks are packed beside what is going on; `finish` waits for none of them. */
export function createBlockWriter(database: Database) {
  const insert = database.prepare<[number, number, Uint8Array]>(
    "INSERT INTO blocks (id, entries, data) VALUES (?, ?, ?)",
  );
  const waiting = new Map<number, Waiting>();
  const open = new OpenBlock();
  /** The number of the open block, and of the one after all others. */
  let [block, next] = [0, 1];

  function pack(id: number, { text, entries }: Waiting): void {
    insert.run(id, entries, packText(text));
  }

  function flush(): void {
    if (open.lines === 0) return;
    const [id, item] = [block, open.take()];
    block = next++;
    if (waiting.size === MAX_WAITING) {
      pack(id, item);
      return;
    }
    waiting.set(id, item);
    packTextBeside(item.text, (packed) => {
      if (packed !== null && waiting.has(id)) insertLater(id, { ...item, packed });
    });
  }

  /** Nobody is there to be told of an error: finish() meets it again. */
  function insertLater(id: number, { entries, packed }: Waiting & { readonly packed: Buffer }): void {
    try {
      insert.run(id, entries, packed);
      waiting.delete(id);
    } catch {
      // The block goes on waiting.
    }
  }

  return {
    /** Adds an entry's line. */
    add(line: string): EntryPlace {
      const place = { block, line: open.lines };
      if (open.add(line)) flush();
      return place;
    },
    /** Adds a block that is packed; returns its number. */
    copy({ entries, data }: PackedBlock): number {
      const id = next++;
      insert.run(id, entries, data);
      return id;
    },
    /** Writes all that has been added; after that, nothing may be. */
    finish(): void {
      flush();
      for (const [id, item] of waiting) pack(id, item);
      waiting.clear();
    },
    /** Forgets what waits: the table is not there any more. */
    abort: () => waiting.clear(),
  };
}

interface Waiting {
  readonly text: string;
  readonly entries: number;
}

/** Reads the table. */
export function createBlocks(database: Database) {
  const one = database.prepare<[number], Block>("SELECT id, entries, data FROM blocks WHERE id = ?");
  const kept = new Map<number, readonly string[]>();

  function lines(id: number): readonly string[] {
    const known = kept.get(id);
    if (known !== undefined) return known;
    const block = one.get(id);
    if (block === undefined) throw new RangeError("a block of entries is missing");
    const text = unpackText(block.data, MAX_BLOCK_BYTES);
    const [oldest] = kept.keys();
    if (kept.size >= KEPT_BLOCKS && oldest !== undefined) kept.delete(oldest);
    const found = text.split("\n");
    kept.set(id, found);
    return found;
  }

  /** The line of an entry. @throws {RangeError} when it is not there; an error of zlib's for a damaged block */
  function line({ block, line: number }: EntryPlace): string {
    const found = lines(block)[number];
    if (found === undefined) throw new RangeError("an entry is missing");
    return found;
  }

  return { line, lines, block: (id: number) => one.get(id) };
}

export type EntryBlocks = ReturnType<typeof createBlocks>;

/** The members of an entry in the order of a line: their names would be a third of it. To be changed only with INDEX_SCHEMA_VERSION. */
function membersOf(entry: PackageEntry) {
  return [
    entry.name,
    entry.recipe,
    entry.family,
    entry.id,
    entry.type,
    entry.version,
    entry.host,
    entry.libc,
    entry.description,
    entry.disabled,
    entry.installable,
    entry.deprecated,
    entry.artifact,
    entry.sizeBytes,
    entry.sha256,
    entry.blake3,
    entry.aliases,
    entry.provides,
    entry.dependencies,
    entry.keg,
    entry.snapshots,
    entry.homepages,
    entry.sources,
    entry.licenses,
    entry.maintainers,
    entry.notes,
    entry.categories,
    entry.tags,
    entry.replaces,
    entry.rank,
    entry.downloads,
    entry.buildDate,
  ] as const;
}

type EntryLine = ReturnType<typeof membersOf>;

/** Writes an entry as a line. */
export function formatEntryLine(entry: PackageEntry): string {
  return JSON.stringify(membersOf(entry));
}

/** Reads a line that formatEntryLine() wrote. @throws {SyntaxError} when it is damaged */
export function parseEntryLine(line: string): PackageEntry {
  const members = JSON.parse(line) as EntryLine;
  return {
    name: members[0],
    recipe: members[1],
    family: members[2],
    id: members[3],
    type: members[4],
    version: members[5],
    host: members[6],
    libc: members[7],
    description: members[8],
    disabled: members[9],
    installable: members[10],
    deprecated: members[11],
    artifact: members[12],
    sizeBytes: members[13],
    sha256: members[14],
    blake3: members[15],
    aliases: members[16],
    provides: members[17],
    dependencies: members[18],
    keg: members[19],
    snapshots: members[20],
    homepages: members[21],
    sources: members[22],
    licenses: members[23],
    maintainers: members[24],
    notes: members[25],
    categories: members[26],
    tags: members[27],
    replaces: members[28],
    rank: members[29],
    downloads: members[30],
    buildDate: members[31],
  };
}
