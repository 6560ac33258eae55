import type { LockedPackage } from "../declare/lock-file.ts";
import { PkgError } from "../errors.ts";
import { formatLocation, keyIn, parseLocation, withKey } from "../oci/location.ts";
import { looksLikeReference } from "../oci/reference.ts";
import { parseNamedSpec, withWholeName } from "../package/spec.ts";
import { isVersionMeant } from "../package/version-wish.ts";
import { isReference } from "./spec.ts";
import { nameInIndex } from "./vouched-place.ts";

/**
 * Why a locked package is not what `requested` asks for: whoever changes a lock file must not be able to put another package, another
 * version or another place behind what is declared. Null: it may be.
 *
 * @throws {PkgError} SPEC_INVALID, REFERENCE_INVALID for what nobody could ask for
 */
export function problemAsRequested(item: LockedPackage): string | null {
  const { requested, repository, kind } = item;
  const isAsked = requested !== undefined;
  if (repository === undefined && !isAsked) return "it is from no repository, and is not declared";
  if ((repository === undefined) !== (isAsked && isReference(requested)) && isAsked)
    return repository === undefined ? "it is from no repository" : `it is from the repository ${repository}`;
  const isPlain = repository === undefined ? kind === "artifact" || kind === "image" : kind !== "image";
  if (!isPlain) return `it is of the kind "${kind}"`;
  if (!isAsked) return null;
  return repository === undefined ? placeProblem(item, requested) : namedProblem(item, requested);
}

/** Of a place on this machine only the kind: its path may be relative to the directory of the file. */
function placeProblem({ location: text, id }: LockedPackage, requested: string): string | null {
  const location = parseLocation(text);
  const place = formatLocation(withKey(location, NO_KEY));
  if (id !== place) return `it is at "${place}", and its id is "${id}"`;
  if (!looksLikeReference(requested) && !requested.startsWith("oci://"))
    return location.kind === "registry" ? `it is at "${place}"` : null;
  const wanted = parseLocation(requested);
  if (formatLocation(withKey(wanted, NO_KEY)) !== place) return `it is at "${place}"`;
  const tag = keyIn(wanted).tag ?? (keyIn(wanted).digest === null ? "latest" : null);
  const own = keyIn(location).tag;
  return own === tag ? null : `it has the tag "${own ?? ""}"`;
}

const NO_KEY = { tag: null, digest: null } as const;

function namedProblem(item: LockedPackage, requested: string): string | null {
  const { version, repository = null, id, family, location, kind } = item;
  const names = new Set(namesOf(item).map((own) => own.toLowerCase()));
  const isOwn = (text: string) => names.has(text.toLowerCase());
  const wanted = withWholeName(parseNamedSpec(requested), isOwn);
  if (!isOwn(wanted.name)) return `its name is "${nameInIndex(item)}"`;
  if (wanted.repository !== null && wanted.repository !== repository) return `it is from the repository ${repository}`;
  if (wanted.id !== null && wanted.id !== id) return `its id is "${id}"`;
  if (wanted.family !== null && wanted.family !== family) return `its family is "${family ?? ""}"`;
  const isFit = wanted.version === null || isVersionMeant(wanted.version, version);
  const tag = isFit || kind === "download" ? null : keyIn(parseLocation(location)).tag;
  return isFit || tag === wanted.version ? null : `its version is ${version}`;
}

/** The names that a package may be asked for by. */
function namesOf(item: LockedPackage): readonly string[] {
  const { aliases = [], provides = [] } = item;
  const provided = provides.flatMap(({ program, links }) => [program, ...links]);
  return [nameInIndex(item), ...aliases, ...provided];
}

/** Refuses what is not as it is requested. @throws {PkgError} LOCK_STALE */
export function checkAsRequested(item: LockedPackage, cannot: string, hint: string): void {
  const problem = problemAsRequested(item);
  if (problem === null) return;
  const asked = item.requested === undefined ? "" : `, requested as "${item.requested}"`;
  throw new PkgError("LOCK_STALE", `${cannot}: ${problem}${asked}`, { hint });
}
