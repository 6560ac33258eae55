import type { HashedFile } from "../package/publication.ts";

export const CHECKSUM_TITLE = "CHECKSUM";

/** The text of CHECKSUM, as second-generation packages have it: sorted lines `BLAKE3: HEX  FILE` and `SHA256: HEX  FILE`. */
export function checksumText(files: readonly Pick<HashedFile, "title" | "blake3" | "sha256">[]): string {
  const lines = files.flatMap(({ title, blake3, sha256 }) => [
    `BLAKE3: ${blake3}  ${title}`,
    `SHA256: ${sha256}  ${title}`,
  ]);
  return lines
    .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map((line) => `${line}\n`)
    .join("");
}
