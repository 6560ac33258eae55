import { statSync } from "node:fs";
import { sep } from "node:path";
import { PkgError } from "../errors.ts";
import { canonicalPath } from "../fs/canonical-path.ts";
import { fileSystemError } from "../fs/errors.ts";
import type { Installation } from "../package/installation.ts";
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
export function refuseUnfitPrefix(places: Places, installations: Pick<Installations, "prefix" | "list">): void {
  const { prefixDirectory: prefix, stateDatabase } = places;
  const poured = installations.prefix();
  const moved = movedPrefix({ configured: prefix, poured, stateDatabase }, installations.list);
  if (moved !== null) throw movedError(moved);
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

/** Bottles that were poured for another prefix than the one that the config has now. */
export interface MovedPrefix {
  readonly configured: string;
  readonly poured: string;
  /** True where they are in the configured one all the same, as their home was moved with them: their programs do not work there. */
  readonly isWithHome: boolean;
  /** Those of them that somebody asked for. */
  readonly names: readonly string[];
}

/** Null where bottles are where they were poured, and where the config has them. */
export function movedPrefix(
  places: PrefixPlaces,
  installed: () => readonly Pick<Installation, "name" | "keg" | "isDependency">[],
): MovedPrefix | null {
  const { configured, poured } = places;
  if (poured === null || isSamePlace(poured, configured)) return null;
  const names = installed().flatMap(({ name, keg, isDependency }) => (keg === null || isDependency ? [] : [name]));
  return { configured, poured, isWithHome: currentPrefix(places) === configured, names };
}

/** What is wrong, as the end of a sentence about the configured prefix. */
export function movedText({ poured, isWithHome }: MovedPrefix): string {
  return isWithHome
    ? `it was moved, and those in it were poured for "${poured}", which their files name`
    : `those that are installed are in "${poured}", which their files name`;
}

/** More of them are listed by a command. */
const MOST_NAMES = 30;

/** What to type. */
export function movedHint({ poured, isWithHome, names }: MovedPrefix): string {
  const back = isWithHome
    ? "Move this home back"
    : `Set \`prefix = "${poured}"\` where the config has their repository`;
  const listed = names.join(" ");
  const again =
    names.length === 0 || names.length > MOST_NAMES
      ? "remove them and install them again: `pkg list` shows them"
      : `pour them again: \`pkg remove ${listed}\`, then \`pkg install ${listed}\``;
  return `${back}, or ${again}`;
}

/** The whole of it, for whoever goes on. */
export function movedNotice(moved: MovedPrefix): string {
  return `The config has bottles in "${moved.configured}": ${movedText(moved)}. ${movedHint(moved)}`;
}

/** The refusal to pour any more. */
export function movedError(moved: MovedPrefix): PkgError {
  const message = `Cannot pour bottles into "${moved.configured}": ${movedText(moved)}`;
  return new PkgError("CONFIG_INVALID", message, { hint: movedHint(moved) });
}
