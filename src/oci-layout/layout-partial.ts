import { constants } from "node:fs";
import { type FileHandle, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { hasEnded, uniqueOwner } from "../base/process-alive.ts";
import { systemCode } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";

/** Blobs with at least this many bytes written are left for the next process when a copy is cut off. */
export const RESUMABLE_BYTES = 1024 * 1024;

/**
 * A blob's bytes so far, in a file that belongs to one writer alone, beside the finished blobs.
 *
 * `.<hex>.part` belongs to nobody and may be claimed; `.<hex>.part.<machine>-<pid>-<random>` to the process in its name.
 * A claim is a rename: of two claimants one wins, and the other starts a file of its own.
 */
export interface PartialBlob {
  readonly path: string;
  readonly handle: FileHandle;
  /** Bytes that were in it when it was opened. */
  readonly size: number;
  /** Leaves the bytes for whoever writes this blob next. */
  release(): Promise<void>;
  discard(): Promise<void>;
}

/** What an earlier writer left of a blob, else an empty file. */
export async function openPartial(directory: string, hex: string, mayClaim: boolean): Promise<PartialBlob> {
  const owned = join(directory, `.${hex}.part.${uniqueOwner()}`);
  const flags = constants.O_RDWR | constants.O_NOFOLLOW;
  if (mayClaim && (await claim(directory, hex, owned))) {
    try {
      return await describe(await open(owned, flags), owned, join(directory, `.${hex}.part`));
    } catch (error) {
      throw fileSystemError(error, `read "${owned}"`);
    }
  }
  try {
    const handle = await open(owned, flags | constants.O_CREAT | constants.O_EXCL, 0o644);
    return await describe(handle, owned, join(directory, `.${hex}.part`));
  } catch (error) {
    throw fileSystemError(error, `write "${owned}"`);
  }
}

/** Whether a name in a directory of blobs is that of a partial file, and whether a running process of this machine owns it. */
export function partialState(name: string): "none" | "free" | "owned" {
  const match = PARTIAL.exec(name);
  if (match === null) return "none";
  return match[1] === undefined || hasEnded(match[1], match[2] ?? "") ? "free" : "owned";
}

const PARTIAL = /^\.[0-9a-f]{64,128}\.part(?:\.([0-9a-f]{8})-([0-9]{1,10})-[0-9a-f]{12})?$/;

async function claim(directory: string, hex: string, owned: string): Promise<boolean> {
  try {
    const names = await readdir(directory);
    const left = names.find((name) => name.startsWith(`.${hex}.part`) && partialState(name) === "free");
    if (left === undefined) return false;
    await rename(join(directory, left), owned);
    return true;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return false;
    throw fileSystemError(error, `read "${directory}"`);
  }
}

async function describe(handle: FileHandle, path: string, free: string): Promise<PartialBlob> {
  const { size } = await handle.stat();
  return {
    path,
    handle,
    size,
    async release() {
      await handle.close();
      await rename(path, free).catch((error: unknown) => {
        if (systemCode(error) !== "ENOENT") throw fileSystemError(error, `rename "${path}"`);
      });
    },
    async discard() {
      await handle.close();
      await rm(path, { force: true });
    },
  };
}
