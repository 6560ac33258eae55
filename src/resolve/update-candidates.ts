import { hasCode, PkgError } from "../errors.ts";
import type { Installation } from "../package/installation.ts";
import type { PackageEntry } from "../package/metadata.ts";
import { isVersionMeant } from "../package/version-wish.ts";
import { findAllInstalled, findAnyway, findUpdatable, type InstalledWords, typedSpec } from "./find-installed.ts";
import { referenceTo } from "./installed-place.ts";
import type { Resolved } from "./resolve.ts";

/** What the index holds for one installation. */
export interface Candidate {
  readonly installation: Installation;
  readonly entry: PackageEntry;
  /** The same version with other bytes. */
  readonly rebuilt: boolean;
}

/** An installation that stays as it is, as it is pinned, or because of the version or range that it keeps to. */
export interface Held {
  readonly name: string;
  readonly version: string;
  readonly requested: string;
  /** The version or range; null: it is pinned, and keeps to none. */
  readonly wish: string | null;
  readonly isPinned: boolean;
  /** The newest that there is for this machine. */
  readonly availableVersion: string;
}

/** What is to be updated. */
export interface Chosen {
  /** How errors begin that say what of this cannot be done. */
  readonly cannot: string;
  readonly chosen: readonly Installation[];
  /** The version or range to update each to that was named, by name; null: any. Empty: none was named, and all are meant. */
  readonly wanted: ReadonlyMap<string, string | null>;
  readonly missing: readonly { readonly requested: string; readonly error: PkgError }[];
}

/** For commands that change nothing. */
export const CANNOT_FIND_UPDATE = "Cannot find an update of";

/** The installations that words name, or all of them; and an error for each that is not installed. */
export function chooseInstallations(words: InstalledWords, texts: readonly string[], cannot = "Cannot update"): Chosen {
  if (texts.length === 0) return { cannot, chosen: words.installations.list(), wanted: new Map(), missing: [] };
  const { found, missing } = findAllInstalled(words, texts, findUpdatable);
  const hintFor = (word: string) => {
    const installation = findAnyway(words, word);
    const version = installation === null ? null : versionIn(word, installation);
    const reference = installation === null || version === null ? null : referenceTo(installation, version);
    return `Run \`pkg install ${reference ?? word}\``;
  };
  return {
    cannot,
    chosen: found.map(({ installation }) => installation),
    wanted: new Map(found.map(({ word, installation }) => [installation.name, versionIn(word, installation)])),
    missing: missing.map(({ word, error }) => ({
      requested: word,
      error: hasCode(error, "NOT_INSTALLED") ? notInstalled(error, { cannot, hint: hintFor(word) }) : error,
    })),
  };
}

/** The version that a word names. */
function versionIn(word: string, { name }: Installation): string | null {
  return typedSpec({ name, requested: word, repository: "" })?.version ?? null;
}

function notInstalled(
  { message }: PkgError,
  { cannot, hint }: { readonly cannot: string; readonly hint: string },
): PkgError {
  return new PkgError("NOT_INSTALLED", message.replace(/^Cannot find/, cannot), { hint });
}

/** The error for a tag that leads to another version than the one that was named; null: it leads to that, or none was named. */
export function demandWanted(
  { cannot, chosen, wanted }: Chosen,
  { name, version }: { readonly name: string; readonly version: string },
): PkgError | null {
  const typed = wanted.get(name) ?? null;
  const installation = chosen.find((item) => item.name === name);
  if (typed === null || installation === undefined || isVersionMeant(typed, version)) return null;
  const { requested, packageId } = installation;
  const reference = referenceTo(installation, typed);
  return new PkgError(
    "VERSION_NOT_FOUND",
    `${cannot} "${name}" to ${typed}: "${requested}", which it was installed by, leads to ${version}`,
    {
      hint:
        reference === null ? `\`pkg oci tags ${packageId}\` lists what is there` : `Run \`pkg install ${reference}\``,
    },
  );
}

/** What tags lead to, with an error for each that leads to another version than the one that was named. */
export function withWanted(named: Chosen, resolved: readonly Resolved[]): readonly Resolved[] {
  return resolved.map((item) => {
    const error = "resolution" in item ? demandWanted(named, item.resolution) : null;
    return error === null || !("resolution" in item) ? item : { requested: item.resolution.name, error };
  });
}
