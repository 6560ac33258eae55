/** `DataHeader` of ICU: its size in bytes, and the format "CmnD" at byte 12. @see icu4c/source/common/udata.h */
const FORMAT_OFFSET = 12;
const COMMON_DATA = Buffer.from("CmnD");
const MAGIC = [0xda, 0x27];
const ENTRY_BYTES = 8;
/** What belongs to one language, other than English, which everything falls back to together with `root`; dictionaries divide words, not characters. */
const OF_A_LANGUAGE = /\/(?!en[_.]|res_index\.)[a-z]{2,3}(?:_\w+)?\.res$|\/brkitr\/\w+\.dict$/;

interface Item {
  /** Both from the start of the table, in bytes. */
  readonly nameAt: number;
  readonly dataAt: number;
  readonly name: string;
  readonly endsAt: number;
}

/**
 * Takes the words of other languages out of a Node executable, in place and without moving a byte: they are a fifth of it as it
 * is shipped, and `pkg` speaks English whatever the locale. For a language that is not there, ICU takes the root's data.
 *
 * @returns how many bytes are zero now
 * @throws {Error} when the executable has no such data, as other builds of Node
 */
export function trimIcu(executable: Buffer): number {
  const table = findTable(executable);
  const items = readItems(executable, table);
  const [kept, dropped] = [items.filter(isKept), items.filter((item) => !isKept(item))];
  for (const { dataAt, endsAt } of dropped) executable.fill(0, table + dataAt, table + endsAt);
  executable.writeUInt32LE(kept.length, table);
  for (const [place, { nameAt, dataAt }] of kept.entries()) {
    executable.writeUInt32LE(nameAt, table + 4 + place * ENTRY_BYTES);
    executable.writeUInt32LE(dataAt, table + 4 + place * ENTRY_BYTES + 4);
  }
  return dropped.reduce((sum, { dataAt, endsAt }) => sum + endsAt - dataAt, 0);
}

function isKept({ name, endsAt, dataAt }: Item): boolean {
  return !OF_A_LANGUAGE.test(name) || endsAt <= dataAt;
}

function findTable(bytes: Buffer): number {
  for (let at = bytes.indexOf(COMMON_DATA); at >= 0; at = bytes.indexOf(COMMON_DATA, at + 1)) {
    const start = at - FORMAT_OFFSET;
    if (start >= 0 && bytes[start + 2] === MAGIC[0] && bytes[start + 3] === MAGIC[1]) {
      return start + bytes.readUInt16LE(start);
    }
  }
  throw new Error("Cannot build: the Node executable has no data of ICU");
}

/** In the order of their names, which is also that of their data. The last one has no known end, and stays. */
function readItems(bytes: Buffer, table: number): readonly Item[] {
  const count = bytes.readUInt32LE(table);
  const field = (place: number, offset: number) => bytes.readUInt32LE(table + 4 + place * ENTRY_BYTES + offset);
  return Array.from({ length: count }, (_, place) => {
    const [nameAt, dataAt] = [field(place, 0), field(place, 4)];
    const name = bytes.toString("latin1", table + nameAt, bytes.indexOf(0, table + nameAt));
    return { nameAt, dataAt, name, endsAt: place + 1 < count ? field(place + 1, 4) : dataAt };
  });
}
