import { ElfBytes } from "../../src/relocate/elf-bytes.ts";
import { readDynamic } from "../../src/relocate/elf-dynamic.ts";
import { PT, readSections, readSegments } from "../../src/relocate/elf-tables.ts";

/** What a file is, as far as a change to it may matter. */
export interface ElfKind {
  readonly language: "C" | "C++" | "Go" | "Rust";
  readonly form: "PIE" | "fixed address" | "library" | "static" | "static-pie";
  readonly hasTls: boolean;
}

const TLS = 7;
const ET_EXEC = 2;
const DT_FLAGS_1 = 0x6fff_fffbn;
const DF_1_PIE = 0x0800_0000n;

/** @throws {RelocationFault} for what is neither a program nor a library of 64 bits */
export function elfKind(bytes: Buffer): ElfKind {
  const elf = new ElfBytes(bytes);
  const segments = readSegments(elf);
  const dynamic = readDynamic(elf, segments);
  readSections(elf);
  const flags = dynamic?.entries.find(({ tag }) => tag === Number(DT_FLAGS_1))?.value ?? 0n;
  return {
    language: languageOf(bytes),
    form: formOf({
      isFixed: bytes.readUInt16LE(16) === ET_EXEC,
      hasInterpreter: segments.some(({ type }) => type === PT.interp),
      isPie: (BigInt(flags) & DF_1_PIE) !== 0n,
    }),
    hasTls: segments.some(({ type }) => type === TLS),
  };
}

function languageOf(bytes: Buffer): ElfKind["language"] {
  if (bytes.includes(".note.go.buildid\0")) return "Go";
  if (bytes.includes("/rustc") || bytes.includes("library/std/src/")) return "Rust";
  return bytes.includes("\0libstdc++.so.6\0") ? "C++" : "C";
}

function formOf({ isFixed, hasInterpreter, isPie }: { isFixed: boolean; hasInterpreter: boolean; isPie: boolean }) {
  if (hasInterpreter) return isFixed ? "fixed address" : "PIE";
  if (isFixed) return "static";
  return isPie ? "static-pie" : "library";
}
