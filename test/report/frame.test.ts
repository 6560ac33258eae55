import assert from "node:assert/strict";
import { test } from "node:test";
import { textWidth } from "../../src/report/columns.ts";
import { frame } from "../../src/report/frame.ts";
import { signOfLife } from "../../src/report/plain.ts";
import { createStyle } from "../../src/report/style.ts";
import { TaskBoard } from "../../src/report/task-board.ts";

const STYLE = createStyle(false);
const SIZE = { columns: 80, rows: 24, now: 1000, style: STYLE, status: "" };

/** A task, and how far it is after a second. */
interface Sample {
  readonly title: string;
  readonly total?: number | null;
  readonly bytes?: number;
  readonly resumed?: number;
  readonly step?: "fetch" | "verify";
  readonly end?: "done";
}

/** A board on which `planned` tasks were announced and the samples run. */
function board(samples: readonly Sample[], planned: { tasks: number; totalBytes: number | null } | null = null) {
  let now = 0;
  const tasks = new TaskBoard(
    () => now,
    (text) => text,
  );
  if (planned !== null) tasks.apply({ kind: "tasks-planned", ...planned });
  for (const { title, total = null } of samples) {
    tasks.apply({ kind: "task-started", id: title, title, totalBytes: total });
  }
  now = 1000;
  for (const { title: id, total = null, bytes = 0, resumed = 0, step, end } of samples) {
    if (step !== undefined) tasks.apply({ kind: "task-step", id, step });
    if (bytes > 0) tasks.apply({ kind: "task-progress", id, bytes, totalBytes: total, resumedBytes: resumed });
    if (end === "done") tasks.apply({ kind: "task-done", id, summary: "" });
  }
  return tasks;
}

const TRURL: Sample = { title: "trurl 8.14.1", total: 8_000_000, bytes: 2_000_000, step: "fetch" };

const LINES: readonly (readonly [string, Sample, number, string])[] = [
  ["everything", TRURL, 80, "⠋ trurl 8.14.1   fetch   2.0 of 8.0 MB   25 %   2.0 MB/s   3 s left"],
  ["everything", TRURL, 120, "⠋ trurl 8.14.1   fetch   2.0 of 8.0 MB   25 %   2.0 MB/s   3 s left"],
  ["what matters most", TRURL, 40, "⠋ trurl 8.14.1   25 %   3 s left"],
  ["no percent or time without a total", { ...TRURL, total: null }, 80, "⠋ trurl 8.14.1   fetch   2.0 MB   2.0 MB/s"],
  ["nothing that is not known yet", { title: "trurl" }, 80, "⠋ trurl"],
  [
    "two units where they differ",
    { ...TRURL, bytes: 900_000 },
    120,
    "⠋ trurl 8.14.1   fetch   900 kB of 8.0 MB   11 %   900 kB/s   8 s left",
  ],
  ["no speed while it verifies", { ...TRURL, step: "verify" }, 80, "⠋ trurl 8.14.1   verify   2.0 of 8.0 MB   25 %"],
  [
    "no speed of what an earlier run left",
    { ...TRURL, resumed: 2_000_000 },
    80,
    "⠋ trurl 8.14.1   fetch   2.0 of 8.0 MB   25 %",
  ],
  [
    "a title that is cut",
    { ...TRURL, title: "a-very-long-name-of-a-package-that-goes-on 1.0" },
    40,
    "⠋ a-very-long-name-o…   25 %   3 s left",
  ],
  [
    "wide characters by their cells",
    { ...TRURL, title: "日本語のとても長い名前のパッケージ 1.0" },
    40,
    "⠋ 日本語のとても長い…   25 %   3 s left",
  ],
];

for (const [what, sample, columns, expected] of LINES) {
  test(`frame() shows ${what} at ${columns} columns`, () => {
    const [line = "", ...more] = frame(board([sample]), { ...SIZE, columns });
    assert.deepEqual([line.replace(/^\S/, "⠋"), ...more], [expected]);
  });
}

test("frame() never makes a line as wide as the terminal, nor as many lines as it has rows", () => {
  const many = Array.from({ length: 50 }, (_, index) => ({ ...TRURL, title: `🦀 パッケージ-${index} 10.0.1` }));
  for (const columns of [1, 8, 20, 40, 80, 120]) {
    for (const rows of [2, 5, 24]) {
      const lines = frame(board(many), { ...SIZE, columns, rows, status: "Trying the registry again in 2 s: busy" });
      assert.ok(lines.length < rows, `${lines.length} lines for ${rows} rows`);
      for (const line of lines) assert.ok(textWidth(line) < columns, `${columns}: ${line}`);
    }
  }
});

test("frame() keeps running tasks in sight in a short window, with n of m", () => {
  const samples = Array.from({ length: 8 }, (_, index): Sample => {
    const sample = { title: `tool${index} 1.0`, total: 10_000_000, bytes: 1_000_000 };
    return index < 3 ? { ...sample, end: "done" } : sample;
  });
  const lines = frame(board(samples, { tasks: 50, totalBytes: 500_000_000 }), { ...SIZE, rows: 5 });
  assert.deepEqual(
    lines.map((line) => line.replace(/^\S/, "⠋")),
    [
      "⠋ tool3 1.0   1.0 of 10.0 MB   10 %   1.0 MB/s   9 s left",
      "⠋ tool4 1.0   1.0 of 10.0 MB   10 %   1.0 MB/s   9 s left",
      "  … and 3 more",
      "  3 of 50   35.0 of 500 MB   7 %   8.0 MB/s   59 s left",
    ],
  );
});

test("frame() shows a delay above the totals", () => {
  const two = board([TRURL, { ...TRURL, title: "jq" }]);
  const lines = frame(two, { ...SIZE, status: "Waiting for pid 7" });
  assert.deepEqual(lines.slice(2), ["Waiting for pid 7", "  0 of 2   4.0 of 16.0 MB   25 %   4.0 MB/s   3 s left"]);
});

test("signOfLife() says how far all is, or the only task", () => {
  assert.equal(signOfLife(board([TRURL]), 1000), "trurl 8.14.1: 2.0 of 8.0 MB, 25 %, 2.0 MB/s, 3 s left");
  assert.equal(signOfLife(board([TRURL, { ...TRURL, title: "jq", total: null }]), 1000), "0 of 2: 4.0 MB, 4.0 MB/s");
});
