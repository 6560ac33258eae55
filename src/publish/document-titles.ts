import { statSync } from "node:fs";
import { basename } from "node:path";
import { hasCode, PkgError } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { safeTitle } from "../oci/title.ts";
import { CHECKSUM_TITLE, entryTitle, SIGNATURE_SUFFIX } from "../package/file-names.ts";
import type { ProgramFile, Publication } from "../package/publication.ts";

/**
 * The name of each document in the package, by its path.
 *
 * @throws {PkgError} PUBLISH_INVALID for anything but a file, for a name that is not a plain file name, and for a name that
 * another file of the package has; FILE_SYSTEM, PERMISSION_DENIED
 */
export function documentTitles(
  { name, documents }: Pick<Publication, "name" | "documents">,
  programs: readonly Pick<ProgramFile, "title">[],
): ReadonlyMap<string, string> {
  const taken = new Set([CHECKSUM_TITLE, entryTitle(name), ...programs.map(({ title }) => title)]);
  const titles = new Map<string, string>();
  for (const path of documents) {
    requireFile(path);
    const title = titleOf(path);
    if (taken.has(title) || title.endsWith(SIGNATURE_SUFFIX)) {
      throw new PkgError("PUBLISH_INVALID", `Cannot publish "${path}": the package has another file "${title}"`, {
        hint: `Each file needs a name of its own; ${CHECKSUM_TITLE} and signatures are made by \`pkg publish\``,
      });
    }
    taken.add(title);
    titles.set(path, title);
  }
  return titles;
}

/** Reading a FIFO would wait for a writer, and a device might never end. */
function requireFile(path: string): void {
  try {
    if (statSync(path).isFile()) return;
  } catch (error) {
    throw fileSystemError(error, `read "${path}"`);
  }
  throw new PkgError("PUBLISH_INVALID", `Cannot publish "${path}": expected a file, found something else`, {
    hint: "A document is a file; a directory is published with --file, its programs in bin",
  });
}

function titleOf(path: string): string {
  try {
    return safeTitle(basename(path));
  } catch (error) {
    if (!hasCode(error, "TITLE_INVALID")) throw error;
    throw new PkgError("PUBLISH_INVALID", error.message, { hint: "Give the file a plain name", cause: error });
  }
}
