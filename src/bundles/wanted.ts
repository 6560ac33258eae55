import { resolve } from "node:path";
import { listSome } from "../base/lists.ts";
import { readText } from "../declare/find-file.ts";
import { type LockedPackage, readLock } from "../declare/lock-file.ts";
import { PkgError } from "../errors.ts";

/** What goes into a bundle for one machine, as far as that was typed. */
export interface WantedForPlatform {
  /** e.g. `x86_64-linux` */
  readonly platform: string;
  /** Null: what was named goes in. */
  readonly locked: readonly LockedPackage[] | null;
}

interface Typed {
  readonly specs: readonly string[];
  readonly lock: string | null;
  readonly platforms: readonly string[];
  readonly directory: string;
}

/**
 * For each machine, what is locked for it, or that what was named is meant.
 *
 * @throws {PkgError} USAGE for names beside a lock file, or neither; PLATFORM_UNSUPPORTED for a machine that nothing is locked for;
 * as readLock
 */
export function wantedFor(typed: Typed, host: string): readonly WantedForPlatform[] {
  const { specs, lock, platforms } = typed;
  if ((lock === null) === (specs.length === 0)) {
    throw new PkgError(
      "USAGE",
      `Cannot create a bundle: ${lock === null ? "no package is named" : "packages are named beside --lock"}`,
      {
        hint: "Type pkg bundle create NAME -o FILE, or pkg bundle create --lock packages.lock -o FILE",
      },
    );
  }
  if (lock === null)
    return [...new Set(platforms.length === 0 ? [host] : platforms)].map((platform) => ({ platform, locked: null }));
  const path = resolve(typed.directory, lock);
  const packages = lockedIn(path);
  const all = [...new Set(packages.map(({ platform }) => platform))].toSorted();
  const unknown = platforms.find((platform) => !all.includes(platform));
  if (unknown !== undefined || all.length === 0) {
    throw new PkgError(
      "PLATFORM_UNSUPPORTED",
      `Cannot create a bundle of "${path}": it has nothing for ${unknown ?? host}${all.length === 0 ? "" : `, only for ${listSome(all, 8)}`}`,
      { hint: `Run \`pkg lock --platform ${unknown ?? host}\`` },
    );
  }
  return (platforms.length === 0 ? all : [...new Set(platforms)]).map((platform) => ({
    platform,
    locked: packages.filter((item) => item.platform === platform),
  }));
}

function lockedIn(path: string): readonly LockedPackage[] {
  const text = readText(path);
  if (text !== null) return readLock({ path, text });
  throw new PkgError("CONFIG_INVALID", `Cannot read "${path}": there is no such file`, {
    hint: "`pkg lock` writes packages.lock beside packages.toml",
  });
}
