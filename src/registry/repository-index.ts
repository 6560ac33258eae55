import { posix } from "node:path";
import { stampOf } from "../fs/stamp.ts";
import {
  EMPTY_LAYOUT_INDEX,
  formatLayoutIndex,
  type LayoutIndex,
  OCI_LAYOUT_FILE,
  parseLayoutIndex,
} from "../oci-layout/index-json.ts";
import { parentOf, ROOT, type RootPath, rootPath } from "./root-path.ts";
import type { StoragePaths } from "./storage-paths.ts";

const MAX_CACHED = 512;

/** The `index.json` of every repository; changes that are asked for at the same time are written together. */
export interface RepositoryIndexes {
  /** Null when the repository does not exist. */
  read(name: string): Promise<LayoutIndex | null>;
  /**
   * Replaces the index with what `edit` makes of it, durably; nothing is written if `edit` returns the same index. A
   * repository that does not exist is created.
   */
  change<T>(name: string, edit: Edit<T>): Promise<T>;
}

/** Turns an index into a new one, together with a result for the caller. */
export type Edit<T> = (index: LayoutIndex) => { readonly index: LayoutIndex; readonly result: T };

interface Cached {
  /** Shows whether the file is still the one that was read. */
  readonly stamp: string;
  readonly index: LayoutIndex;
}

/** A waiting edit; returns the new index, and what to do once that is on disk. */
type PendingEdit = (index: LayoutIndex) => { readonly index: LayoutIndex; readonly done: () => void };

interface Waiting {
  readonly change: PendingEdit;
  readonly fail: (error: unknown) => void;
}

/** The indexes of all repositories under `paths`. */
export function createRepositoryIndexes(paths: StoragePaths): RepositoryIndexes {
  const cache = new Map<string, Cached>();
  const queues = new Map<string, Waiting[]>();

  const stampAt = async (path: RootPath) => {
    const stats = await paths.files.stat(path);
    return stats === null ? null : stampOf(stats);
  };

  async function read(name: string): Promise<LayoutIndex | null> {
    const path = paths.indexJson(name);
    const stamp = await stampAt(path);
    if (stamp === null) return null;
    const cached = cache.get(name);
    if (cached?.stamp === stamp) return cached.index;
    const bytes = await paths.files.read(path);
    if (bytes === null) return null;
    const index = parseLayoutIndex(bytes);
    remember(name, { stamp, index });
    return index;
  }

  /** The oldest entry is dropped first; if that repository is used again, it is read again. */
  function remember(name: string, entry: Cached): void {
    cache.delete(name);
    cache.set(name, entry);
    const [oldest] = cache.keys();
    if (cache.size > MAX_CACHED && oldest !== undefined) cache.delete(oldest);
  }

  async function write(name: string, index: LayoutIndex): Promise<void> {
    const path = paths.indexJson(name);
    await prepare(paths, name);
    await paths.files.write(path, formatLayoutIndex(index));
    const stamp = await stampAt(path);
    if (stamp !== null) remember(name, { stamp, index });
  }

  async function commit(name: string, batch: readonly Waiting[]): Promise<void> {
    try {
      const before = await read(name);
      let index = before ?? EMPTY_LAYOUT_INDEX;
      const done: (() => void)[] = [];
      for (const { change } of batch) {
        const changed = change(index);
        index = changed.index;
        done.push(changed.done);
      }
      if (index !== (before ?? EMPTY_LAYOUT_INDEX)) await write(name, index);
      for (const tell of done) tell();
    } catch (error) {
      for (const { fail } of batch) fail(error);
    }
  }

  /** Commits waiting edits until there are none; those that arrive meanwhile wait for the next round. */
  async function drain(name: string, queue: Waiting[]): Promise<void> {
    while (queue.length > 0) await commit(name, queue.splice(0));
    queues.delete(name);
  }

  return {
    read,
    change<T>(name: string, edit: Edit<T>): Promise<T> {
      const { promise, resolve, reject } = Promise.withResolvers<T>();
      const change: PendingEdit = (before) => {
        const { index, result } = edit(before);
        return { index, done: () => resolve(result) };
      };
      const queue = queues.get(name);
      if (queue !== undefined) queue.push({ change, fail: reject });
      else {
        const fresh = [{ change, fail: reject }];
        queues.set(name, fresh);
        void drain(name, fresh);
      }
      return promise;
    },
  };
}

/** Turns a directory into an OCI image layout, except for the index, which is written last. */
async function prepare({ files, blobs, repository }: StoragePaths, name: string): Promise<void> {
  const directory = repository(name);
  const [marker, shared] = [rootPath(directory, "oci-layout"), rootPath(directory, "blobs")];
  if ((await files.stat(marker)) !== null) return;
  files.makeDirectory(directory);
  if ((await files.entry(shared)) === null)
    files.writeLink(shared, posix.relative(directory, parentOf(blobs[0] ?? ROOT)));
  await files.write(marker, Buffer.from(OCI_LAYOUT_FILE));
}
