import { fileFormat } from "../base/file-format.ts";
import { findWord } from "./find-word.ts";
import { PINNED } from "./pinned-paths.ts";
import { MARK } from "./prefix.ts";

const WORDS = [MARK, PINNED];
const LONGEST = Math.max(...WORDS.map(({ whole }) => whole.length));

/** Looks for what would be replaced in bytes that arrive piece by piece, also where it is cut in two. */
export class RelocationScan {
  #end: Buffer = Buffer.alloc(0);

  /** True if there is anything in this piece, or between it and the one before. */
  finds(piece: Uint8Array): boolean {
    const joined = Buffer.concat([this.#end, piece]);
    this.#end = Buffer.from(joined.subarray(Math.max(0, joined.length - (LONGEST - 1))));
    return WORDS.some((word) => findWord(joined, word) !== -1);
  }
}

/** What a linker reads, or what a crash left: nothing in it says where it will be. */
const [RELOCATABLE, CORE] = [1, 4];

/** True for a program or a library: an ELF file that is neither an object file nor a core dump. */
export function isLoadable(bytes: Buffer): boolean {
  if (fileFormat(bytes) !== "elf" || bytes.length < 18) return false;
  const type = bytes.readUInt16LE(16);
  return type !== RELOCATABLE && type !== CORE;
}
