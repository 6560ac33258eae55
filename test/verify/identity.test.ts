import assert from "node:assert/strict";
import { test } from "node:test";
import { hasCode } from "../../src/errors.ts";
import { checkIdentity, matchesIdentity } from "../../src/verify/identity.ts";

const WORKFLOW = "https://github.com/me/tools/.github/workflows/release.yml@refs/tags/v1.2.0";

const MATCHES: readonly (readonly [pattern: string, identity: string, expected: boolean])[] = [
  [WORKFLOW, WORKFLOW, true],
  [WORKFLOW, `${WORKFLOW}0`, false],
  [WORKFLOW, WORKFLOW.slice(0, -1), false],
  ["https://github.com/me/tools/.github/workflows/*", WORKFLOW, true],
  ["https://github.com/me/tools/.github/workflows/release.yml@*", WORKFLOW, true],
  ["https://github.com/me/tools/.github/workflows/release.yml@refs/tags/*", WORKFLOW, true],
  ["https://github.com/me/tools/.github/workflows/release.yml@refs/heads/*", WORKFLOW, false],
  ["https://github.com/me/*", WORKFLOW, true],
  ["https://github.com/me/*", "https://github.com/mean/tools/.github/workflows/release.yml@refs/tags/v1", false],
  ["https://github.com/me/*", "https://github.com.example.org/me/tools", false],
  ["https://github.com/me/*", "https://GITHUB.com/me/tools", false],
  ["me@example.org", "me@example.org", true],
  ["me@example.org", "me@example.organic", false],
  ["me@example.org", "someone@example.org", false],
  // No part of a pattern but its last star means anything.
  ["https://github.com/me/t.ols/*", "https://github.com/me/tools/x", false],
];

test("matchesIdentity() accepts the same text, or any text with the prefix before a final star", async (t) => {
  for (const [pattern, identity, expected] of MATCHES) {
    await t.test(`${pattern} ${identity}`, () => assert.equal(matchesIdentity(pattern, identity), expected));
  }
});

const GOOD: readonly string[] = [...new Set(MATCHES.map(([pattern]) => pattern))];

test("checkIdentity() returns what names someone", async (t) => {
  for (const pattern of GOOD) await t.test(pattern, () => assert.equal(checkIdentity(pattern, "tools"), pattern));
});

const NOBODY: readonly string[] = [
  "*",
  "https://*",
  "https://github.com/*",
  // Anyone may choose a name that begins like this.
  "https://github.com/me*",
  "https://github.com/me/tools*",
  "https://github.com//*",
  "https://github.com@example.org/*",
  "me@*",
  "me@example.org*",
  "http://github.com/me/*",
  "https://github.com/*/tools/*",
  "https://github.com/me/*/release.yml",
  "https://github.com/me/**",
  "",
  "https://github.com/me/to ols/*",
  "https://github.com/me/töols/*",
  `https://github.com/me/${"x".repeat(2048)}`,
];

test("checkIdentity() refuses a pattern that names nobody in particular", async (t) => {
  for (const pattern of NOBODY) {
    await t.test(pattern.slice(0, 80), () =>
      assert.throws(
        () => checkIdentity(pattern, "tools"),
        (error) =>
          hasCode(error, "CONFIG_INVALID") && /repository "tools": its provenance.identity is/.test(error.message),
      ),
    );
  }
});
