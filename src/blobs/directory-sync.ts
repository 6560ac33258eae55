import { fileSystemError } from "../fs/errors.ts";
import { openForReading } from "../fs/read-file.ts";

/**
 * Creates a function that makes renames into a directory durable; concurrent calls share one fsync. A call made during
 * an fsync waits for the next one, because the running one may have started before the caller's rename.
 */
export function createDirectorySync(): (directory: string) => Promise<void> {
  const running = new Map<string, Promise<void>>();
  const next = new Map<string, Promise<void>>();

  function start(directory: string): Promise<void> {
    const sync = syncOnce(directory).finally(() => running.delete(directory));
    running.set(directory, sync);
    return sync;
  }

  return (directory) => {
    const current = running.get(directory);
    if (current === undefined) return start(directory);
    const waiting = next.get(directory);
    if (waiting !== undefined) return waiting;
    const follow = () => {
      next.delete(directory);
      return start(directory);
    };
    const following = current.then(follow, follow);
    next.set(directory, following);
    return following;
  };
}

async function syncOnce(directory: string): Promise<void> {
  try {
    const handle = await openForReading(directory);
    await handle.sync().finally(() => handle.close());
  } catch (error) {
    throw fileSystemError(error, `sync "${directory}"`);
  }
}
