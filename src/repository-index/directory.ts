import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { removeFile, removeTree, writeFileAtomic } from "../fs/atomic.ts";
import { newDirectoryIn, sharedDirectory, syncDirectory } from "../fs/directories.ts";
import { fileSystemError } from "../fs/errors.ts";
import { refuseSpecialOutput } from "../fs/output-file.ts";
import { readLocalFileSync } from "../fs/read-file.ts";
import { SIGNATURE_SUFFIX } from "../package/file-names.ts";
import { MAX_SIGNATURE_LIST_BYTES } from "../verify/signature-list.ts";
import type { KeySetExchange } from "./choose-key-sets.ts";

/** What we and minisign add to the name of a file for its signature. */
const SIGNATURE_SUFFIXES: readonly string[] = [SIGNATURE_SUFFIX, ".minisig"];
const LINES_OF_A_SIGNATURE = 4;

/**
 * Replaces files of a directory, all of them or none: every file is written whole before the first is renamed into place.
 * A file whose content is null is removed.
 *
 * @throws {PkgError} PATH_CONFLICT for a link, a FIFO or a device; DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM
 */
export function replaceFiles(directory: string, files: ReadonlyMap<string, Buffer | null>): void {
  sharedDirectory(directory);
  for (const name of files.keys()) refuseSpecialOutput(join(directory, name));
  const draft = makeDraft(directory);
  try {
    for (const [name, bytes] of files) if (bytes !== null) writeFileAtomic(join(draft, name), bytes);
    for (const [name, bytes] of files) {
      if (bytes === null) removeFile(join(directory, name));
      else rename(join(draft, name), join(directory, name));
    }
    syncDirectory(directory);
  } finally {
    removeTree(draft);
  }
}

function makeDraft(directory: string): string {
  try {
    return newDirectoryIn(directory, ".index-");
  } catch (error) {
    throw fileSystemError(error, `write into "${directory}"`);
  }
}

function rename(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    throw fileSystemError(error, `write "${to}"`);
  }
}

/** An exchange of key sets through the directory of the index that they are for. */
export function keySetExchange(directory: string): KeySetExchange {
  return {
    collected: (fileName) => {
      const paths = SIGNATURE_SUFFIXES.map((suffix) => join(directory, fileName + suffix));
      return paths
        .filter(existsSync)
        .flatMap((path) =>
          splitSignatures(readLocalFileSync(path, { maxBytes: MAX_SIGNATURE_LIST_BYTES }).toString("utf8")),
        );
    },
    leave: (fileName, text) => {
      sharedDirectory(directory);
      refuseSpecialOutput(join(directory, fileName));
      writeFileAtomic(join(directory, fileName), text);
      return join(directory, fileName);
    },
  };
}

/** The signatures in a file that holds one after the other, each four lines. */
export function splitSignatures(text: string): readonly string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  const count = Math.ceil(lines.length / LINES_OF_A_SIGNATURE);
  return Array.from({ length: count }, (_, position) => {
    const start = position * LINES_OF_A_SIGNATURE;
    return `${lines.slice(start, start + LINES_OF_A_SIGNATURE).join("\n")}\n`;
  });
}
