import semver from "semver";

/**
 * Orders versions, oldest first: a total order over any text. Versions of commits (`HEAD-<sha>-<yymmddTHHMMSS>`) are
 * older than any release and go by their time; semver goes by its rules; the rest by their numbers and words.
 */
export function compareVersions(a: string, b: string): number {
  return compareKeys(keyOf(a), keyOf(b)) || compareText(a, b);
}

/** True when `version` is the one asked for: exactly (a leading `v` aside), or within a semver range. */
export function matchesVersion(version: string, wanted: string): boolean {
  if (version === wanted || withoutPrefix(version) === withoutPrefix(wanted)) return true;
  if (isExactVersion(wanted)) return false;
  const parsed = semver.parse(withoutPrefix(version)) ?? semver.coerce(looseNumbers(version));
  return parsed !== null && semver.satisfies(parsed, wanted);
}

/** False for what semver reads as a range: `^8.1`, `>=1.2 <2`, `8.x`, `1 || 2`, `*`. */
export function isExactVersion(wanted: string): boolean {
  return !/^[\^~<>=*]|\s|\|\||(?:^|\.)[xX*](?:\.|$)/.test(wanted) || semver.validRange(wanted) === null;
}

function withoutPrefix(version: string): string {
  return version.replace(/^v(?=\d)/, "");
}

/** One to four dotted numbers count as a version of semver, zeros in front aside; anything longer or odder does not. */
function looseNumbers(version: string): string {
  const text = withoutPrefix(version);
  return /^\d+(?:\.\d+){0,3}$/.test(text) ? text.split(".").map(Number).join(".") : "";
}

/** A sequence of parts that are compared one by one; a rank before them keeps commits apart from releases. */
interface Key {
  readonly rank: number;
  readonly parts: readonly (number | string)[];
  /** A pre-release is older than the same numbers without one. */
  readonly prerelease: readonly (number | string)[] | null;
}

const COMMIT = /^HEAD-[0-9a-f]+-(\d{6}T\d{6})$/i;

function keyOf(version: string): Key {
  const commit = COMMIT.exec(version);
  if (commit !== null) return { rank: 0, parts: [commit[1] ?? ""], prerelease: null };
  const text = withoutPrefix(version);
  const [release = "", prerelease] = splitPrerelease(text.replace(/\+.*$/, ""));
  return {
    rank: 1,
    parts: withoutLeadingWords(partsOf(release)),
    prerelease: prerelease === undefined ? null : partsOf(prerelease),
  };
}

/** Numbers, then `-` and something that is no number by itself (`1.2-3` is a packaging revision, not a pre-release). */
function splitPrerelease(text: string): readonly [string, string?] {
  const match = /^(\d[\d.]*)-?((?:alpha|beta|pre|preview|dev|rc|nightly|snapshot|canary|b|a)(?![a-z]).*)$/i.exec(text);
  if (match !== null && (text.includes("-") || /(?:rc|alpha|beta|pre|dev)/i.test(match[2] ?? "")))
    return [match[1] ?? "", match[2] ?? ""];
  return [text];
}

/** Numbers and words in turn. */
function partsOf(text: string): readonly (number | string)[] {
  return (text.match(/\d+|[A-Za-z]+/g) ?? []).map((part) => (/^\d/.test(part) ? Number(part) : part.toLowerCase()));
}

/** Leading words (`openvscode-server-`) say nothing of the age. */
function withoutLeadingWords(parts: readonly (number | string)[]): readonly (number | string)[] {
  const firstNumber = parts.findIndex((part) => typeof part === "number");
  return firstNumber > 0 ? parts.slice(firstNumber) : parts;
}

function compareKeys(a: Key, b: Key): number {
  return a.rank - b.rank || compareParts(a.parts, b.parts) || comparePrereleases(a.prerelease, b.prerelease);
}

function comparePrereleases(a: Key["prerelease"], b: Key["prerelease"]): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return compareParts(a, b);
}

/** A missing part is a zero before a number (`1.2` equals `1.2.0`) and older than a word (`1.12.5` before `1.12.5b`). */
function compareParts(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const order = comparePart(a[index] ?? 0, b[index] ?? 0);
    if (order !== 0) return order;
  }
  return 0;
}

/** A number is older than a word in its place. */
function comparePart(a: number | string, b: number | string): number {
  if (typeof a === "number" && typeof b === "number") return Math.sign(a - b);
  if (typeof a === "number") return -1;
  return typeof b === "number" ? 1 : compareText(a, b);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
