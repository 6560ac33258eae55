import { accessSync, constants } from "node:fs";
import { readStartSync } from "../fs/read-start.ts";

/** ELF machines by Node's names, from the generic ABI. */
const MACHINES: Readonly<Record<string, number>> = { x64: 62, arm64: 183 };
const START_BYTES = 4096;
const PT_INTERP = 3;

/**
 * Whether the system will certainly start a file, so that it may take this process's place: a process that has tried in vain
 * could not say so any more. False where that is not certain.
 *
 * @param arch of this machine, as Node calls it
 * @see gabi, ELF header and program header; execve(2)
 */
export function willStart(file: string, arch: string): boolean {
  if (!isExecutable(file)) return false;
  const start = readStart(file);
  const [, interpreter] = /^#![ \t]*(\/[^ \t\n\0]+)[^\0]*?\n/.exec(start.toString("latin1")) ?? [];
  if (interpreter !== undefined) return isExecutable(interpreter) && isElf(readStart(interpreter), arch);
  return isElf(start, arch);
}

function isElf(start: Buffer, arch: string): boolean {
  // 64-bit, little-endian: all that this program runs on.
  if (start.length < 64 || start.toString("latin1", 0, 6) !== "\x7fELF\x02\x01") return false;
  if (start.readUInt16LE(18) !== MACHINES[arch]) return false;
  const [offset, size, count] = [start.readBigUInt64LE(32), start.readUInt16LE(54), start.readUInt16LE(56)];
  if (size < 56 || offset + BigInt(size * count) > BigInt(start.length)) return false;
  return Array.from({ length: count }, (_, index) => Number(offset) + index * size)
    .filter((at) => start.readUInt32LE(at) === PT_INTERP)
    .every((at) => isLoadable(start, at));
}

/** Whether the dynamic linker that a program header names is there. */
function isLoadable(start: Buffer, at: number): boolean {
  const [offset, length] = [start.readBigUInt64LE(at + 8), start.readBigUInt64LE(at + 32)];
  if (length < 2n || offset + length > BigInt(start.length)) return false;
  return isExecutable(start.toString("utf8", Number(offset), Number(offset + length) - 1));
}

function readStart(file: string): Buffer {
  try {
    return readStartSync(file, START_BYTES);
  } catch {
    return Buffer.alloc(0);
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
