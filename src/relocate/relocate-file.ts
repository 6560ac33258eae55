import { PkgError } from "../errors.ts";
import { RelocationFault } from "./fault.ts";
import { hasPinnedPath, replacePinned, replacePinnedText } from "./pinned-paths.ts";
import { hasPlaceholder, type Prefix, relocateText } from "./prefix.ts";
import { relocateElf } from "./relocate-elf.ts";
import { isLoadable } from "./scan.ts";

/** A file of a bottle. */
export interface BottleFile {
  /** In the bottle, for messages. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * Makes a file of a bottle work under a prefix. In text, placeholders and the build machine's prefix are replaced wherever
 * they stand; in programs and libraries the interpreter and the search paths are; in other data only the build machine's
 * prefix is, in its place.
 *
 * @returns the same bytes when there was nothing to change
 * @throws {PkgError} RELOCATION_FAILED for an ELF file that contradicts itself or has no room, and for a bottle that is
 *   pinned to a shorter prefix
 */
export function relocateFile({ path, bytes }: BottleFile, prefix: Prefix): Uint8Array {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const relocated = buffer.includes(0) ? relocateData(buffer, prefix) : relocatePlain(buffer, prefix);
    return relocated === buffer ? bytes : relocated;
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
  const text = hasPlaceholder(buffer) ? Buffer.from(relocateText(buffer.toString("latin1"), prefix), "latin1") : buffer;
  return hasPinnedPath(text) ? replacePinnedText(text, prefix) : text;
}

function relocateData(buffer: Buffer, prefix: Prefix): Buffer {
  const data = hasPlaceholder(buffer) && isLoadable(buffer) ? relocateElf(buffer, prefix) : buffer;
  return hasPinnedPath(data) ? replacePinned(data, prefix) : data;
}
