import { byteCount } from "../base/format-bytes.ts";
import { DEFAULT_PROFILE } from "../config/paths.ts";
import { PkgError } from "../errors.ts";
import type { PackageEntry } from "../package/metadata.ts";
import { BUILD_PREFIX } from "../relocate/pinned-paths.ts";

/** Where the bottles are built that can be moved. */
const BUILD_CELLAR = `${BUILD_PREFIX}/Cellar`;

/** Where a bottle would be poured, and which repository has it. */
export interface PinnedPlace {
  /** Absolute. */
  readonly prefix: string;
  /** The profile in use, whose name the prefix ends with unless it is the default one. */
  readonly profile: string;
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
  { prefix, profile, repository }: PinnedPlace,
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
    roomHint(room, { profile, repository }),
  );
}

function roomHint(room: number, { profile, repository }: Pick<PinnedPlace, "profile" | "repository">): string {
  const where = `under [repositories.${repository}] in config.toml`;
  if (profile === DEFAULT_PROFILE) {
    return `Set a prefix of at most ${byteCount(room)}, such as prefix = "~/.pkg", ${where}`;
  }
  const own = `-${profile}`;
  const left = room - Buffer.byteLength(own);
  const shorter = "Use a profile with a shorter name";
  return left < 2 ? shorter : `${shorter}, or set a prefix of at most ${byteCount(left)} ${where}: "${own}" follows it`;
}

function refused(name: string, problem: string, hint: string): PkgError {
  return new PkgError("RELOCATION_FAILED", `Cannot install "${name}": ${problem}`, { hint });
}
