import { type FileFormat, fileFormat } from "../base/file-format.ts";
import { byteCount } from "../base/format-bytes.ts";
import { PkgError } from "../errors.ts";
import { RelocationFault } from "./fault.ts";
import { hasPinnedPath, replacePinned, replacePinnedText, SHORTER_PREFIX_HINT } from "./pinned-paths.ts";
import { hasPlaceholder, type Prefix, relocateBytes } from "./prefix.ts";
import { relocateElf } from "./relocate-elf.ts";
import { isLoadable } from "./scan.ts";

/** A file of a bottle. */
export interface BottleFile {
  /** In the bottle, for messages. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Whether its builder has put placeholders into it as into a text, though it may hold other data too. */
  readonly hasText?: boolean;
}

/**
 * Makes a file of a bottle work under a prefix. In text, placeholders and the build machine's prefix are replaced wherever
 * they stand, and so they are in a script that data follows; in programs and libraries the interpreter and the search paths
 * are; in other data only the build machine's prefix is, in its place. Archives stay as they are.
 *
 * @returns the same bytes when there was nothing to change
 * @throws {PkgError} RELOCATION_FAILED for an ELF file that contradicts itself or has no room, for a bottle that is pinned to
 *   a shorter prefix, and for a script whose first line would be longer than the kernel reads
 */
export function relocateFile(file: BottleFile, prefix: Prefix): Uint8Array {
  const { path, bytes } = file;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const isData = buffer.includes(0);
    const relocated = isData ? relocateData(buffer, file, prefix) : relocatePlain(buffer, prefix);
    if (relocated === buffer) return bytes;
    assertRuns(buffer, relocated);
    return relocated;
  } catch (error) {
    if (!(error instanceof RelocationFault)) throw error;
    const { message, hint } = error;
    throw new PkgError(
      "RELOCATION_FAILED",
      `Cannot relocate "${path}": ${message}`,
      hint === undefined ? {} : { hint },
    );
  }
}

function relocatePlain(buffer: Buffer, prefix: Prefix): Buffer {
  const text = relocateBytes(buffer, prefix);
  return hasPinnedPath(text) ? replacePinnedText(text, prefix) : text;
}

/** What has sums of its own of what it holds: a path that was changed in it would be damage. */
const SUMMED: ReadonlySet<FileFormat | null> = new Set<FileFormat>(["gzip", "zstd", "xz", "bzip2", "zip"]);

function relocateData(buffer: Buffer, { hasText = false }: Pick<BottleFile, "hasText">, prefix: Prefix): Buffer {
  const format = fileFormat(buffer);
  if (SUMMED.has(format)) return buffer;
  const data = relocateMarked(buffer, { isText: format === "script" || (hasText && format !== "elf"), prefix });
  return hasPinnedPath(data) ? replacePinned(data, prefix) : data;
}

/** Behind the text of a script there may be data, such as an archive. */
function relocateMarked(
  buffer: Buffer,
  { isText, prefix }: { readonly isText: boolean; readonly prefix: Prefix },
): Buffer {
  if (isText) return relocateBytes(buffer, prefix);
  return hasPlaceholder(buffer) && isLoadable(buffer) ? relocateElf(buffer, prefix) : buffer;
}

/** How much of a script's first line the kernel reads. */
const MAX_SHEBANG_BYTES = 255;

function assertRuns(before: Buffer, after: Buffer): void {
  const size = shebangBytes(after);
  if (size <= MAX_SHEBANG_BYTES || size <= shebangBytes(before)) return;
  const problem = `its first line would have ${byteCount(size)}, and the kernel reads ${MAX_SHEBANG_BYTES} of it`;
  throw new RelocationFault(problem, SHORTER_PREFIX_HINT);
}

/** 0 for what is no script. */
function shebangBytes(bytes: Buffer): number {
  if (fileFormat(bytes) !== "script") return 0;
  const end = bytes.indexOf("\n");
  return end === -1 ? bytes.length : end;
}
