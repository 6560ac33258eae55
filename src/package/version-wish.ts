import { compareAge, isPreRelease, isRelease, isSameVersion, newestFirst } from "./version.ts";
import { comparePart, versionKey } from "./version-key.ts";
import { isInRange, isInSeries, isRange } from "./version-range.ts";

/** Which version of a package a person wants. */
export interface VersionWish {
  /** As it was typed after the `@`; null: nothing was. */
  readonly wanted: string | null;
  /** The version that is installed of the same package; null: none. */
  readonly installed: string | null;
}

/** The word for the newest release. */
const LATEST = "latest";

/** True when no particular version is wanted. */
export function isAnyVersion(wanted: string | null): boolean {
  return wanted === null || wanted.toLowerCase() === LATEST;
}

/** True for a version that was typed whole, so that another one is never meant by it; false for `8.13` of 8.13.2. */
export function isPinned(wanted: string, version: string): boolean {
  const typed = withoutMark(wanted);
  if (isAnyVersion(typed) || isRange(typed)) return false;
  return isSameVersion(typed, version) || !isInSeries(version, typed, true);
}

/**
 * What a wish means among the versions that there are: a version that is there exactly, else one that differs only in a `v`,
 * else those of a range, or those that begin with what was typed (`8.13` means 8.13.2 as well). A pre-release is meant when it
 * is named, or the range names one; when there is nothing but pre-releases; and when one is installed and it is not older.
 *
 * @param there every version that can be had, and every other text for one of them, such as its tag
 */
export function versionsMeant(wish: VersionWish, there: readonly string[]): (version: string) => boolean {
  const wanted = withoutMark(wish.wanted ?? LATEST);
  if (there.includes(wish.wanted ?? "")) return (version) => version === wish.wanted;
  if (there.includes(wanted)) return (version) => version === wanted;
  if (there.some((version) => isSameVersion(version, wanted))) return (version) => isSameVersion(version, wanted);
  if (isAnyVersion(wanted)) return () => true;
  const fits = isRange(wanted) ? isInRange : isInSeries;
  const isOnlyEarly = !there.some(isRelease);
  const isMeant = (version: string) => fits(version, wanted, isOnlyEarly || staysEarly(version, wish));
  return there.some(isMeant) ? isMeant : isOfCommit(wanted, there);
}

/** `ba38` means `HEAD-ba383eb-<time>`, as long as no other commit begins so. */
function isOfCommit(wanted: string, there: readonly string[]): (version: string) => boolean {
  const [, typed] = /^(?:head-)?([0-9a-f]{4,40})$/.exec(wanted.toLowerCase()) ?? [];
  const begins = (version: string) => typed !== undefined && commitOf(version)?.startsWith(typed) === true;
  const commits = new Set(there.filter(begins).map(commitOf));
  return (version) => commits.size === 1 && begins(version);
}

function commitOf(version: string): string | null {
  return /^HEAD-([0-9a-f]{4,40})(?:-|$)/i.exec(version)?.[1]?.toLowerCase() ?? null;
}

/** Whether a version that is there, such as the installed one, is what was typed. */
export function isVersionMeant(wanted: string, version: string): boolean {
  return versionsMeant({ wanted, installed: null }, [version])(version);
}

/** Whoever has a pre-release keeps it, and gets those that follow it. */
function staysEarly(version: string, { installed }: VersionWish): boolean {
  return installed !== null && isPreRelease(installed) && isPreRelease(version) && compareAge(version, installed) >= 0;
}

/** `=8` and `==8` mean 8, and so does a space before it; `head` means HEAD. */
function withoutMark(wanted: string): string {
  return wanted
    .trim()
    .replace(/^={1,3}\s*(?=[^<>=])/, "")
    .replace(/^head(?=$|-)/i, "HEAD");
}

/**
 * The version closest to one that is not there: it shares the most parts with it, and the first that differs is the closest in
 * number, then the newest, or the oldest below a bound (`<8`). A pre-release is named only where it shares a part with what was
 * typed, and what was excluded (`!=8`) is never named. Null: there are none.
 */
export function nearestVersion(wanted: string, versions: Iterable<string>): string | null {
  const parts = partsOf(/v?\d[^\s,|<>=^~]*/i.exec(wanted)?.[0] ?? wanted);
  const excluded = [...wanted.matchAll(/!=?\s*([^\s,|<>=^~!]+)/g)].map(([, bound = ""]) => bound);
  const named = newestFirst(versions).filter((version) => !excluded.some((bound) => isInSeries(version, bound, true)));
  const ordered = wanted.trim().startsWith("<") ? named.toReversed() : named;
  const scored = ordered.map((version) => ({ version, ...closeness(parts, partsOf(version)) }));
  const sharing = scored.filter(({ version, shared }) => shared > 0 || isRelease(version));
  const [best = null] = (sharing.length > 0 ? sharing : scored).toSorted(
    (a, b) => b.shared - a.shared || a.distance - b.distance,
  );
  return best?.version ?? null;
}

function partsOf(version: string): readonly string[] {
  const { rank, release, tail } = versionKey(version);
  return rank === 0 ? version.toLowerCase().split("-") : [...release, ...tail];
}

function closeness(wanted: readonly string[], own: readonly string[]) {
  const differing = wanted.findIndex((part, index) => own[index] === undefined || comparePart(own[index], part) !== 0);
  if (differing === -1) return { shared: wanted.length, distance: 0 };
  const distance = Math.abs(Number(wanted[differing] ?? 0) - Number(own[differing] ?? 0));
  return { shared: differing, distance: Number.isFinite(distance) ? distance : Number.MAX_VALUE };
}
