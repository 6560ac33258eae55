import semver from "semver";
import { compareAge, isPreRelease, isRelease, spelled } from "./version.ts";
import { comparePart, PRE_RELEASE, type VersionKey, versionKey, withoutZeros } from "./version-key.ts";

/** False for anything that is meant as a range: `^8.1`, `>=1.2 <2`, `>=1,<2`, `8.x`, `1 || 2`, `*`. */
export function isRange(wanted: string): boolean {
  return /^=?[\^~<>*!]|^[xX]$|\s|,|\|\||\.[xX*](?:\.|$)/.test(wanted);
}

/**
 * True when `version` is within `range`, which is semver's, or a list of comparisons (`>=1.2.3.4 <2`) of any versions.
 *
 * @param allowed whether pre-releases count that the range does not name
 */
export function isInRange(version: string, range: string, allowed = false): boolean {
  const text = asSemver(range);
  const counts = allowed || (text.match(VERSIONS) ?? []).some(isPreRelease);
  if (/^[xX*]$/.test(text)) return counts || isRelease(version);
  const series = /^(.*?)(?:\.[xX*])+$/.exec(text)?.[1];
  if (series !== undefined && /^v?\d[\d.]*$/i.test(series)) return isInSeries(version, series, counts);
  if (semver.validRange(text) === null) {
    return (counts || isRelease(version)) && text.split("||").some((part) => fulfils(version, part));
  }
  const nearest = nearestSemver(version);
  return nearest !== null && semver.satisfies(nearest, text, { includePrerelease: counts });
}

/** The versions that a range names. */
const VERSIONS = /v?\d[^\s<>=~^|]*/gi;

/** A range as semver writes it: without commas, zeros before numbers, and the marks of other tools. */
function asSemver(range: string): string {
  return range
    .replaceAll(",", " ")
    .replaceAll(/~=|~>/g, "~")
    .replaceAll(/=([<>])/g, "$1=")
    .replaceAll(/(?<![\da-z])0+(?=\d+(?![\da-z]))/gi, "")
    .trim();
}

const COMPARISON = /(>=|<=|!=?|[<>=^~])\s*([^\s<>=^~!]+)/g;

/** Whether a version of any kind fulfils every one of several comparisons; false for anything else. */
function fulfils(version: string, comparisons: string): boolean {
  const found = [...comparisons.matchAll(COMPARISON)];
  const isComplete = comparisons.replaceAll(COMPARISON, "").trim() === "";
  return found.length > 0 && isComplete && found.every(([, mark = "", bound = ""]) => compares(version, mark, bound));
}

function compares(version: string, mark: string, bound: string): boolean {
  if (mark.startsWith("!")) return !isInSeries(version, bound, true);
  if ((versionKey(version).rank === 0) !== (versionKey(bound).rank === 0)) return false;
  const order = compareAge(version, bound);
  if (mark === "=") return order === 0;
  if (mark === "^" || mark === "~") return order >= 0 && isInSeries(version, seriesOf(bound, mark), true);
  return (mark.includes("=") && order === 0) || (mark.startsWith(">") ? order > 0 : order < 0);
}

/** The numbers that must stay the same: all but the last for `~`, the first that is not 0 for `^`. */
function seriesOf(bound: string, mark: string): string {
  const { release } = versionKey(bound);
  const first = release.findIndex((part) => withoutZeros(part) !== "0");
  return release.slice(0, mark === "~" ? Math.max(1, release.length - 1) : first + 1).join(".");
}

/**
 * True when `version` begins with `series`, part by part: `8.13.2` and `8.13` are in `8.13`, and so is `8.13.0+build.5`, but not
 * `8.130`. Missing numbers are 0.
 *
 * @param allowed whether pre-releases count that `series` does not name
 */
export function isInSeries(version: string, series: string, allowed: boolean): boolean {
  if (!allowed && isRelease(series) && !isRelease(version)) return false;
  if (spelled(version).startsWith(spelled(series))) {
    if (!/^[\da-z:]/i.test(spelled(version).slice(spelled(series).length))) return true;
  }
  const [own, wanted] = [versionKey(version), versionKey(series)];
  const isNumbered = /^v?\d/i.test(series) && own.rank > 0 && own.release.length > 0;
  return isNumbered && beginsWith(own, wanted);
}

function beginsWith(own: VersionKey, wanted: VersionKey): boolean {
  if (wanted.rank > 1 && own.rank !== wanted.rank) return false;
  const isSame = (a: string | undefined, b: string) => comparePart(a ?? "0", b) === 0;
  const numbers = Math.max(wanted.release.length, wanted.tail.length === 0 ? 0 : own.release.length);
  for (let index = 0; index < numbers; index++) {
    if (!isSame(own.release[index], wanted.release[index] ?? "0")) return false;
  }
  if (wanted.tail.some((part, index) => own.tail[index] === undefined || !isSame(own.tail[index], part))) return false;
  if (wanted.build.length === 0) return true;
  return own.tail.length === wanted.tail.length && wanted.build.every((part, index) => isSame(own.build[index], part));
}

/** The semver version closest to any version: three numbers, and a pre-release if it is one. */
function nearestSemver(version: string): semver.SemVer | null {
  const text = spelled(version);
  if (!/^\d/.test(text)) return null;
  const { release, stage, tail } = versionKey(text);
  const numbers = [0, 1, 2].map((index) => withoutZeros(release[index] ?? "0")).join(".");
  if (stage !== PRE_RELEASE) return semver.parse(numbers);
  return semver.parse(text) ?? semver.parse(`${numbers}-${tail.map(withoutZeros).join(".")}`);
}
