/** A damaged form of a file of lines. */
export interface FileMutation {
  readonly name: string;
  readonly bytes: Buffer;
}

/** A whole number from 0, below the one given. */
export type Random = (below: number) => number;

/** Small numbers that are the same in every run (Numerical Recipes' linear congruence). */
export function createRandom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Each byte changed, doubled, taken out, and something put before it. */
export function* byteMutations(bytes: Buffer, random: Random): Generator<FileMutation> {
  for (let at = 0; at < bytes.length; at++) {
    const [before, byte, rest] = [bytes.subarray(0, at), bytes.subarray(at, at + 1), bytes.subarray(at + 1)];
    const other = Buffer.of((byte.readUInt8() + 1 + random(255)) % 256);
    const edits = {
      changed: [before, other, rest],
      flipped: [before, Buffer.of(byte.readUInt8() ^ (1 << random(8))), rest],
      doubled: [before, byte, byte, rest],
      removed: [before, rest],
      inserted: [before, Buffer.of(random(256)), byte, rest],
      cut: [before],
    };
    for (const [edit, parts] of Object.entries(edits)) {
      yield { name: `byte ${at} ${edit}`, bytes: Buffer.concat(parts) };
    }
  }
}

/** Each bit of what a base64 line holds, from one byte to another, which leaves the line itself well-formed. */
export function* bitMutations(
  file: Buffer,
  line: number,
  [from, to]: readonly [number, number] = [0, Number.POSITIVE_INFINITY],
): Generator<FileMutation> {
  const lines = file.toString().split("\n");
  const bytes = Buffer.from(lines[line] ?? "", "base64");
  for (let bit = from * 8; bit < Math.min(bytes.length, to) * 8; bit++) {
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    const text = lines.with(line, changed.toString("base64")).join("\n");
    yield { name: `line ${line} bit ${bit}`, bytes: Buffer.from(text) };
  }
}

/** Lines taken out, doubled, exchanged, emptied, ended otherwise, made as long as they may be and longer. */
export function* structureMutations(file: Buffer): Generator<FileMutation> {
  const lines = file.toString().trimEnd().split("\n");
  const edits: [name: string, text: string][] = [
    ["ended by CRLF", `${lines.join("\r\n")}\r\n`],
    ["without a last newline", lines.join("\n")],
    ["with an empty line at the end", `${lines.join("\n")}\n\n`],
    ["with spaces at the end", `${lines.join("  \n")}\n`],
    ["after an empty line", `\n${lines.join("\n")}\n`],
    ["after a byte order mark", `\uFEFF${lines.join("\n")}\n`],
    ["twice", `${lines.join("\n")}\n`.repeat(2)],
    ["empty", ""],
  ];
  for (const [index, line] of lines.entries()) {
    edits.push([`without line ${index}`, lines.toSpliced(index, 1).join("\n")]);
    edits.push([`with line ${index} empty`, lines.with(index, "").join("\n")]);
    edits.push([`with line ${index} doubled`, lines.toSpliced(index, 0, line).join("\n")]);
    edits.push([`with line ${index} in capitals`, lines.with(index, line.toUpperCase()).join("\n")]);
    edits.push([`with line ${index} of another kind of base64`, lines.with(index, toUrlBase64(line)).join("\n")]);
    for (let other = 0; other < index; other++) {
      edits.push([`with lines ${other} and ${index} exchanged`, exchange(lines, other, index).join("\n")]);
    }
    for (const length of [1020, 1021, 1022, 1023, 1024, 1025, 8188, 8189, 8190, 8191, 8192, 8193]) {
      edits.push([
        `with line ${index} of ${length} bytes`,
        `${lines.with(index, line.padEnd(length, "x")).join("\n")}\n`,
      ]);
    }
  }
  for (const [name, text] of edits) yield { name, bytes: Buffer.from(text) };
}

function toUrlBase64(line: string): string {
  return line.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function exchange(lines: readonly string[], a: number, b: number): readonly string[] {
  return lines.with(a, lines[b] ?? "").with(b, lines[a] ?? "");
}
