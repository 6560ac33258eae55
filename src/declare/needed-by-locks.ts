import { isAbsolute, join } from "node:path";
import { PkgError } from "../errors.ts";
import { type Digest, isDigest } from "../oci/digest.ts";
import { allAllowances, type LockPlaces, namesIn } from "./allowances.ts";
import { readText, userFile } from "./find-file.ts";
import { lockPath, readLock } from "./lock-file.ts";

/** What lock files need of the store. */
export interface NeededByLocks {
  /** Of the manifests and blobs that are locked. */
  readonly digests: ReadonlySet<Digest>;
  /** Why some lock files cannot be read: what they need is not known. */
  readonly unreadable: readonly PkgError[];
}

/**
 * The blobs that the lock file beside the user-wide `packages.toml` names, and those of the projects that were allowed, in any profile.
 * Projects that are gone need nothing.
 *
 * @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM
 */
export function neededByLocks(places: LockPlaces): NeededByLocks {
  const digests = new Set<Digest>();
  const unreadable: PkgError[] = [];
  const told = <T>(read: () => readonly T[]): readonly T[] => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof PkgError)) throw error;
      unreadable.push(error);
      return [];
    }
  };
  const allowed = allAllowances(places).flatMap((directory) => namesIn(directory).map((name) => join(directory, name)));
  const projects = allowed.flatMap((path) => told(() => [(readText(path) ?? "").trimEnd()]));
  const files = new Set([userFile(places), ...projects.filter((path) => isAbsolute(path))]);
  for (const file of files) for (const digest of told(() => lockedIn(lockPath(file)))) digests.add(digest);
  return { digests, unreadable };
}

function lockedIn(path: string): readonly Digest[] {
  const text = readText(path);
  const packages = text === null ? [] : readLock({ path, text });
  return packages
    .flatMap(({ manifest, blobs = [] }) => [manifest ?? "", ...blobs.map(({ digest }) => digest)])
    .filter(isDigest);
}
