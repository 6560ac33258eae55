import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import semver from "semver";
import { newestTagsFirst } from "../../src/package/tag-order.ts";
import { compareVersions, isRelease } from "../../src/package/version.ts";
import { isInRange } from "../../src/package/version-range.ts";
import { REAL_INDEX } from "../support/real-data.ts";

const { skip } = REAL_INDEX;

/** Small numbers that are the same in every run (Numerical Recipes' linear congruence). */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const PIECES = [
  "0",
  "1",
  "2",
  "10",
  "01",
  "9".repeat(400),
  "1".repeat(17),
  "v",
  "rc",
  "b",
  "t",
  "HEAD-abc1234-250101T000000",
];
const MARKS = [".", "-", "_", "+", "#", "~", "", "", "at", "🦀"];

function randomVersions(count: number): readonly string[] {
  const random = createRandom(42);
  const pick = (from: readonly string[]) => from[random(from.length)] ?? "";
  return Array.from({ length: count }, () =>
    Array.from({ length: random(5) }, () => pick(PIECES) + pick(MARKS)).join(""),
  );
}

function realVersions(): readonly string[] {
  const entries: readonly { readonly version: string; readonly snapshots?: readonly string[] }[] = JSON.parse(
    readFileSync(REAL_INDEX.where, "utf8"),
  );
  return [...new Set(entries.flatMap(({ version, snapshots = [] }) => [version, ...snapshots]))];
}

/** Each pair both ways; then each pair of the sorted list, which a relation that is not transitive would break. */
function assertTotalOrder(versions: readonly string[]): void {
  const sorted = [...new Set(versions)].toSorted(compareVersions);
  for (const [index, older] of sorted.entries()) {
    for (const newer of sorted.slice(index + 1)) {
      const order = compareVersions(older, newer);
      assert.ok(order < 0, `${older} < ${newer}: ${order}`);
      assert.ok(compareVersions(newer, older) > 0, `${newer} > ${older}`);
    }
  }
}

test("compareVersions() is antisymmetric and transitive over made-up versions", () => {
  assertTotalOrder(randomVersions(600));
});

test("compareVersions() is antisymmetric and transitive over every version and snapshot of a real index", {
  skip,
}, () => {
  const versions = realVersions();
  assert.ok(versions.length > 150);
  assertTotalOrder(versions);
});

test("compareVersions() agrees with semver on semver versions", () => {
  const random = createRandom(7);
  const words = ["alpha", "beta", "rc"];
  const versions = Array.from({ length: 120 }, () => {
    const numbers = [random(3), random(12), random(3)].join(".");
    return random(2) === 0 ? numbers : `${numbers}-${words[random(3)]}.${random(12)}`;
  });
  for (const a of versions) {
    for (const b of versions) {
      assert.equal(Math.sign(compareVersions(a, b)), semver.compare(a, b), `${a} and ${b}`);
    }
  }
});

/** Each row from the oldest to the newest. */
const ORDERED: readonly (readonly string[])[] = [
  ["1.0a1", "1.0b2", "1.0rc1", "1.0", "1.0b", "1.1"],
  ["1.0.0-M1", "1.0.0-next.3", "1.0.0~rc1", "1.0.0", "1.0.1"],
  ["openvscode-server-v1.101.2-rc1", "openvscode-server-v1.101.2", "v1.102.0"],
  ["139.0.4", "v139.0.4-1", "v139.0.4-2", "139.0.4-10", "139.0.5"],
  ["v1.1.3", "v1.1.3+3", "v1.1.3+10", "v1.1.4"],
  ["12.1.0", "12.1.0-unstable-2025-05-04", "12.1.0-unstable-2025-06-01", "12.1.1"],
  ["1.20.10.3#LastdigitisDebianspkgrel", "1.20.10.4#LastdigitisDebianspkgrel"],
  ["NA-2025-03-02", "NA-2025-04-19", "NA-2025-04-23"],
  ["0.2-7127", "0.2-7200", "0.3"],
  ["Twilightbuild-1.7.2t(2025-01-21at22:18:15)", "Twilightbuild-1.7.2t(2025-01-25at23:03:24)", "1.8t_2025-02-17"],
  ["HEAD", "HEAD-0676bc0-250627T164542", "1.0"],
  ["3f2a1bc", "0.0.1"],
  ["r9.a1b2c3d", "r10.0a1b2c3", "r123.f00dbab"],
  ["1.2.3-rc1", "1.2.3", "1.2.3-5-gabc1234", "1.2.4"],
  ["nightly-2025-01-02", "2025.01.01"],
  ["2024-05-01", "2024-05-20", "2024-12-01", "2025-01-01"],
  ["1.2.3", "1.2.3.4", "1.2.3.10"],
  ["v8.13.0", "v8.13.0_1", "8.13.0_2", "8.13.1"],
  ["9.4", "9.4p1", "9.4p2", "9.5"],
  ["HEAD-ffffff0-240124T204726", "HEAD-0676bc0-250627T164542", "HEAD-aaaaaaa-250627T212740", "0"],
  [`1.${"8".repeat(400)}`, `1.${"9".repeat(400)}`, `1.1${"0".repeat(400)}`],
];

