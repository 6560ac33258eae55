/**
 * The names and media types of the files of a package: `NAME` or `NAME.tar.zst`, `CHECKSUM`, `NAME.json`, further documents, and
 * `FILE.sig` for each of them.
 */

/** Lists the hashes of a package's files. */
export const CHECKSUM_TITLE = "CHECKSUM";

/** Added to the name of a file, it gives the name of the file's minisign signature. */
export const SIGNATURE_SUFFIX = ".sig";

/** The media type of a minisign signature. */
export const SIGNATURE_TYPE = "application/vnd.pkg.minisign.v1";

/** The media type of a program, and of a document that travels with it. */
export const FILE_TYPE = "application/octet-stream";

/** The media type of a directory, packed. */
export const ARCHIVE_TYPE = "application/vnd.oci.image.layer.v1.tar+zstd";

const ARCHIVE_SUFFIX = ".tar.zst";
const ENTRY_SUFFIX = ".json";

/** The name of a file's signature by the publisher's first key: `trurl.sig`. */
export function signatureTitle(title: string): string {
  return `${title}${SIGNATURE_SUFFIX}`;
}

/** The name of a file's signature by a further key: `trurl.8675309A….sig`. minisign reads one signature from each file. */
export function furtherSignatureTitle(title: string, keyId: string): string {
  return signatureTitle(`${title}.${keyId}`);
}

/** The file whose signature is to be verified with one of some keys: one that a key has to itself, or else the first key's. */
export function signatureTitleFor(
  title: string,
  keyIds: readonly string[],
  titles: { has(title: string): boolean },
): string {
  const further = keyIds.map((keyId) => furtherSignatureTitle(title, keyId));
  return further.find((candidate) => titles.has(candidate)) ?? signatureTitle(title);
}

/** The name of a package that is a directory, packed: `trurl.tar.zst`. */
export function archiveTitle(name: string): string {
  return `${name}${ARCHIVE_SUFFIX}`;
}

/** True for the name of a packed directory. */
export function isArchiveTitle(title: string): boolean {
  return title.endsWith(ARCHIVE_SUFFIX);
}

/** The name without the ending of a packed directory. */
export function unpackedTitle(title: string): string {
  return isArchiveTitle(title) ? title.slice(0, -ARCHIVE_SUFFIX.length) : title;
}

/** The names that the main file of a package may have: `trurl`, or `trurl.tar.zst` for a directory. */
export function mainTitles(name: string): readonly string[] {
  return [name, archiveTitle(name)];
}

/** The name of the file with a package's index entry: `trurl.json`. */
export function entryTitle(name: string): string {
  return `${name}${ENTRY_SUFFIX}`;
}

/** The package whose entry a file of that name may be: `trurl` for `trurl.json`; null for any other name. */
export function nameOfEntry(title: string): string | null {
  return title.endsWith(ENTRY_SUFFIX) ? title.slice(0, -ENTRY_SUFFIX.length) : null;
}
