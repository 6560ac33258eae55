import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { compareVersions, isRelease } from "../../src/package/version.ts";
import { isRange } from "../../src/package/version-range.ts";
import { versionsMeant } from "../../src/package/version-wish.ts";
import { REAL_INDEX } from "../support/real-data.ts";

/** Each row from the oldest to the newest. */
const ORDERED: readonly (readonly string[])[] = [
  ["0.9.0", "0.10.0", "1.0.0-alpha.2", "1.0.0-alpha.11", "1.0.0-beta", "1.0.0-rc.1", "1.0.0", "1.0.1"],
  ["v1.2.3", "1.2.4", "v1.3.0"],
  ["1.2.9", "1.2.10", "1.10.0", "2"],
  ["1.2", "1.2.0.1", "1.3"],
  ["2024.12.30", "2025.1.2", "2025.05.16"],
  ["240101T000000", "250512T112509"],
  ["HEAD-ffffff0-230101T000000", "HEAD-0000001-250627T164542", "0.0.1"],
  ["1.12.5", "1.12.5b", "1.12.6"],
  ["24.08", "24.09", "25.01"],
  ["138.0.7204.49", "138.0.7204.157"],
  ["openvscode-server-v1.101.2", "openvscode-server-v1.102.0"],
  ["1.13t_2025-05-16", "1.13t_2025-06-01"],
];

for (const row of ORDERED) {
  test(`compareVersions() orders ${row.join(" < ")}`, () => {
    assert.deepEqual(row.toReversed().toSorted(compareVersions), row);
    for (const version of row) assert.equal(compareVersions(version, version), 0);
  });
}

const SAMPLE = [
  ...new Set([...ORDERED.flat(), "", "x", "1", "1.0", "1.0.0+build", "1-2", "#", "🦀", "14379866776", "5.036"]),
];

function assertTotalOrder(versions: readonly string[]): void {
  const sorted = versions.toSorted(compareVersions);
  for (const [index, left] of sorted.entries()) {
    for (const right of sorted.slice(index)) {
      assert.ok(compareVersions(left, right) <= 0, `${left} <= ${right}`);
      assert.equal(
        Math.sign(compareVersions(right, left)),
        -Math.sign(compareVersions(left, right)) || 0,
        `${left} and ${right}`,
      );
    }
  }
}

test("compareVersions() is a total order over odd versions", () => assertTotalOrder(SAMPLE));

test("compareVersions() is a total order over the versions of a real index", {
  skip: REAL_INDEX.skip,
}, () => {
  const entries: readonly { readonly version: string }[] = JSON.parse(readFileSync(REAL_INDEX.where, "utf8"));
  assertTotalOrder([...new Set(entries.map(({ version }) => version))]);
});

const MATCHES: readonly (readonly [version: string, wanted: string, expected: boolean])[] = [
  ["8.14.1", "8.14.1", true],
  ["v8.14.1", "8.14.1", true],
  ["8.14.1", "v8.14.1", true],
  ["8.14.1", "8.14", true],
  ["8.14.1", "^8.13", true],
  ["8.14.1", "~8.13", false],
  ["8.14.1", "8.x", true],
  ["8.14.1", ">=8 <9", true],
  ["9.0.0", ">=8 <9", false],
  ["24.09", ">=24", true],
  ["HEAD-ba383eb-250627T164542", "HEAD-ba383eb-250627T164542", true],
  ["HEAD-ba383eb-250627T164542", "head-ba383eb-250627t164542", false],
  ["HEAD-ba383eb-250627T164542", "*", false],
  ["1.0.0-beta", "^1.0.0", false],
  ["openvscode-server-v1.101.2", "^1.0.0", false],
];

for (const [version, wanted, expected] of MATCHES) {
  test(`versionsMeant() says ${expected} for ${version} and "${wanted}"`, () => {
    const meant = versionsMeant({ wanted, installed: null }, [version, "0.0.0"]);
    assert.equal(meant(version), expected);
  });
}

for (const [wanted, expected] of Object.entries({
  "8.14.1": true,
  "8.14": true,
  v1: true,
  "HEAD-x": true,
  "^8": false,
  "8.x": false,
  "*": false,
  ">=1 <2": false,
  "1 || 2": false,
})) {
  test(`isRange() says ${!expected} for "${wanted}"`, () => assert.equal(isRange(wanted), !expected));
}

test("isRelease() is false for what leads to a release, and for builds of commits", () => {
  for (const version of ["8.14.1", "v1.2", "8", "2025.01.31", "8.14.1-1", "1.12.5b", "1.0+build.5", "tool-v3.1"]) {
    assert.equal(isRelease(version), true, version);
  }
  for (const version of ["8.14.1-rc1", "2.0b3", "1.0.0-alpha.1", "v3-beta", "HEAD-abc1234-250131T120000", "nightly"]) {
    assert.equal(isRelease(version), false, version);
  }
});