for (const row of ORDERED) {
  test(`compareVersions() orders ${row.join(" < ").slice(0, 120)}`, () => {
    assert.deepEqual(row.toReversed().toSorted(compareVersions), row);
  });
}

const IN_RANGE: readonly (readonly [version: string, range: string, expected: boolean])[] = [
  ["v139.0.4-1", "^139", true],
  ["1.12.5b", "^1.12", true],
  ["137.0.7151.119", "~137.0.7151", true],
  ["1.1.3+3", ">=1.1.3 <2", true],
  ["2025.05.22", ">=2025.5", true],
  ["12.1.0-unstable-2025-05-04", "^12.1.0", true],
  ["1.0b2", "^1.0.0", false],
  ["9.0.0-alpha.11", "^9.0.0-alpha.2", true],
  ["9.0.0-alpha.1", "^9.0.0-alpha.2", false],
  ["1.0.0-rc2", "^1.0.0-rc1", true],
  ["1.0-rc.2", ">=1.0.0-rc.1", true],
  ["1.0-rc.2", ">=1.0.0", false],
  ["nightly", "^1", false],
  ["", "^0", false],
  [`${"9".repeat(400)}.0`, "^1", false],
];

for (const [version, range, expected] of IN_RANGE) {
  test(`isInRange() says ${expected} for ${version.slice(0, 40)} in ${range}`, () => {
    assert.equal(isInRange(version, range), expected);
  });
}

test("isRelease() tells releases of odd forms from what leads to one", () => {
  for (const version of ["r123.a1b2c3d", "2024-05-01", "1.2.3-5-gabc1234", "1.2.3-abc1234", "v8.13.0_1", "9.4p1"])
    assert.equal(isRelease(version), true, version);
  for (const version of ["nightly-2025-01-02", "1.0.0-1.beta", "2025-01-02-nightly", "3f2a1bc", "HEAD", "HEAD-abc1234"])
    assert.equal(isRelease(version), false, version);
});

test("compareVersions() takes time that grows with the length alone", () => {
  for (const piece of ["1.", "-1", "a1", "1a.", "+", "v"]) {
    const long = piece.repeat(100_000);
    assert.equal(compareVersions(long, long), 0);
    assert.equal(compareVersions(`${long}1`, `${long}2`) < 0, true, piece);
    assert.equal(isInRange(`${long}1`, `${long}1`), false);
  }
});

test("newestTagsFirst() puts releases before pre-releases, words later, and platforms after their version", () => {
  const order = [
    "1.10.0",
    "1.10",
    "1.10.0-x86_64-linux",
    "1.10.0-x86_64-linux-musl",
    "v1.9.0",
    "1.9.0-1",
    "2.0.0-rc1",
    "2.0.0-rc1-x86_64-linux",
    "2.0.0-beta",
    "latest",
    "HEAD-abc1234-250101T000000",
  ];
  assert.equal(newestTagsFirst(["x86_64-linux-1.0", "2.0", "amd64", `sha256-${"9f".repeat(32)}.sig`])[0], "2.0");
  const expected = [...order.slice(0, 4), "1.9.0-1", "v1.9.0", ...order.slice(6)];
  assert.deepEqual(newestTagsFirst(order.toReversed()), expected);
  assert.deepEqual(newestTagsFirst(order), expected);
});
