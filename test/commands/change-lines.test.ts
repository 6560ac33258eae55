import assert from "node:assert/strict";
import { test } from "node:test";
import { changeLines, changeTotals } from "../../src/commands/change-lines.ts";
import type { InstalledItem } from "../../src/install/install-outcome.ts";
import { createStyle } from "../../src/report/style.ts";

const STYLE = createStyle(false);

type Changed = InstalledItem & { readonly action: "install" | "change" | "reinstall" };

function installed(name: string, facts: Partial<Changed> = {}): InstalledItem {
  return {
    action: "install",
    ...{ name, version: "1.0", previousVersion: null, repository: "main", sizeBytes: 10, bytesReceived: 4_100_000 },
    ...{
      durationMs: 900,
      signedBy: null,
      indexSigned: true,
      checks: ["digest"],
      skipped: [],
      isDependency: false,
      links: [name],
      kept: { moved: [], saved: [], left: [] },
      taken: { saved: [], links: [] },
      givenBack: [],
    },
    ...facts,
  };
}

function kept(name: string, orphaned = false): InstalledItem {
  return { action: "keep", name, version: "1.0", repository: "main", isDependency: false, orphaned };
}

const FAILED: InstalledItem = { action: "fail", name: "c", error: { code: "OFFLINE", message: "m", hint: null } };

const outcomeOf = (...items: readonly InstalledItem[]) => ({
  dryRun: false,
  packages: items,
  binDirectory: "/h/bin",
  isOnPath: true,
});

test("changeLines() names the programs of what was installed, all or the first ten", () => {
  const many = Array.from({ length: 103 }, (_, index) => `p${index}`);
  assert.deepEqual(changeLines(outcomeOf(installed("jq"), installed("box", { links: many })), STYLE), [
    "+ jq 1.0    4.1 MB in 0.9 s",
    "  program: jq",
    "+ box 1.0   4.1 MB in 0.9 s",
    "  programs: p0, p1, p2, p3, p4, p5, p6, p7, p8, p9 and 93 more",
  ]);
});

test("changeLines() does not repeat the programs of what was updated", () => {
  const change = installed("jq", { action: "change", previousVersion: "0.9" });
  assert.deepEqual(changeLines(outcomeOf(change), STYLE), ["~ jq 0.9 → 1.0   4.1 MB in 0.9 s"]);
});

test("changeLines() says in one line that any number of packages is up to date", () => {
  const all = Array.from({ length: 25 }, (_, index) => kept(`tool${index}`));
  assert.deepEqual(changeLines(outcomeOf(...all), STYLE), ["= 25 packages are up to date"]);
  assert.deepEqual(changeLines(outcomeOf(kept("jq")), STYLE), ["= jq 1.0 is up to date"]);
  const [orphan, rest, ...more] = changeLines(outcomeOf(kept("a"), kept("b", true), kept("c")), STYLE);
  assert.match(orphan ?? "", /^= b 1\.0 stays as it is, orphaned/);
  assert.deepEqual([rest, ...more], ["= 2 packages are up to date"]);
});

test("changeLines() says once what keeps all packages of an index as they are", () => {
  const stays = (name: string, reason: string): InstalledItem => ({
    ...{ action: "keep", name, version: "1.0", repository: "main", isDependency: false, orphaned: false },
    error: { code: "NETWORK_FAILED", message: `Cannot tell whether "${name}" is up to date: ${reason}`, hint: null },
  });
  const index = 'the index of "main" is 3 days old and could not be refreshed. Cannot reach it';
  const gone = 'its repository "main" does not have it any more';
  const items = [stays("a", index), stays("b", gone), stays("c", index), stays("d", gone)];
  assert.deepEqual(changeLines(outcomeOf(...items), STYLE), [
    `= a 1.0, c 1.0 stay as they are: ${index}`,
    `= b 1.0 stays as it is: ${gone}`,
    `= d 1.0 stays as it is: ${gone}`,
  ]);
  assert.deepEqual(changeLines(outcomeOf(stays("a", index)), STYLE), [`= a 1.0 stays as it is: ${index}`]);
});

const TOTALS: readonly (readonly [readonly InstalledItem[], readonly string[]])[] = [
  [[installed("a")], []],
  [[kept("a"), kept("b")], []],
  [[installed("a"), installed("b"), installed("d"), FAILED], ["3 installed, 1 failed, 12.3 MB"]],
  [[installed("a", { action: "change", bytesReceived: 0 }), kept("b")], ["1 updated, 1 unchanged"]],
  [[FAILED, kept("b")], ["1 unchanged, 1 failed"]],
];

for (const [items, expected] of TOTALS) {
  test(`changeTotals() of ${items.map(({ action }) => action).join(", ")} is ${expected[0] ?? "not told"}`, () => {
    assert.deepEqual(changeTotals(outcomeOf(...items)), expected);
  });
}
