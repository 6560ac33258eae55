import type { PackageEntry } from "./metadata.ts";
import { spelled } from "./version.ts";

/** What no two entries of an index may have in common. `host`: the platform it was read for; null: every one. */
export function placeKey(entry: PackageEntry, host: string | null): string {
  const { id, family, name, version, type, libc } = entry;
  return `${id}\0${family}\0${name}\0${spelled(version)}\0${type}\0${libc ?? ""}\0${host === null ? entry.host : ""}`;
}

/** The part of a key that says which package it is, whatever its version. */
export function packageIn(key: string): Pick<PackageEntry, "id" | "family" | "name" | "type"> {
  const [id = "", family = "", name = "", , type = ""] = key.split("\0");
  return { id, family, name, type };
}
