import type { PackageEntry } from "./metadata.ts";
import { spelled } from "./version.ts";

/** What no two entries of an index may have in common. `host`: the platform it was read for; null: every one. */
export function placeKey(entry: PackageEntry, host: string | null): string {
  const { id, family, name, version, type, libc } = entry;
  return `${id}\0${family}\0${name}\0${spelled(version)}\0${type}\0${libc ?? ""}\0${host === null ? entry.host : ""}`;
}

/** The name in a key, for messages. */
export function nameIn(key: string): string {
  return key.split("\0")[2] ?? "";
}
