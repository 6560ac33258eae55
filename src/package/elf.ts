import { fileFormat } from "../base/file-format.ts";
import { MACHINES } from "../base/machines.ts";
import { maxOf } from "../base/many.ts";
import { DESCRIBED_BYTES, describeContent } from "./describe-content.ts";
import type { Libc } from "./metadata.ts";
import { type ScriptInterpreter, scriptInterpreter } from "./script-interpreter.ts";

/** Reads a part of a file, wherever the file is; fewer bytes at its end, none beyond it. */
export type ReadAt = (offset: number, length: number) => Promise<Uint8Array>;

/** What kind of file it is, judged by its content. */
export type ProgramFacts =
  | ElfFacts
  /** Begins with `#!` and the name of what runs it. */
  | { readonly kind: "script"; readonly interpreter: ScriptInterpreter }
  /** Anything else; `what` is for people, e.g. `a zip archive`. */
  | { readonly kind: "other"; readonly what: string };

export interface ElfFacts {
  readonly kind: "elf";
  /** As the OCI image-spec names it, e.g. `amd64`; others are `ELF machine 94`. */
  readonly architecture: string;
  /** The system that it is marked for, e.g. `freebsd`; null for the usual mark, which Linux uses too. */
  readonly system: string | null;
  /** The C library that it needs; null when its interpreter belongs to neither, or it is not a program. */
  readonly libc: Libc | null;
  /** The path of its interpreter; null when it needs none. */
  readonly interpreter: string | null;
  /** False for object files, core dumps and libraries. */
  readonly isProgram: boolean;
}

/** A program has about a dozen. */
const MAX_PROGRAM_HEADERS = 256;
/** As in the kernel: PATH_MAX. */
const MAX_INTERPRETER_BYTES = 4096;
const MAX_DYNAMIC_BYTES = 64 * 1024;

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const PT_INTERP = 3;
const ET_EXEC = 2;
const ET_DYN = 3;
const DT_NULL = 0n;
const DT_NEEDED = 1n;
const DT_SONAME = 14n;

const SYSTEMS: Readonly<Record<number, string>> = { 2: "netbsd", 6: "solaris", 9: "freebsd", 12: "openbsd" };

/**
 * Tells what a program was built for. Reads only a few parts of limited size, whatever the fields of the file say. A file
 * that contradicts itself is `other`.
 *
 * @see System V ABI, "Object files", "Program loading and dynamic linking"
 */
export async function readProgram(read: ReadAt): Promise<ProgramFacts> {
  const start = Buffer.from(await read(0, DESCRIBED_BYTES));
  const format = fileFormat(start);
  if (format === "script") return describeScript(start);
  if (format !== "elf") return { kind: "other", what: describeContent(start) };
  const header = readHeader(start);
  return header === null ? DAMAGED : describe(header, read);
}

const DAMAGED: ProgramFacts = { kind: "other", what: "a damaged ELF file" };

function describeScript(start: Buffer): ProgramFacts {
  const interpreter = scriptInterpreter(start);
  return interpreter === null
    ? { kind: "other", what: 'a script whose "#!" line names no interpreter' }
    : { kind: "script", interpreter };
}

interface Header {
  readonly is64: boolean;
  readonly isLittle: boolean;
  readonly system: string | null;
  readonly type: number;
  /** True if it says where it begins to run, which a library does not. */
  readonly hasEntry: boolean;
  readonly architecture: string;
  readonly segmentsAt: number;
  readonly segmentBytes: number;
  readonly segments: number;
}

function readHeader(bytes: Buffer): Header | null {
  const [is64, isLittle] = [bytes[4] === 2, bytes[5] === 1];
  if (bytes.length < (is64 ? 64 : 52) || !isOneOf(bytes[4]) || !isOneOf(bytes[5])) return null;
  const field = numbers(bytes, { is64, isLittle });
  const machine = field.half(18);
  const [segmentBytes, segments] = is64 ? [field.half(54), field.half(56)] : [field.half(42), field.half(44)];
  if (segments > MAX_PROGRAM_HEADERS || (segments > 0 && segmentBytes !== (is64 ? 56 : 32))) return null;
  const segmentsAt = is64 ? field.long(32) : field.word(28);
  if (segmentsAt === null) return null;
  return {
    is64,
    isLittle,
    system: SYSTEMS[bytes[7] ?? 0] ?? null,
    type: field.half(16),
    hasEntry: (is64 ? field.big(24) : BigInt(field.word(24))) !== 0n,
    architecture: architectureOf(machine, { is64, isLittle }),
    segmentsAt,
    segmentBytes,
    segments,
  };
}

function isOneOf(value: number | undefined): boolean {
  return value === 1 || value === 2;
}

/** A machine with several byte orders or word sizes is several platforms. */
function architectureOf(machine: number, { is64, isLittle }: Shape): string {
  if (machine === 21) return isLittle ? "ppc64le" : "ppc64";
  if (machine === 8) return `mips${is64 ? "64" : ""}${isLittle ? "le" : ""}`;
  const known = MACHINES.find(({ elf }) => elf === machine);
  if (known === undefined) return `ELF machine ${machine}`;
  return known.is64 === is64 ? known.oci : `${known.oci} of ${is64 ? 64 : 32} bits`;
}

