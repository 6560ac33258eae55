/** What versions are compared by, in this order. */
export interface VersionKey {
  /** 0 for a build of a commit, which is older than anything with a number of its own; 1 and the epoch (`1:2.3`) for the rest. */
  readonly rank: number;
  /** The dotted numbers, as text, so that long ones stay exact. */
  readonly release: readonly string[];
  readonly stage: number;
  /** Numbers and words after them. */
  readonly tail: readonly string[];
  readonly build: readonly string[];
}

/** Stages of the same numbers: `1.0-rc1`, `1.0`, `1.0-1`. */
export const PRE_RELEASE = -1;
const RELEASE = 0;
const REVISION = 1;

/** `HEAD-<sha>-<yymmddTHHMMSS>`, `HEAD`, or a bare hash: only the time says how old it is. */
const COMMIT = /^HEAD(?:-|$)|^(?=[0-9a-f]*[a-f]\d)(?:[0-9a-f]{7,12}|[0-9a-f]{40})$/i;
const COMMIT_TIME = /-(\d{6}T\d{6})$/i;

/** Debian's mark for a new way of counting: whatever has a higher one is newer. */
const EPOCH = /^(\d{1,9}):(?=v?\d)/;

/** Leading words (`openvscode-server-v`) say nothing about age. */
const PARTS = /^(?<lead>[^\d]*)(?<release>\d+(?:\.\d+)*)(?<tail>[^+#]*)(?<build>.*)$/s;

/** Words with a number that is no part of a version: machines, and the tags by which attachments are found. */
const NUMBERED_WORD =
  /^(?:x86_64|x86|x64|amd64|arm64|aarch64|armv\d+|riscv64|i[3-6]86|sha(?:256|512)-[\da-f]{64,})(?![\da-z])/i;

/** What a version is compared by; any text has a key. */
export function versionKey(text: string): VersionKey {
  const version = text.replace(NUMBERED_WORD, "");
  if (COMMIT.test(version)) {
    const [, time = ""] = COMMIT_TIME.exec(version) ?? [];
    return { rank: 0, release: [], stage: RELEASE, tail: wordsOf(time), build: [] };
  }
  const epoch = Number(EPOCH.exec(version)?.[1] ?? 0);
  const { lead = "", release, tail = "", build = "" } = PARTS.exec(version.replace(EPOCH, ""))?.groups ?? {};
  if (release === undefined) return { rank: 1, release: [], stage: REVISION, tail: wordsOf(version), build: [] };
  const stage = wordsOf(lead).some((word) => BEFORE_RELEASE.test(word)) ? PRE_RELEASE : stageOf(tail);
  return { rank: 1 + epoch, release: release.split("."), stage, tail: wordsOf(tail), build: wordsOf(build) };
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/\d+|[a-z]+/g) ?? [];
}

/** Words for a state after a release; nixpkgs calls that `unstable`. */
const AFTER_RELEASE = /^(?:unstable|p|pl|patch|post|r|rev|revision|hotfix|fix|sp|final|ga|lts|stable|release)$/;
const BEFORE_RELEASE = /^(?:alpha|beta|rc|pre|preview|dev|nightly|snapshot|canary)$/;
/** What `git describe` appends. */
const HASH = /^[-._]g?[0-9a-f]{7,40}(?![0-9a-z])/i;

/**
 * Semver calls everything after a hyphen a pre-release; a number there is a packager's revision in real versions
 * (`v139.0.4-1`), unless a word for a pre-release follows. Without a hyphen, a letter counts on (`1.12.5b`), but `1.0b2`
 * leads to 1.0 (PEP 440).
 */
function stageOf(tail: string): number {
  const match = /^(?<separator>[^\da-z]*)(?<word>[a-z]+)?(?<number>\d+(?![\da-z]))?/i.exec(tail);
  const { separator = "", word = "", number } = match?.groups ?? {};
  const lower = word.toLowerCase();
  if (lower === "" || HASH.test(tail)) return stageOfRevision(tail);
  if (AFTER_RELEASE.test(lower)) return REVISION;
  const leads = BEFORE_RELEASE.test(lower) || (/^[ab]$/.test(lower) && number !== undefined);
  return leads || /[-~]/.test(separator) ? PRE_RELEASE : REVISION;
}

function stageOfRevision(tail: string): number {
  const words = wordsOf(tail);
  if (words.some((word) => BEFORE_RELEASE.test(word))) return PRE_RELEASE;
  return words.length === 0 ? RELEASE : REVISION;
}

/** Orders keys, oldest first; 0 for versions of the same age. */
export function compareKeys(a: VersionKey, b: VersionKey): number {
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

/** Orders two parts of versions. A number is older than a word in the same place. */
export function comparePart(a: string, b: string): number {
  const [aIsNumber, bIsNumber] = [/^\d/.test(a), /^\d/.test(b)];
  if (aIsNumber !== bIsNumber) return aIsNumber ? -1 : 1;
  if (!aIsNumber) return compareText(a, b);
  const [left, right] = [withoutZeros(a), withoutZeros(b)];
  return left.length - right.length || compareText(left, right);
}

/** Words have no leading zeros, and stay as they are. */
export function withoutZeros(digits: string): string {
  return digits.replace(/^0+(?=\d)/, "");
}

/** Orders texts by their code units. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
