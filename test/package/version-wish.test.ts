import assert from "node:assert/strict";
import { test } from "node:test";
import { newestOf } from "../../src/package/version.ts";
import { isPinned, nearestVersion, versionsMeant } from "../../src/package/version-wish.ts";

/** What is taken of versions, in any order, by who has `installed` and types `wanted`. */
function taken(there: readonly string[], wanted: string | null, installed: string | null = null): string | null {
  const isMeant = versionsMeant({ wanted, installed }, there);
  return newestOf(there.filter(isMeant), (version) => version, installed);
}

const CURL = ["7.88.1", "8.1.0", "8.13.0", "8.13.2", "8.14.1", "9.0.0-beta.1"];
const EARLY = ["0.1.0-rc1", "0.1.0-rc2"];
const BUILDS = ["1.0.0+build.3", "1.0.0+build.5", "1.0.1-rc1"];

type Row = readonly [there: readonly string[], wanted: string | null, taken: string | null];

const TAKEN: readonly Row[] = [
  [CURL, null, "8.14.1"],
  [CURL, "latest", "8.14.1"],
  [CURL, "LATEST", "8.14.1"],
  [CURL, "*", "8.14.1"],
  [CURL, "8", "8.14.1"],
  [CURL, "8.13", "8.13.2"],
  [CURL, "v8.13", "8.13.2"],
  [CURL, "8.1", "8.1.0"],
  [CURL, "8.13.0", "8.13.0"],
  [CURL, "=8.13.0", "8.13.0"],
  [CURL, "==8.13", "8.13.2"],
  [CURL, "^8", "8.14.1"],
  [CURL, "~8.13", "8.13.2"],
  [CURL, "~=8.13", "8.13.2"],
  [CURL, ">=8 <8.14", "8.13.2"],
  [CURL, ">=8,<8.14", "8.13.2"],
  [CURL, "=>8", "8.14.1"],
  [CURL, "8.x", "8.14.1"],
  [CURL, "8.13.*", "8.13.2"],
  [CURL, "7 || 8.13.0", "8.13.0"],
  [CURL, "9", null],
  [CURL, "^9", null],
  [CURL, ">=9", null],
  [CURL, "9.0.0-beta", "9.0.0-beta.1"],
  [CURL, "9.0.0-beta.1", "9.0.0-beta.1"],
  [CURL, ">=9.0.0-alpha", "9.0.0-beta.1"],
  [CURL, "^9.0.0-beta.1", "9.0.0-beta.1"],
  [CURL, ">=8.14-rc1", "8.14.1"],
  [CURL, "8.2", null],
  [EARLY, null, "0.1.0-rc2"],
  [EARLY, "latest", "0.1.0-rc2"],
  [EARLY, "0.1", "0.1.0-rc2"],
  [EARLY, "*", "0.1.0-rc2"],
  [EARLY, "^0.1", "0.1.0-rc2"],
  [BUILDS, null, "1.0.0+build.5"],
  [BUILDS, "1.0.0", "1.0.0+build.5"],
  [BUILDS, "v1.0.0", "1.0.0+build.5"],
  [BUILDS, "1.0.0+build.3", "1.0.0+build.3"],
  [BUILDS, "1.0.1", null],
  [["1.0", "1.2"], "1", "1.2"],
  [["1", "1.2"], "1", "1"],
  [["1.0", "1.0.5"], "1.0.0", "1.0"],
  [["v1.0.0", "1.0.0"], "1.0.0", "1.0.0"],
  [["v1.0.0", "1.0.0"], "v1.0.0", "v1.0.0"],
  [["v1.0.0"], "1.0.0", "v1.0.0"],
  [["1.0.0"], "v1.0.0", "1.0.0"],
  [["2024-05-01", "2024-05-20", "2024-06-02"], "2024-05", "2024-05-20"],
  [["2024-05-01", "2024-06-02"], "<2024-06", "2024-05-01"],
  [["2024.05.1", "2024.06.2"], "2024.5", "2024.05.1"],
  [["24.08", "24.09"], "^24.08", "24.09"],
  [["1.2.3.4", "1.2.3.10", "1.2.4.1"], "1.2.3", "1.2.3.10"],
  [["1.2.3.4", "1.2.3.10", "1.2.4.1"], "~1.2.3.4", "1.2.3.10"],
  [["1.2.3.4", "1.2.3.10"], "1.2.3.x", "1.2.3.10"],
  [["9.4p1", "9.9p2", "9.9p1"], "9.9", "9.9p2"],
  [["9.4p1", "9.9p2"], "<=9.4p1", "9.4p1"],
  [["v8.13.0_1", "v8.13.0_2"], "8.13.0", "v8.13.0_2"],
  [["r9", "r123"], null, "r123"],
  [["r9", "r123"], "9", "r9"],
  [["HEAD-aaaaaaa-240101T000000", "HEAD-0000001-250101T000000", "1.0"], null, "1.0"],
  [["HEAD-aaaaaaa-240101T000000", "HEAD-0000001-250101T000000", "1.0"], "HEAD", "HEAD-0000001-250101T000000"],
  [["HEAD-aaaaaaa-240101T000000", "HEAD-0000001-250101T000000"], "HEAD-aaaaaaa", "HEAD-aaaaaaa-240101T000000"],
  [["nightly-2025-01-02", "1.0"], null, "1.0"],
  [CURL, "!=8.14.1", "8.13.2"],
  [CURL, "!8", "7.88.1"],
  [CURL, ">=8,!=8.14.1", "8.13.2"],
  [["2.3", "1:1.0"], null, "1:1.0"],
  [["2.3", "1:1.0"], "1", "1:1.0"],
  [["2.3", "1:1.0"], "1:1", "1:1.0"],
  [["2.3", "1:1.0"], ">=2", "2.3"],
  [["HEAD-ba383eb-240101T000000", "HEAD-ba39000-250101T000000", "1.0"], "ba383", "HEAD-ba383eb-240101T000000"],
  [["HEAD-ba383eb-240101T000000", "HEAD-ba39000-250101T000000", "1.0"], "HEAD-ba38", "HEAD-ba383eb-240101T000000"],
  [["HEAD-ba383eb-240101T000000", "HEAD-ba38000-250101T000000", "1.0"], "ba38", null],
  [["HEAD-ba383eb-240101T000000", "1.0"], "ba3", null],
  [["HEAD-ba383eb-240101T000000", "HEAD-ba39000-250101T000000", "1.0"], "head", "HEAD-ba39000-250101T000000"],
  [["openvscode-server-v1.101.2", "openvscode-server-v1.9.0"], "1.101", "openvscode-server-v1.101.2"],
];

