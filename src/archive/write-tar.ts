import { Header } from "tar/header";
import { Pax } from "tar/pax";
import { byteCount } from "../base/format-bytes.ts";
import { BLOCK_BYTES, paddingOf } from "./tar-block.ts";

interface InputBase {
  /** Without `.` and `..`, and without a slash at its end. */
  readonly name: string;
  /** Permission bits; default 0755 for directories, 0644 for files and 0777 for symlinks. */
  readonly mode?: number;
}

/** An entry to write into a tar. */
export type TarInput =
  | (InputBase & { readonly kind: "directory" })
  | (InputBase & { readonly kind: "symlink"; readonly target: string })
  | (InputBase & {
      readonly kind: "file";
      /** In bytes; the stream from `open` must have exactly as many. */
      readonly size: number;
      readonly open: () => AsyncIterable<Uint8Array>;
    });

const EPOCH = new Date(0);
const TYPES = { file: "File", directory: "Directory", symlink: "SymbolicLink" } as const;
const MODES = { file: 0o644, directory: 0o755, symlink: 0o777 } as const;

/**
 * Yields the bytes of a tar, which depend on the inputs alone: no owners and no times. It is written as ustar, with PAX
 * for what ustar cannot express.
 *
 * @see POSIX.1-2017, pax, "ustar Interchange Format"
 */
export async function* writeTar(inputs: Iterable<TarInput> | AsyncIterable<TarInput>): AsyncGenerator<Uint8Array> {
  for await (const input of inputs) {
    yield headerOf(input);
    if (input.kind !== "file") continue;
    let size = 0;
    for await (const chunk of input.open()) {
      size += chunk.byteLength;
      yield chunk;
    }
    if (size !== input.size) throw new Error(`"${input.name}" has ${byteCount(size)}, ${input.size} were announced`);
    yield Buffer.alloc(paddingOf(size));
  }
  yield Buffer.alloc(2 * BLOCK_BYTES);
}

function headerOf(input: TarInput): Uint8Array {
  const fields = {
    type: TYPES[input.kind],
    path: input.kind === "directory" ? `${input.name}/` : input.name,
    mode: input.mode ?? MODES[input.kind],
    size: input.kind === "file" ? input.size : 0,
    ...(input.kind === "symlink" ? { linkpath: input.target } : {}),
    uid: 0,
    gid: 0,
    mtime: EPOCH,
  };
  const header = new Header({ ...fields, uname: "", gname: "", devmaj: 0, devmin: 0 });
  const needsExtension = header.encode();
  const block = header.block ?? Buffer.alloc(0);
  return needsExtension ? Buffer.concat([new Pax(fields).encode(), block]) : block;
}
