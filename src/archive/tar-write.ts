/** What is written into a tar, under a name without `.` and `..`. */
export type TarInput =
  | { readonly kind: "directory"; readonly name: string }
  | {
      readonly kind: "file";
      readonly name: string;
      /** Bytes; what `open` gives must have as many. */
      readonly size: number;
      readonly open: () => AsyncIterable<Uint8Array>;
    };

const BLOCK_BYTES = 512;
const MAX_NAME_BYTES = 100;
/** Eleven octal digits. */
const MAX_USTAR_SIZE = 0o77777777777;

/**
 * The bytes of a tar, which the same inputs give again: no owner, no time, fixed modes. ustar, and PAX for what it cannot
 * say.
 *
 * @see POSIX.1-2017, pax, "ustar Interchange Format"
 */
export async function* writeTar(inputs: Iterable<TarInput>): AsyncGenerator<Uint8Array> {
  for (const input of inputs) {
    yield headerOf(input);
    if (input.kind === "directory") continue;
    let size = 0;
    for await (const chunk of input.open()) {
      size += chunk.byteLength;
      yield chunk;
    }
    if (size !== input.size) throw new Error(`"${input.name}" has ${size} bytes, ${input.size} were announced`);
    yield Buffer.alloc(paddingOf(size));
  }
  yield Buffer.alloc(2 * BLOCK_BYTES);
}

function headerOf(input: TarInput): Buffer {
  const isFile = input.kind === "file";
  const name = isFile ? input.name : `${input.name}/`;
  const size = isFile ? input.size : 0;
  const records = [
    ...(Buffer.byteLength(name) > MAX_NAME_BYTES ? [paxRecord("path", name)] : []),
    ...(size > MAX_USTAR_SIZE ? [paxRecord("size", String(size))] : []),
  ].join("");
  const header = block({
    name,
    size: Math.min(size, MAX_USTAR_SIZE),
    type: isFile ? "0" : "5",
    mode: isFile ? 0o644 : 0o755,
  });
  if (records === "") return header;
  const body = Buffer.from(records);
  const extended = block({ name: "PaxHeaders/entry", size: body.length, type: "x", mode: 0o644 });
  return Buffer.concat([extended, body, Buffer.alloc(paddingOf(body.length)), header]);
}

interface Fields {
  readonly name: string;
  readonly size: number;
  readonly type: string;
  readonly mode: number;
}

function block({ name, size, type, mode }: Fields): Buffer {
  const header = Buffer.alloc(BLOCK_BYTES);
  Buffer.from(name).copy(header, 0, 0, MAX_NAME_BYTES);
  const texts: readonly (readonly [number, string])[] = [
    [100, octal(mode, 7)],
    [108, octal(0, 7)],
    [116, octal(0, 7)],
    [124, octal(size, 11)],
    [136, octal(0, 11)],
    [148, " ".repeat(8)],
    [156, type],
    [257, "ustar\x0000"],
    [329, octal(0, 7)],
    [337, octal(0, 7)],
  ];
  for (const [offset, text] of texts) header.write(text, offset, "latin1");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\0 `, 148, "latin1");
  return header;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}

/** A record counts its own length, digits included. */
function paxRecord(key: string, value: string): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest;
  while (String(length).length + rest !== length) length = String(length).length + rest;
  return `${length} ${key}=${value}\n`;
}

function paddingOf(size: number): number {
  return (BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES;
}
