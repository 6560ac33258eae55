import fs, { readlinkSync } from "node:fs";
import { open } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";

/** What was made durable and renamed below a directory, in order: `sync PATH`, `rename PATH`, which is the new one. */
export interface DurabilityLog {
  readonly steps: readonly string[];
  /** The first step from `after` on that matches; throws when there is none. */
  at(pattern: RegExp, after?: number): number;
}

/** What `work` makes durable and renames below `root`, in this process and by Node's own functions. */
export async function durabilityOf(root: string, work: () => unknown): Promise<DurabilityLog> {
  const steps: string[] = [];
  const note = (what: string, path: string) => {
    if (path.startsWith(root)) steps.push(`${what} ${path.slice(root.length)}`);
  };
  const restore = await watch(note);
  try {
    await work();
  } finally {
    restore();
  }
  const at = (pattern: RegExp, after = 0) => {
    const found = steps.findIndex((step, index) => index >= after && pattern.test(step));
    if (found === -1) throw new Error(`no ${pattern} from ${after} on in\n${steps.join("\n")}`);
    return found;
  };
  return { steps, at };
}

async function watch(note: (what: string, path: string) => void): Promise<() => void> {
  const handle = await open("/dev/null");
  const prototype: { sync: typeof handle.sync } = Object.getPrototypeOf(handle);
  await handle.close();
  const { fsyncSync, renameSync, promises } = fs;
  const { rename } = promises;
  const { sync } = prototype;
  fs.fsyncSync = (descriptor) => {
    note("sync", readlinkSync(`/proc/self/fd/${descriptor}`));
    fsyncSync(descriptor);
  };
  fs.renameSync = (from, to) => {
    note("rename", String(to));
    renameSync(from, to);
  };
  promises.rename = (from, to) => {
    note("rename", String(to));
    return rename(from, to);
  };
  prototype.sync = function (this: typeof handle) {
    note("sync", readlinkSync(`/proc/self/fd/${this.fd}`));
    return sync.call(this);
  };
  syncBuiltinESMExports();
  return () => {
    Object.assign(fs, { fsyncSync, renameSync });
    promises.rename = rename;
    prototype.sync = sync;
    syncBuiltinESMExports();
  };
}
