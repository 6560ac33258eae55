import semver from "semver";

/**
 * Orders versions, oldest first: a total order over any text. Versions of commits (`HEAD-<sha>-<yymmddTHHMMSS>`) are
 * older than any release and go by their time; the rest go by their numbers, then by what follows them: a pre-release
 * is older than the numbers alone, a revision (`-1`, `b`, `-unstable-<date>`) newer.
 */
export function compareVersions(a: string, b: string): number {
  return compareKeys(keyOf(a), keyOf(b)) || compareText(a, b);
}

/** True when `version` is the one asked for: exactly (a leading `v` aside), or within a semver range. */
export function matchesVersion(version: string, wanted: string): boolean {
  if (version === wanted || withoutPrefix(version) === withoutPrefix(wanted)) return true;
  if (isExactVersion(wanted)) return false;
  const nearest = nearestSemver(version);
  return nearest !== null && semver.satisfies(nearest, wanted);
}

/** False for anything that semver reads as a range: `^8.1`, `>=1.2 <2`, `8.x`, `1 || 2`, `*`. */
export function isExactVersion(wanted: string): boolean {
  return !/^[\^~<>=*]|\s|\|\||(?:^|\.)[xX*](?:\.|$)/.test(wanted) || semver.validRange(wanted) === null;
}

/** False for pre-releases (`1.0-rc1`, `2.0b3`), for builds of commits, and for versions without numbers. */
export function isRelease(version: string): boolean {
  const { rank, release, stage } = keyOf(version);
  return rank > 0 && release.length > 0 && stage !== PRE_RELEASE;
}

/** The semver version closest to any version: three numbers, and a pre-release if it is one. */
function nearestSemver(version: string): semver.SemVer | null {
  const text = withoutPrefix(version);
  if (!/^\d/.test(text)) return null;
  const { release, stage, tail } = keyOf(text);
  const numbers = [0, 1, 2].map((index) => withoutZeros(release[index] ?? "0")).join(".");
  if (stage !== PRE_RELEASE) return semver.parse(numbers);
  return semver.parse(text) ?? semver.parse(`${numbers}-${tail.map(withoutZeros).join(".")}`);
}

function withoutPrefix(version: string): string {
  return version.replace(/^v(?=\d)/, "");
}

/** What versions are compared by, in this order. */
interface Key {
  readonly rank: number;
  /** The dotted numbers, as text, so that long ones stay exact. */
  readonly release: readonly string[];
  readonly stage: number;
  /** Numbers and words after them. */
  readonly tail: readonly string[];
  readonly build: readonly string[];
}

const PRE_RELEASE = -1;
const RELEASE = 0;
const REVISION = 1;

const COMMIT = /^HEAD-[0-9a-f]+-(\d{6}T\d{6})$/i;

/** Leading words (`openvscode-server-v`) say nothing about age. */
const PARTS = /^[^\d]*(?<release>\d+(?:\.\d+)*)(?<tail>[^+#]*)(?<build>.*)$/s;

function keyOf(version: string): Key {
  const commit = COMMIT.exec(version);
  if (commit !== null) return { rank: 0, release: [], stage: RELEASE, tail: wordsOf(commit[1] ?? ""), build: [] };
  const { release, tail = "", build = "" } = PARTS.exec(version)?.groups ?? {};
  if (release === undefined) return { rank: 1, release: [], stage: REVISION, tail: wordsOf(version), build: [] };
  return { rank: 1, release: release.split("."), stage: stageOf(tail), tail: wordsOf(tail), build: wordsOf(build) };
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/\d+|[a-z]+/g) ?? [];
}

/** Words for a state after a release; nixpkgs calls that `unstable`. */
const AFTER_RELEASE = /^(?:unstable|p|pl|patch|post|r|rev|revision|hotfix|fix|sp|final|ga|lts|stable|release)$/;
const BEFORE_RELEASE = /^(?:alpha|beta|rc|pre|preview|dev|nightly|snapshot|canary)$/;

/**
 * Semver calls everything after a hyphen a pre-release; a number there is a packager's revision in real versions
 * (`v139.0.4-1`). Without one, a letter counts on (`1.12.5b`), but `1.0b2` leads to 1.0 (PEP 440).
 */
function stageOf(tail: string): number {
  const match = /^(?<separator>[^\da-z]*)(?<word>[a-z]+)?(?<number>\d)?/i.exec(tail);
  const { separator = "", word = "", number } = match?.groups ?? {};
  const lower = word.toLowerCase();
  if (lower === "") return number === undefined ? RELEASE : REVISION;
  if (AFTER_RELEASE.test(lower)) return REVISION;
  const leads = BEFORE_RELEASE.test(lower) || (/^[ab]$/.test(lower) && number !== undefined);
  return leads || /[-~]/.test(separator) ? PRE_RELEASE : REVISION;
}

function compareKeys(a: Key, b: Key): number {
  return (
    a.rank - b.rank ||
    compareLists(a.release, b.release, "0") ||
    a.stage - b.stage ||
    compareLists(a.tail, b.tail, null) ||
    compareLists(a.build, b.build, null)
  );
}

/** Compares part by part. A missing part counts as `filler`; without a filler it is older than any other. */
function compareLists(a: readonly string[], b: readonly string[], filler: string | null): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const [left, right] = [a[index] ?? filler, b[index] ?? filler];
    if (left === null || right === null) return left === null ? -1 : 1;
    const order = comparePart(left, right);
    if (order !== 0) return order;
  }
  return 0;
}

/** A number is older than a word in the same place. */
function comparePart(a: string, b: string): number {
  const [aIsNumber, bIsNumber] = [/^\d/.test(a), /^\d/.test(b)];
  if (aIsNumber !== bIsNumber) return aIsNumber ? -1 : 1;
  if (!aIsNumber) return compareText(a, b);
  const [left, right] = [withoutZeros(a), withoutZeros(b)];
  return left.length - right.length || compareText(left, right);
}

/** Words have no leading zeros, and stay as they are. */
function withoutZeros(digits: string): string {
  return digits.replace(/^0+(?=\d)/, "");
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
