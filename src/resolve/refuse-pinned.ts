import { byteCount } from "../base/format-bytes.ts";
import { PkgError } from "../errors.ts";
import type { PackageEntry } from "../package/metadata.ts";
import { BUILD_PREFIX } from "../relocate/pinned-paths.ts";

/** Where the bottles are built that can be moved. */
const BUILD_CELLAR = `${BUILD_PREFIX}/Cellar`;

/** Where a bottle would be poured, and which repository has it. */
export interface PinnedPlace {
  /** Absolute. */
  readonly prefix: string;
  readonly repository: string;
}

/**
 * Refuses a bottle that could not work under the prefix, before anything of it is fetched. What its programs have of the
 * prefix that they were built for can only be replaced by one that is no longer.
 *
 * @throws {PkgError} RELOCATION_FAILED
 */
export function refusePinned(
  { name, keg }: Pick<PackageEntry, "name" | "keg">,
  { prefix, repository }: PinnedPlace,
): void {
  if (keg === null) return;
  const isPinned = keg.cellar.startsWith("/");
  if (isPinned && keg.cellar !== BUILD_CELLAR) {
    throw refused(name, `it is built for "${keg.cellar}", expected "${BUILD_CELLAR}"`, "Ask whoever built it");
  }
  const [room, size] = [Buffer.byteLength(BUILD_PREFIX), Buffer.byteLength(prefix)];
  if ((!isPinned && !keg.needsBuildPrefix) || size <= room) return;
  throw refused(
    name,
    `it is built for a prefix of ${byteCount(room)}, and "${prefix}" has ${size}`,
    `Set a prefix of at most ${byteCount(room)}, such as prefix = "~/.pkg", under [repositories.${repository}] in config.toml`,
  );
}

function refused(name: string, problem: string, hint: string): PkgError {
  return new PkgError("RELOCATION_FAILED", `Cannot install "${name}": ${problem}`, { hint });
}
