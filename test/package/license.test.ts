import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { licenseProblem } from "../../src/package/license.ts";

describe("licenseProblem()", () => {
  const good = [
    "MIT",
    "Apache-2.0 OR MIT",
    "(MIT AND BSD-3-Clause) OR GPL-2.0-or-later WITH Classpath-exception-2.0",
    "LicenseRef-Ours",
    "curl",
  ];
  for (const text of good) {
    it(`takes ${text}`, () => assert.equal(licenseProblem(text), null));
  }

  const bad: readonly (readonly [text: string, suggestion: string | null])[] = [
    ["mit", "MIT"],
    ["MIT License", "MIT"],
    ["Apache 2.0", "Apache-2.0"],
    ["Apache License, Version 2.0", "Apache-2.0"],
    ["BSD-3-Claus", "BSD-3-Clause"],
    ["MIT OR", null],
    ["nothing of the kind", null],
    ["", null],
    ["MIT AND (", null],
  ];
  for (const [text, suggestion] of bad) {
    it(`refuses "${text}"`, () => {
      const found = licenseProblem(text);
      assert.match(found?.problem ?? "", /SPDX expression/);
      assert.equal(found?.suggestion, suggestion);
    });
  }

  it("does not read what is too long, however deep", () => {
    assert.match(licenseProblem(`${"(".repeat(100_000)}MIT`)?.problem ?? "", /longer than 256/);
  });
});
