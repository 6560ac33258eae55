import { ElfBytes } from "./elf-bytes.ts";
import { DT, readDynamic, stringAt } from "./elf-dynamic.ts";
import type { ElfFile, InterpreterEdit, PathEdit } from "./elf-file.ts";
import { PT, readSections, readSegments } from "./elf-tables.ts";
import { expectElf, RelocationFault } from "./fault.ts";
import { growElf } from "./grow-elf.ts";
import { type Prefix, relocateText } from "./prefix.ts";
import { relocateRunpath } from "./runpath.ts";
import { isShared } from "./string-references.ts";

/** As in the kernel: PATH_MAX, with the NUL. */
const MAX_INTERPRETER_BYTES = 4096;

/**
 * Makes a program or a library work under a prefix: its interpreter, and the paths on which its libraries are looked for.
 * What fits is written where it stands; the rest goes into a new segment at the end of the file, so no byte that was
 * there moves.
 *
 * @param bytes of an ELF file; they are not changed
 * @returns the same bytes when there was nothing to change
 * @throws {RelocationFault} for a file that contradicts itself, or has no room for a new segment
 * @see System V ABI, "Program loading and dynamic linking"
 */
export function relocateElf(bytes: Buffer, prefix: Prefix): Buffer {
  const before = new ElfBytes(bytes);
  const segments = readSegments(before);
  const parts = { segments, sections: readSections(before), dynamic: readDynamic(before, segments) };
  const isStarted = segments.some(({ type }) => type === PT.interp);
  expectElf(!isStarted || parts.dynamic !== null, "it names an interpreter, and has no dynamic section");
  const interpreter = interpreterEdit({ elf: before, ...parts }, prefix);
  const paths = pathEdits({ elf: before, ...parts }, prefix);
  if (interpreter === null && paths.length === 0) return bytes;
  const draft = { original: bytes, elf: before, ...parts };
  const growth = {
    interpreter: interpreter !== null && !writeInterpreter(draft, interpreter) ? interpreter : null,
    paths: paths.filter((edit) => !writePath(draft, edit)),
  };
  return growth.interpreter !== null || growth.paths.length > 0 ? growElf(draft, growth) : draft.elf.buffer;
}

/** A file that is changed where that is possible. */
interface Draft extends ElfFile {
  readonly original: Buffer;
  elf: ElfBytes;
}

/** The bytes of a copy, made for the first change: a file that only grows is copied when it does. */
function writable(draft: Draft): Buffer {
  if (draft.elf.buffer === draft.original) draft.elf = new ElfBytes(Buffer.from(draft.original));
  return draft.elf.buffer;
}

function interpreterEdit({ elf, segments }: ElfFile, prefix: Prefix): InterpreterEdit | null {
  const [segment, ...others] = segments.filter(({ type }) => type === PT.interp);
  if (segment === undefined) return null;
  expectElf(others.length === 0, "it names several interpreters");
  const { offset, fileSize } = segment;
  const end = elf.buffer.indexOf(0, offset);
  const isText = fileSize >= 2 && fileSize <= MAX_INTERPRETER_BYTES && end > offset && end < offset + fileSize;
  expectElf(isText, "its interpreter is not a path");
  const before = elf.buffer.toString("latin1", offset, end);
  const text = relocateText(before, prefix);
  expectElf(text.length < MAX_INTERPRETER_BYTES, "its interpreter would have a path that is too long for the kernel");
  return text === before ? null : { segment, text };
}

/** A file has `DT_RUNPATH`, or from older linkers `DT_RPATH`, or both. */
function pathEdits({ elf, dynamic }: ElfFile, prefix: Prefix): readonly PathEdit[] {
  if (dynamic === null) return [];
  const entries = dynamic.entries.filter(({ tag }) => tag === DT.runpath || tag === DT.rpath);
  return entries
    .map((entry) => ({ entry, before: stringAt(elf, dynamic.strings, entry.value) }))
    .map(({ entry, before }) => ({ entry, before, text: relocateRunpath(before, prefix) }))
    .filter(({ before, text }) => text !== before);
}

/** False, with nothing written, when there is no room. */
function writeInterpreter(draft: Draft, { segment, text }: InterpreterEdit): boolean {
  if (text.length >= segment.fileSize) return false;
  const buffer = writable(draft);
  buffer.fill(0, segment.offset, segment.offset + segment.fileSize);
  buffer.write(text, segment.offset, "latin1");
  return true;
}

/** False, with nothing written, when there is no room, or another name is stored in the same bytes. */
function writePath(draft: Draft, { entry, before, text }: PathEdit): boolean {
  const { elf, segments, sections, dynamic } = draft;
  if (dynamic === null) throw new RelocationFault("it has no dynamic section");
  const start = entry.value;
  const range = { start, end: start + before.length };
  if (text.length > before.length || isShared({ elf, segments, sections, dynamic }, range)) return false;
  const at = dynamic.strings.offset + start;
  const buffer = writable(draft);
  buffer.fill(0, at, at + before.length);
  buffer.write(text, at, "latin1");
  return true;
}
