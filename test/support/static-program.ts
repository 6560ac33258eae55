/** Offsets and sizes of an ELF64 file with one program header (System V ABI, "Object files"). */
const BASE_ADDRESS = 0x400000n;
const HEADER_BYTES = 64;
const PROGRAM_HEADER_BYTES = 56;
const CODE_OFFSET = HEADER_BYTES + PROGRAM_HEADER_BYTES;

/** A static x86-64 Linux program of a few hundred bytes that prints `text` and exits with 0; `padding` bytes make it larger. */
export function staticProgram(text: string, padding = 0): Buffer {
  const message = Buffer.from(text);
  const code = machineCode(message.length);
  const size = BigInt(CODE_OFFSET + code.length + message.length + padding);
  return Buffer.concat([elfHeader(), programHeader(size), code, message, Buffer.alloc(padding, 0x90)]);
}

/** write(1, message, length); exit(0). The message follows the code, so it is addressed relative to the instruction. */
function machineCode(length: number): Buffer {
  const code = Buffer.from(
    "b801000000" + // mov eax, 1
      "bf01000000" + // mov edi, 1
      "488d3510000000" + // lea rsi, [rip + 16]
      "ba00000000" + // mov edx, length
      "0f05" + // syscall
      "b83c000000" + // mov eax, 60
      "31ff" + // xor edi, edi
      "0f05", // syscall
    "hex",
  );
  code.writeUInt32LE(length, 18);
  return code;
}

function elfHeader(): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write("\x7fELF\x02\x01\x01", "latin1");
  header.writeUInt16LE(2, 16); // ET_EXEC
  header.writeUInt16LE(62, 18); // EM_X86_64
  header.writeUInt32LE(1, 20);
  header.writeBigUInt64LE(BASE_ADDRESS + BigInt(CODE_OFFSET), 24);
  header.writeBigUInt64LE(BigInt(HEADER_BYTES), 32);
  header.writeUInt16LE(HEADER_BYTES, 52);
  header.writeUInt16LE(PROGRAM_HEADER_BYTES, 54);
  header.writeUInt16LE(1, 56);
  return header;
}

function programHeader(size: bigint): Buffer {
  const header = Buffer.alloc(PROGRAM_HEADER_BYTES);
  header.writeUInt32LE(1, 0); // PT_LOAD
  header.writeUInt32LE(5, 4); // readable, executable
  header.writeBigUInt64LE(BASE_ADDRESS, 16);
  header.writeBigUInt64LE(BASE_ADDRESS, 24);
  header.writeBigUInt64LE(size, 32);
  header.writeBigUInt64LE(size, 40);
  header.writeBigUInt64LE(0x1000n, 48);
  return header;
}
