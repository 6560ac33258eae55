/** The fields of an ELF file; any of them may be wrong. */
export interface ElfOptions {
  readonly is64?: boolean;
  readonly isLittle?: boolean;
  /** `e_type`: 2 program, 3 program or library that can be loaded anywhere. */
  readonly type?: number;
  readonly machine?: number;
  readonly system?: number;
  /** The interpreter's path, and its offset in the file. */
  readonly interpreter?: string | null;
  readonly interpreterAt?: number;
  /** Where it begins to run; 0: nowhere, as in a library. */
  readonly entry?: number;
  /** Tags of the dynamic table; null: it has none. */
  readonly dynamic?: readonly number[] | null;
}

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const PT_INTERP = 3;

/** A file with the header and program headers of an ELF file, and nothing to run (System V ABI, "Object files"). */
export function elfFile(options: ElfOptions = {}): Buffer {
  const { is64 = true, isLittle = true, type = 2, machine = 62, system = 0 } = options;
  const { interpreter = null, interpreterAt = 4096, dynamic = null, entry = 4096 } = options;
  const [headerBytes, segmentBytes] = is64 ? [64, 56] : [52, 32];
  const text = interpreter === null ? null : Buffer.from(`${interpreter}\0`);
  const table = dynamic === null ? null : dynamicTable(dynamic, { is64, isLittle });
  const tableAt = 2048;
  const segments = [
    { type: PT_LOAD, offset: 0, size: headerBytes },
    ...(text === null ? [] : [{ type: PT_INTERP, offset: interpreterAt, size: text.length }]),
    ...(table === null ? [] : [{ type: PT_DYNAMIC, offset: tableAt, size: table.length }]),
  ];
  const file = Buffer.alloc(Math.max(8192, interpreterAt + (text?.length ?? 0)));
  const write = writer(file, isLittle);
  file.write("\x7fELF", "latin1");
  file.set([is64 ? 2 : 1, isLittle ? 1 : 2, 1, system], 4);
  write.half(16, type);
  write.half(18, machine);
  if (is64) write.long(24, entry);
  else write.word(24, entry);
  if (is64) write.long(32, headerBytes);
  else write.word(28, headerBytes);
  write.half(is64 ? 54 : 42, segmentBytes);
  write.half(is64 ? 56 : 44, segments.length);
  for (const [index, segment] of segments.entries()) {
    const at = headerBytes + index * segmentBytes;
    write.word(at, segment.type);
    if (is64) {
      write.long(at + 8, segment.offset);
      write.long(at + 32, segment.size);
    } else {
      write.word(at + 4, segment.offset);
      write.word(at + 16, segment.size);
    }
  }
  text?.copy(file, interpreterAt);
  table?.copy(file, tableAt);
  return file;
}

function dynamicTable(tags: readonly number[], { is64, isLittle }: { is64: boolean; isLittle: boolean }): Buffer {
  const step = is64 ? 16 : 8;
  const table = Buffer.alloc(step * (tags.length + 1));
  const write = writer(table, isLittle);
  for (const [index, tag] of tags.entries()) {
    if (is64) write.long(index * step, tag);
    else write.word(index * step, tag);
  }
  return table;
}

function writer(file: Buffer, isLittle: boolean) {
  return {
    half: (at: number, value: number) => (isLittle ? file.writeUInt16LE(value, at) : file.writeUInt16BE(value, at)),
    word: (at: number, value: number) => (isLittle ? file.writeUInt32LE(value, at) : file.writeUInt32BE(value, at)),
    long: (at: number, value: number) =>
      isLittle ? file.writeBigUInt64LE(BigInt(value), at) : file.writeBigUInt64BE(BigInt(value), at),
  };
}
