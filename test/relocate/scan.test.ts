import assert from "node:assert/strict";
import { test } from "node:test";
import { RelocationScan } from "../../src/relocate/scan.ts";

test("RelocationScan.finds() finds what is cut in two, wherever it is cut", () => {
  for (const word of ["@@HOMEBREW_", "/home/linuxbrew/.linuxbrew"]) {
    for (let cut = 0; cut <= word.length; cut += 1) {
      const scan = new RelocationScan();
      const found = [`before${word.slice(0, cut)}`, `${word.slice(cut)}after`].map((text) =>
        scan.finds(Buffer.from(text)),
      );
      assert.ok(found.includes(true), `${word} cut at ${cut}`);
    }
  }
});

test("RelocationScan.finds() finds nothing in what only begins so", () => {
  const scan = new RelocationScan();
  assert.deepEqual(
    ["@@HOME", "/home/linuxbrew/.linux", "@@HOMEBRE", "x_"].map((text) => scan.finds(Buffer.from(text))),
    [false, false, false, false],
  );
});
