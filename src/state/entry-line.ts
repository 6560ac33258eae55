import type { PackageEntry } from "../package/metadata.ts";

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
