import { type Dirent, readdirSync } from "node:fs";
import { join } from "node:path";
import { hashHex } from "../base/hashes.ts";
import { systemCode } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { sha256Digest } from "../oci/digest.ts";
import { type EditedContext, hashOfFile } from "./edited.ts";
import { exists } from "./installation-paths.ts";
import { occupantOf } from "./links.ts";
import { packagePath } from "./places.ts";

/**
 * The files of a package that nothing records, as far as the store has their content: these were placed. Paths relative to its
 * directory.
 *
 * @param directory as in `Installation.directory`
 * @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM
 */
export function storedIn(context: EditedContext, directory: string): readonly string[] {
  const root = packagePath(context, directory);
  return filesIn(root).filter((path) => {
    const hex = contentHash(join(root, path));
    return hex !== null && exists(context.blobs.pathOf(sha256Digest(hex)));
  });
}

function contentHash(path: string): string | null {
  const occupant = occupantOf(path);
  if (occupant.kind === "link") return hashHex("sha256", Buffer.from(occupant.target));
  return occupant.kind === "file" ? hashOfFile(path, "sha256") : null;
}

/** Paths of all that is no directory, but for what is in directories that are closed. No link is followed. */
function filesIn(root: string, directory = ""): readonly string[] {
  const entries = entriesOf(join(root, directory));
  return entries.flatMap((entry) => {
    const path = directory === "" ? entry.name : `${directory}/${entry.name}`;
    return entry.isDirectory() ? filesIn(root, path) : [path];
  });
}

function entriesOf(directory: string): readonly Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    if (["EACCES", "ENOENT"].includes(systemCode(error) ?? "")) return [];
    throw fileSystemError(error, `look into "${directory}"`);
  }
}
