import { fileFormat } from "../base/file-format.ts";
import type { Descriptor } from "./descriptor.ts";

/** `true` on a layer that is a tar to be unpacked where its title says; oras's. */
export const UNPACK_ANNOTATION = "io.deis.oras.content.unpack";

/** The digest of such a layer's tar before it was compressed; oras's. */
export const UNPACKED_DIGEST_ANNOTATION = "io.deis.oras.content.digest";

/**
 * `0755` or `0644`, on a file whose content tells otherwise: what begins as an ELF file or a script is taken for a
 * program and nothing else is. No standard has a place for a file's mode.
 */
export const FILE_MODE_ANNOTATION = "dev.pkg.file.mode";

const PROGRAM_MODE = 0o755;
const DOCUMENT_MODE = 0o644;

/** As many bytes as `looksLikeProgram` wants to see. */
export const PROGRAM_MAGIC_BYTES = 4;

/** True for the start of an ELF file or a script. */
export function looksLikeProgram(start: Uint8Array): boolean {
  return ["elf", "script"].includes(fileFormat(start) ?? "");
}

/** The annotation that a file needs to have its executable bit again; none where its content tells. */
export function modeAnnotation(isExecutable: boolean, start: Uint8Array): Readonly<Record<string, string>> {
  if (isExecutable === looksLikeProgram(start)) return {};
  return { [FILE_MODE_ANNOTATION]: isExecutable ? "0755" : "0644" };
}

/** 0755 or 0644: of a file's mode the executable bit alone comes from outside. */
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
