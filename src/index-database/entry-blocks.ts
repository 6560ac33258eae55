import { unpackText } from "../archive/zstd-text.ts";
import type { PackageEntry } from "../package/metadata.ts";
import type { Database } from "../state/open-sqlite.ts";

/**
 * Entries, one on each line (see formatEntryLine()), compressed together: each by itself would be several times as large. Of the
 * first ones, a block is a text: lines as sealLine() makes them.
 */
export const BLOCK_TABLE =
  "CREATE TABLE blocks (id INTEGER PRIMARY KEY, entries INTEGER NOT NULL, data BLOB NOT NULL);";

/** Where an entry is: a block, and a line of it. */
export interface EntryPlace {
  readonly block: number;
  readonly line: number;
}

const MAX_BLOCK_BYTES = 64 * 1024 * 1024;
const KEPT_BLOCKS = 8;

/** A block as it is in the table: packed, or a text. */
interface Block {
  readonly id: number;
  readonly entries: number;
  readonly data: Uint8Array | string;
}

/** A block of another table. */
export type StoredBlock = Omit<Block, "id">;

/** True for a text: to write its lines again costs little more than to copy it. */
export function isPlain({ data }: StoredBlock): boolean {
  return typeof data === "string";
}

const CHECKSUM_LENGTH = 8;

/** A line with its checksum before it, so that damage is noticed. */
export function sealLine(line: string): string {
  return checksum(line, 0) + line;
}

/** Reads what sealLine() gave. @throws {RangeError} when it is damaged */
function openLine(sealed: string): string {
  if (!sealed.startsWith(checksum(sealed, CHECKSUM_LENGTH))) throw new RangeError("an entry is damaged");
  return sealed.slice(CHECKSUM_LENGTH);
}

/** FNV-1a of the text from `start` on: against damage, not against people. Those are kept from the file by its mode. */
function checksum(text: string, start: number): string {
  let hash = 0x811c9dc5;
  for (let at = start; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(CHECKSUM_LENGTH, "0");
}

/** The lines of a block, and what each is read with. */
interface BlockLines {
  readonly lines: readonly string[];
  readonly read: (line: string) => string;
}

function linesOf({ data }: Block): BlockLines {
  if (typeof data === "string") return { lines: data.split("\n"), read: openLine };
  return { lines: unpackText(data, MAX_BLOCK_BYTES).split("\n"), read: (line) => line };
}

/** Reads the table. */
export function createBlocks(database: Database) {
  const one = database.prepare<[number], Block>("SELECT id, entries, data FROM blocks WHERE id = ?");
  const kept = new Map<number, BlockLines>();

  function blockLines(id: number): BlockLines {
    const known = kept.get(id);
    if (known !== undefined) return known;
    const block = one.get(id);
    if (block === undefined) throw new RangeError("a block of entries is missing");
    const found = linesOf(block);
    const [oldest] = kept.keys();
    if (kept.size >= KEPT_BLOCKS && oldest !== undefined) kept.delete(oldest);
    kept.set(id, found);
    return found;
  }

  /** The line of an entry. @throws {RangeError} when it is not there, or damaged; an error of zlib's for a damaged block */
  function line({ block, line: number }: EntryPlace): string {
    const { lines, read } = blockLines(block);
    const found = lines[number];
    if (found === undefined) throw new RangeError("an entry is missing");
    return read(found);
  }

  return { line, block: (id: number) => one.get(id) };
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
