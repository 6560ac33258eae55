import { readdir, rename } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { hasEnded, uniqueOwner } from "../base/process-alive.ts";
import { systemCode } from "../errors.ts";
import { removeTree } from "../fs/atomic.ts";
import { newPrivateDirectory } from "../fs/directories.ts";
import { nameStart } from "../fs/draft-path.ts";
import { fileSystemError } from "../fs/errors.ts";
import { layoutDirectory } from "./directory.ts";
import type { LayoutFiles } from "./files.ts";

/** A layout directory beside an archive that holds what is written until the commit. */
export interface Staging {
  readonly files: LayoutFiles;
  /** Keeps it for the next process that writes the archive. */
  release(): Promise<void>;
  discard(): void;
}

/** The suffix of a staging directory that no process owns. */
const FREE = "left";

/** Opens a staging directory; one left by an earlier copy is taken over, so that its blobs are not sent again. */
export async function openStaging(file: string, location: string): Promise<Staging> {
  const parent = dirname(file);
  const prefix = `.${nameStart(basename(file))}.layout.`;
  const directory = join(parent, `${prefix}${uniqueOwner()}`);
  try {
    const left = (await readdir(parent)).find((name) => name.startsWith(prefix) && isLeft(name.slice(prefix.length)));
    if (left === undefined || !(await tryRename(join(parent, left), directory))) newPrivateDirectory(directory);
  } catch (error) {
    throw fileSystemError(error, `make directory "${directory}"`);
  }
  return {
    files: layoutDirectory(directory, location),
    async release() {
      if (!(await tryRename(directory, join(parent, `${prefix}${FREE}`)))) removeTree(directory);
    },
    discard: () => removeTree(directory),
  };
}

function isLeft(owner: string): boolean {
  const match = /^([0-9a-f]{8})-([0-9]{1,10})-(?:[0-9a-f]{12}|[0-9a-f]{16})$/.exec(owner);
  return owner === FREE || (match !== null && hasEnded(match[1] ?? "", match[2] ?? ""));
}

/** Returns false if another process was faster. */
async function tryRename(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (["ENOENT", "ENOTEMPTY", "EEXIST"].includes(systemCode(error) ?? "")) return false;
    throw fileSystemError(error, `rename "${from}"`);
  }
}
