import { hasCode, PkgError } from "../errors.ts";
import type { Installation } from "../package/installation.ts";
import type { PackageEntry } from "../package/metadata.ts";
import { findAllInstalled, findUpdatable, type InstalledWords, typedSpec } from "./find-installed.ts";

/** What the index holds for one installation. */
export interface Candidate {
  readonly installation: Installation;
  readonly entry: PackageEntry;
  /** The same version with other bytes. */
  readonly rebuilt: boolean;
}

/** An installation that stays as it is because its version was typed when it was installed. */
export interface Held {
  readonly name: string;
  readonly version: string;
  readonly requested: string;
}

/** What is to be updated. */
export interface Chosen {
  readonly chosen: readonly Installation[];
  /** The version or range to update each to that was named, by name; null: any. Empty: none was named, and all are meant. */
  readonly wanted: ReadonlyMap<string, string | null>;
  readonly missing: readonly { readonly requested: string; readonly error: PkgError }[];
}

/** The installations that words name, or all of them; and an error for each that is not installed. */
export function chooseInstallations(words: InstalledWords, texts: readonly string[]): Chosen {
  if (texts.length === 0) return { chosen: words.installations.list(), wanted: new Map(), missing: [] };
  const { found, missing } = findAllInstalled(words, texts, findUpdatable);
  return {
    chosen: found.map(({ installation }) => installation),
    wanted: new Map(found.map(({ word, installation }) => [installation.name, versionIn(word, installation)])),
    missing: missing.map(({ word, error }) => ({
      requested: word,
      error: hasCode(error, "NOT_INSTALLED") ? notInstalled(word, error) : error,
    })),
  };
}

/** The version that a word names. */
function versionIn(word: string, { name }: Installation): string | null {
  return typedSpec({ name, requested: word, repository: "" })?.version ?? null;
}

function notInstalled(word: string, { message }: PkgError): PkgError {
  const reason = message.replace(/^Cannot find /, "Cannot update ");
  return new PkgError("NOT_INSTALLED", reason, { hint: `Run \`pkg install ${word}\`` });
}
