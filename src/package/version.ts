import { compareKeys, compareText, PRE_RELEASE, versionKey } from "./version-key.ts";

/**
 * Orders versions by age, oldest first: a total order over any text. Versions of commits (`HEAD-<sha>-<yymmddTHHMMSS>`) are
 * older than any release and go by their time; the rest go by their numbers, then by what follows them: a pre-release
 * is older than the numbers alone, a revision (`-1`, `b`, `-unstable-<date>`) newer. Which version a person gets is decided
 * by `comparePreference`, not by age alone.
 */
export function compareVersions(a: string, b: string): number {
  return compareAge(a, b) || compareText(a, b);
}

/** Orders versions by age; 0 for those that are equally old, such as `v1.0.0`, `1.0.0` and `1.0`. */
export function compareAge(a: string, b: string): number {
  return compareKeys(versionKey(a), versionKey(b));
}

/** Orders versions by which of them a person wants who asks for none: releases before everything else, then the newer one. */
export function comparePreference(a: string, b: string): number {
  return Number(isRelease(b)) - Number(isRelease(a)) || compareAge(b, a);
}

/** The versions in the order in which a person wants them; of two spellings of one version, the first in the alphabet. */
export function newestFirst(versions: Iterable<string>): readonly string[] {
  return [...versions].sort((a, b) => comparePreference(a, b) || compareText(a, b));
}

/**
 * The one that a person wants who asks for no version: the newest release. An installed pre-release that is newer than that
 * stays, or makes room for a newer one; without any release, the newest of all is taken. Of equal ones, the first.
 *
 * @param installed the version that is installed of the same package; null: none
 */
export function newestOf<T>(
  items: Iterable<T>,
  versionOf: (item: T) => string,
  installed: string | null = null,
): T | null {
  const all = [...items];
  const best = first(all, versionOf);
  if (best === null || installed === null || !isPreRelease(installed)) return best;
  if (compareAge(versionOf(best), installed) >= 0 && isRelease(versionOf(best))) return best;
  return first(notOlder(all, versionOf, installed), versionOf) ?? best;
}

function notOlder<T>(items: readonly T[], versionOf: (item: T) => string, installed: string): readonly T[] {
  return items.filter((item) => compareAge(versionOf(item), installed) >= 0);
}

function first<T>(items: readonly T[], versionOf: (item: T) => string): T | null {
  return items.reduce<T | null>(
    (best, item) => (best === null || comparePreference(versionOf(item), versionOf(best)) < 0 ? item : best),
    null,
  );
}

/** True for two spellings of one version, which differ only in a `v` before their numbers. */
export function isSameVersion(a: string, b: string): boolean {
  return spelled(a) === spelled(b);
}

/** The spelling that all spellings of one version share. */
export function spelled(version: string): string {
  return version.replace(/^v(?=\d)/i, "");
}

/** The other way to spell a version: with a `v`, or without it; null where there is none. */
export function otherSpelling(version: string): string | null {
  if (!/^v?\d/i.test(version)) return null;
  return spelled(version) === version ? `v${version}` : spelled(version);
}

/** False for pre-releases (`1.0-rc1`, `2.0b3`), for builds of commits, and for versions without numbers. */
export function isRelease(version: string): boolean {
  const { rank, release, stage } = versionKey(version);
  return rank > 0 && release.length > 0 && stage !== PRE_RELEASE;
}

/** True for what leads to a release: `1.0-rc1`, `2.0b3`. */
export function isPreRelease(version: string): boolean {
  return versionKey(version).stage === PRE_RELEASE;
}
