import { ElfBytes, type ElfReader } from "./elf-bytes.ts";
import { DT, type Dynamic, type DynamicEntry, readDynamic, stringAt } from "./elf-dynamic.ts";
import { PT, readSegments, type Segment } from "./elf-tables.ts";
import { readDefinedVersions, readNeededVersions } from "./elf-versions.ts";
import { expectElf, RelocationFault } from "./fault.ts";

/** What the dynamic linker reads of a program or a library: what it needs of others, and what it gives them. */
export interface ElfLinking {
  /** The path of the program's interpreter; null: it has none, as a static program or a library. */
  readonly interpreter: string | null;
  /** The name that others need it by; null: it has none. */
  readonly soname: string | null;
  /** Names of libraries, in the order in which they are loaded. */
  readonly needed: readonly string[];
  /** Directories in which its libraries are looked for first, as they are written: `$ORIGIN/../lib`. */
  readonly searchPath: readonly string[];
  /** Versions that it needs of a library: `GLIBC_2.34` of `libc.so.6`. */
  readonly neededVersions: readonly { readonly library: string; readonly versions: readonly string[] }[];
  /** Versions that it defines, such as `GLIBCXX_3.4.33`; empty: it has no versions. */
  readonly definedVersions: readonly string[];
}

/** Browsers need about a hundred. */
const MAX_NEEDED = 4096;

/**
 * Reads how a program or a library is linked.
 *
 * @throws {RelocationFault} for a file that contradicts itself, or is not of the 64-bit class, little-endian
 * @see System V ABI, "Dynamic Section"
 */
export function readLinking(file: Buffer | ElfReader): ElfLinking {
  const elf = Buffer.isBuffer(file) ? new ElfBytes(file) : file;
  const segments = readSegments(elf);
  const dynamic = readDynamic(elf, segments);
  const interpreter = interpreterOf(elf, segments);
  if (dynamic === null) return { ...STATIC, interpreter };
  const text = (at: number) => stringAt(elf, dynamic.strings, at);
  const texts = (tag: number) => entriesOf(dynamic, tag).map(({ value }) => text(value));
  return {
    interpreter,
    soname: texts(DT.soname)[0] ?? null,
    needed: texts(DT.needed),
    searchPath: (texts(DT.runpath)[0] ?? texts(DT.rpath)[0] ?? "").split(":").filter((path) => path !== ""),
    neededVersions: readNeededVersions(elf, segments, dynamic).map(({ library, versions }) => ({
      library: text(library),
      versions: versions.map(text),
    })),
    definedVersions: readDefinedVersions(elf, segments, dynamic).map(text),
  };
}

const STATIC: ElfLinking = {
  interpreter: null,
  soname: null,
  needed: [],
  searchPath: [],
  neededVersions: [],
  definedVersions: [],
};

function interpreterOf(elf: ElfReader, segments: readonly Segment[]): string | null {
  const segment = segments.find(({ type }) => type === PT.interp);
  if (segment === undefined) return null;
  const { offset, fileSize } = segment;
  const end = elf.endOfText(offset);
  expectElf(end > offset && end < offset + fileSize, "its interpreter is not a path");
  return elf.text(offset, end);
}

function entriesOf({ entries }: Dynamic, tag: number): readonly DynamicEntry[] {
  const found = entries.filter((entry) => entry.tag === tag);
  if (found.length <= MAX_NEEDED) return found;
  throw new RelocationFault(`it needs ${found.length} libraries, expected at most ${MAX_NEEDED}`);
}