for (const [there, wanted, expected] of TAKEN) {
  test(`of ${there.join(", ")}, "${wanted}" takes ${expected}`, () => {
    assert.equal(taken(there, wanted), expected);
    assert.equal(taken(there.toReversed(), wanted), expected);
  });
}

type InstalledRow = readonly [installed: string, there: readonly string[], wanted: string | null, taken: string | null];

const WITH_INSTALLED: readonly InstalledRow[] = [
  ["2.0.0-rc1", ["1.1.0", "2.0.0-rc1"], null, "2.0.0-rc1"],
  ["2.0.0-rc1", ["1.1.0", "2.0.0-rc1", "2.0.0-rc2"], null, "2.0.0-rc2"],
  ["2.0.0-rc1", ["1.1.0", "2.0.0-rc2", "2.0.0"], null, "2.0.0"],
  ["2.0.0-rc1", ["1.1.0", "2.0.0", "2.1.0-rc1"], null, "2.0.0"],
  ["2.0.0-rc1", ["1.1.0", "2.0.0-alpha"], null, "1.1.0"],
  ["2.0.0-rc1", ["1.1.0", "2.0.0-rc2"], ">=1", "2.0.0-rc2"],
  ["2.0.0-rc1", ["1.1.0", "2.0.0-rc2"], "2", "2.0.0-rc2"],
  ["2.0.0-rc1", ["1.1.0", "2.0.0-rc2"], "^1", "1.1.0"],
  ["1.0.0-rc1", ["1.1.0", "2.0.0-rc2"], null, "1.1.0"],
  ["1.0.0", ["1.1.0", "2.0.0-rc2"], null, "1.1.0"],
];

for (const [installed, there, wanted, expected] of WITH_INSTALLED) {
  test(`with ${installed} installed, of ${there.join(", ")}, "${wanted}" takes ${expected}`, () =>
    assert.equal(taken(there, wanted, installed), expected));
}

test("isPinned() is true for a version that was typed whole", () => {
  const pinned: readonly (readonly [string, string, boolean])[] = [
    ["8.13.2", "8.13.2", true],
    ["v8.13.2", "8.13.2", true],
    ["==8.13.2", "8.13.2", true],
    ["stable-3", "0.9", true],
    ["8.13", "8.13.2", false],
    ["1.0.0", "1.0.0+build.5", false],
    ["^8", "8.13.2", false],
    ["latest", "8.13.2", false],
  ];
  for (const [wanted, version, expected] of pinned) assert.equal(isPinned(wanted, version), expected, wanted);
});

test("nearestVersion() names the version that shares the most with what was typed, then the closest in number", () => {
  const near: readonly Row[] = [
    [CURL, "8.99", "8.14.1"],
    [CURL, "8.13.1", "8.13.2"],
    [CURL, "8.2", "8.1.0"],
    [CURL, "1", "7.88.1"],
    [CURL, "10", "8.14.1"],
    [CURL, "9", "9.0.0-beta.1"],
    [CURL, "9.0.0-beta.7", "9.0.0-beta.1"],
    [CURL, "^10", "8.14.1"],
    [CURL, "<7", "7.88.1"],
    [CURL, ">8", "8.14.1"],
    [CURL.slice(1), "<8", "8.1.0"],
    [["1.0.0", "0.9"], "!=1.0.0", "0.9"],
    [["1.0.0"], "!1", null],
    [CURL, "rc", "8.14.1"],
    [EARLY, "3", "0.1.0-rc2"],
    [["1.9", "1.10", "1.1"], "1.8", "1.9"],
    [[], "1", null],
  ];
  for (const [there, wanted, expected] of near)
    assert.equal(nearestVersion(wanted ?? "", there), expected, `${wanted}`);
});
