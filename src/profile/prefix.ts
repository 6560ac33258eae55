import { statSync } from "node:fs";
import { sep } from "node:path";
import { PkgError } from "../errors.ts";
import { canonicalPath } from "../fs/canonical-path.ts";
import { fileSystemError } from "../fs/errors.ts";
import type { Installations } from "../state/installations.ts";
import type { Places } from "./places.ts";
import { currentPrefix, isSamePlace, type PrefixPlaces, refuseOther } from "./prefix-owner.ts";

/** What may be in the path of a prefix: the rest means something in scripts, search paths, or patterns, which name it. */
const isPlainPath = (text: string) => /^[\p{L}\p{N}/._+@~,=-]+$/u.test(text);

/**
 * Refuses to pour bottles into a prefix other than the one of those that are poured already, which their files name; into one
 * that files cannot name; and into one that is another home's, or in which something else of this one is.
 *
 * @param places of the config as it is now
 * @throws {PkgError} CONFIG_INVALID, PATH_CONFLICT, FILE_SYSTEM
 */
export function refuseUnfitPrefix(places: Places, installations: Pick<Installations, "prefix">): void {
  const { prefixDirectory: prefix, stateDatabase } = places;
  const poured = installations.prefix();
  if (poured !== null && !isSamePlace(poured, prefix))
    throw moved(poured, { configured: prefix, poured, stateDatabase });
  const odd = [...prefix].find((character) => !isPlainPath(character));
  if (odd !== undefined || !prefix.startsWith("/")) throw unfit(prefix, odd);
  const overlapping = [places.binDirectory, places.packagesDirectory].find((path) => isOverlapping(path, prefix));
  if (overlapping !== undefined) throw overlaps(prefix, overlapping);
  if (isFile(prefix)) {
    throw new PkgError("FILE_SYSTEM", `Cannot pour bottles into "${prefix}": it is a file, expected a directory`, {
      hint: "Move it away, or set another prefix where the config has their repository",
    });
  }
  refuseOther(prefix, stateDatabase);
}

/** True if one directory is the other, or is in it. */
function isOverlapping(one: string, other: string): boolean {
  const [first, second] = [canonicalPath(one) + sep, canonicalPath(other) + sep];
  return first.startsWith(second) || second.startsWith(first);
}

function overlaps(prefix: string, path: string): PkgError {
  return new PkgError("CONFIG_INVALID", `Cannot pour bottles into "${prefix}": "${path}" is not apart from it`, {
    hint: "Give bottles a directory of their own: set another `prefix` where the config has their repository, or another `bin_dir`",
  });
}

function moved(poured: string, places: PrefixPlaces): PkgError {
  const { configured } = places;
  if (currentPrefix(places) === configured) {
    return new PkgError(
      "CONFIG_INVALID",
      `Cannot pour bottles into "${configured}": it was moved, and those in it were poured for "${poured}", which their files name`,
      { hint: "Move this home back, or remove those and install them again: `pkg list` shows them" },
    );
  }
  return new PkgError(
    "CONFIG_INVALID",
    `Cannot pour bottles into "${configured}": those that are installed are in "${poured}", which their files name`,
    {
      hint: `Set \`prefix = "${poured}"\` where the config has their repository, or remove them first: \`pkg list\` shows them`,
    },
  );
}

function unfit(prefix: string, odd: string | undefined): PkgError {
  const problem = odd === undefined ? "it is not an absolute path" : `it has "${odd}" in its path`;
  return new PkgError(
    "CONFIG_INVALID",
    `Cannot pour bottles into "${prefix}": ${problem}, expected letters, digits and "/._+@~,=-"`,
    {
      hint: 'Set a short one that you may write to under [repositories.homebrew] in config.toml, such as `prefix = "/opt/pkg"`',
    },
  );
}

function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === false;
  } catch (error) {
    throw fileSystemError(error, `look at "${path}"`);
  }
}