interface Shape {
  readonly is64: boolean;
  readonly isLittle: boolean;
}

/** Reads the numbers of a part of the file, in the file's byte order; a `long` that is not exact is null. */
function numbers(bytes: Buffer, { isLittle }: Shape) {
  return {
    half: (at: number) => (isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)),
    word: (at: number) => (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)),
    big: (at: number) => (isLittle ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at)),
    long: (at: number) => {
      const value = Number(isLittle ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
      return Number.isSafeInteger(value) ? value : null;
    },
  };
}

async function describe(header: Header, read: ReadAt): Promise<ProgramFacts> {
  const { architecture, system, type } = header;
  const segments = await readSegments(header, read);
  if (segments === null || !(await isWhole(segments, read))) return DAMAGED;
  const facts = { kind: "elf", architecture, system } as const;
  if (type !== ET_EXEC && type !== ET_DYN) return { ...facts, libc: null, interpreter: null, isProgram: false };
  // The kernel would not load any of it.
  if (header.segments === 0) return DAMAGED;
  const named = segments.find((segment) => segment.type === PT_INTERP);
  if (named !== undefined) {
    const interpreter = await readInterpreter(named, read);
    if (interpreter === null) return { kind: "other", what: "an ELF file with a damaged interpreter" };
    return { ...facts, libc: libcOf(interpreter), interpreter, isProgram: true };
  }
  const isLibrary = type === ET_DYN && (!header.hasEntry || (await isNamedOrNeedsOthers(header, segments, read)));
  return { ...facts, libc: isLibrary ? null : "static", interpreter: null, isProgram: !isLibrary };
}

interface Segment {
  readonly type: number;
  readonly offset: number;
  /** Bytes in the file. */
  readonly size: number;
}

/** Null when the table is incomplete, or has values that no file can have. */
async function readSegments(header: Header, read: ReadAt): Promise<readonly Segment[] | null> {
  const { segments, segmentBytes, segmentsAt, is64 } = header;
  const table = Buffer.from(await read(segmentsAt, segments * segmentBytes));
  if (table.length < segments * segmentBytes) return null;
  const field = numbers(table, header);
  const found: Segment[] = [];
  for (let at = 0; at < table.length; at += segmentBytes) {
    const offset = is64 ? field.long(at + 8) : field.word(at + 4);
    const size = is64 ? field.long(at + 32) : field.word(at + 16);
    const type = field.word(at);
    const isUsed = type === PT_INTERP || type === PT_DYNAMIC || type === PT_LOAD;
    if (!isUsed) continue;
    if (offset === null || size === null || !Number.isSafeInteger(offset + size)) return null;
    found.push({ type, offset, size });
  }
  return found;
}

/** False for a file that was cut off: it would be killed when it reads what is missing. */
async function isWhole(segments: readonly Segment[], read: ReadAt): Promise<boolean> {
  const loaded = segments.filter(({ type, size }) => type === PT_LOAD && size > 0);
  const end = maxOf(
    loaded.map(({ offset, size }) => offset + size),
    0,
  );
  return end === 0 || (await read(end - 1, 1)).length === 1;
}

async function readInterpreter({ offset, size }: Segment, read: ReadAt): Promise<string | null> {
  if (size < 2 || size > MAX_INTERPRETER_BYTES) return null;
  const bytes = Buffer.from(await read(offset, size));
  const end = bytes.indexOf(0);
  if (bytes.length < size || end <= 0) return null;
  const path = bytes.toString("latin1", 0, end);
  return /^[\x21-\x7e]+$/.test(path) ? path : null;
}

/** Recognised by the interpreter's file name alone: systems keep it in different directories. */
function libcOf(interpreter: string): Libc | null {
  const name = interpreter.slice(interpreter.lastIndexOf("/") + 1);
  if (name.startsWith("ld-musl-")) return "musl";
  return /^ld(?:-linux|64\.so|\.so)/.test(name) ? "glibc" : null;
}

/** True for a library that needs others or has a name. A static program that can be loaded anywhere (`static-pie`) has only the table. */
async function isNamedOrNeedsOthers(header: Header, segments: readonly Segment[], read: ReadAt): Promise<boolean> {
  const table = segments.find(({ type }) => type === PT_DYNAMIC);
  if (table === undefined) return false;
  const bytes = Buffer.from(await read(table.offset, Math.min(table.size, MAX_DYNAMIC_BYTES)));
  const field = numbers(bytes, header);
  const step = header.is64 ? 16 : 8;
  for (let at = 0; at + step <= bytes.length; at += step) {
    const tag = header.is64 ? field.big(at) : BigInt(field.word(at));
    if (tag === DT_NULL) return false;
    if (tag === DT_NEEDED || tag === DT_SONAME) return true;
  }
  return false;
}
