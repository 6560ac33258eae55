import { fileFormat } from "../base/file-format.ts";
import type { Descriptor } from "./descriptor.ts";

/** `true` on a layer that is a tar to be unpacked at its title; defined by oras. */
export const UNPACK_ANNOTATION = "io.deis.oras.content.unpack";

/** The digest of such a layer's uncompressed tar; defined by oras. */
export const UNPACKED_DIGEST_ANNOTATION = "io.deis.oras.content.digest";

/**
 * `0755` or `0644`, on a file whose mode does not follow from its content: by default, only ELF files and scripts are
 * executable. No standard annotation holds a file's mode.
 */
export const FILE_MODE_ANNOTATION = "dev.pkg.file.mode";

const PROGRAM_MODE = 0o755;
const DOCUMENT_MODE = 0o644;

/** The number of bytes that looksLikeProgram() looks at. */
export const PROGRAM_MAGIC_BYTES = 4;

/** True for the start of an ELF file or a script. */
export function looksLikeProgram(start: Uint8Array): boolean {
  return ["elf", "script"].includes(fileFormat(start) ?? "");
}

/** The annotation needed to restore a file's executable bit; empty if it follows from the content. */
export function modeAnnotation(isExecutable: boolean, start: Uint8Array): Readonly<Record<string, string>> {
  if (isExecutable === looksLikeProgram(start)) return {};
  return { [FILE_MODE_ANNOTATION]: isExecutable ? "0755" : "0644" };
}

/** A file's mode, 0755 or 0644: only the executable bit is taken from the annotation. */
export function fileMode({ annotations }: Pick<Descriptor, "annotations">, start: Uint8Array): number {
  const written = annotations[FILE_MODE_ANNOTATION] ?? "";
  const isProgram = /^0?[0-7]{3}$/.test(written)
    ? (Number.parseInt(written, 8) & 0o100) !== 0
    : looksLikeProgram(start);
  return isProgram ? PROGRAM_MODE : DOCUMENT_MODE;
}

/** True for a layer that is unpacked into a directory. */
export function isPackedDirectory({ annotations }: Pick<Descriptor, "annotations">): boolean {
  return annotations[UNPACK_ANNOTATION] === "true";
}
