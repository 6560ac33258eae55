import type { Capabilities } from "../capabilities/capabilities.ts";
import { hasCode } from "../errors.ts";
import type { Installation } from "../package/installation.ts";
import { placeIn, programLinks } from "../package/place.ts";
import { linkPath, packagePath, placesOf } from "../profile/places.ts";
import { findInstalled } from "../resolve/find-installed.ts";
import { chooseProgram } from "./choose-program.ts";

/** What is asked for by name. */
export interface InstalledRequest {
  readonly spec: string;
  /** The program; null: the package's own. */
  readonly program: string | null;
  /** Where relative paths begin. */
  readonly directory: string;
}

/**
 * The path of a program that is installed and is what the words mean; null when none is, or it is not as it was placed, or has no
 * links since others need it alone.
 *
 * @throws {PkgError} USAGE when it has several programs, and none is named
 */
export async function installedProgram(
  cap: Pick<Capabilities, "config" | "records">,
  { spec, program: wanted, directory }: InstalledRequest,
): Promise<string | null> {
  const { installations, profile } = await cap.records();
  const found = findOrNull({ installations, directory }, spec);
  if (found === null) return null;
  const links = programLinks([...found.links, ...found.taken]);
  if (links.length === 0) return null;
  const { broken, replaced } = profile.damage(found);
  if (broken.length + replaced.length > 0) return null;
  const programs = links.map(({ path }) => path);
  const program = chooseProgram({ typed: spec, name: found.name, programs, wanted });
  const places = placesOf(cap.config.paths, installations.prefix());
  if (found.links.some(({ path }) => path === program)) return linkPath(places, program);
  // Another package has the link.
  const link = found.taken.find(({ path }) => path === program);
  return link === undefined ? null : packagePath(places, placeIn(found.directory, link.target));
}

function findOrNull(words: Parameters<typeof findInstalled>[0], spec: string): Installation | null {
  try {
    return findInstalled(words, spec);
  } catch (error) {
    if (hasCode(error, "NOT_INSTALLED", "PACKAGE_AMBIGUOUS", "REFERENCE_INVALID")) return null;
    throw error;
  }
}
