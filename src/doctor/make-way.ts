import { lstatSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { setAside } from "../fs/atomic.ts";
import { pathOfPlace } from "../package/place.ts";
import { packageRoot, placesOf } from "../profile/places.ts";

/**
 * Gives another name to what is where the directories of a package have to be and is none: a file, or a link that leads to nothing.
 *
 * @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM, LOCKED
 */
export async function makeWay(cap: Capabilities, name: string): Promise<void> {
  const { installations, withLock } = await cap.state();
  await withLock(() => {
    const directory = installations.get(name)?.directory;
    if (directory === undefined) return;
    let path = packageRoot(placesOf(cap.config.paths, installations.prefix()), directory);
    for (const part of pathOfPlace(directory).split("/")) {
      path = join(path, part);
      if (isBlocked(path)) setAside(path);
    }
  });
}

function isBlocked(path: string): boolean {
  return statsOf(path, lstatSync) !== null && statsOf(path, statSync)?.isDirectory() !== true;
}

function statsOf(path: string, look: (path: string) => Stats): Stats | null {
  try {
    return look(path);
  } catch {
    return null;
  }
}
