import assert from "node:assert/strict";
import { test } from "node:test";
import { hasCode } from "../../src/errors.ts";
import type { KegFacts } from "../../src/package/keg.ts";
import { refusePinned } from "../../src/resolve/refuse-pinned.ts";

const BUILT = "/home/linuxbrew/.linuxbrew/Cellar";
const SHORT = `/${"x".repeat(25)}`;
const LONG = `/${"x".repeat(26)}`;

const CASES: readonly (readonly [cellar: string, needsBuildPrefix: boolean, prefix: string, refused: boolean])[] = [
  ["any", false, LONG, false],
  ["any_skip_relocation", false, LONG, false],
  [BUILT, false, SHORT, false],
  [BUILT, false, LONG, true],
  ["any", true, SHORT, false],
  ["any", true, LONG, true],
  ["/opt/homebrew/Cellar", false, SHORT, true],
];

test("refusePinned() refuses a bottle whose prefix is shorter than ours, with both lengths and the cure", () => {
  for (const [cellar, needsBuildPrefix, prefix, refused] of CASES) {
    const entry = { name: "jq", keg: { cellar, needsBuildPrefix } as KegFacts };
    if (!refused) refusePinned(entry, { prefix, profile: "default", repository: "homebrew" });
    else
      assert.throws(
        () => refusePinned(entry, { prefix, profile: "default", repository: "homebrew" }),
        (error) => hasCode(error, "RELOCATION_FAILED"),
      );
  }
  const pinned = { name: "jq", keg: { cellar: BUILT } as KegFacts };
  assert.throws(() => refusePinned(pinned, { prefix: LONG, profile: "default", repository: "homebrew" }), {
    message: `Cannot install "jq": it is built for a prefix of 26 bytes, and "${LONG}" has 27`,
    hint: 'Set a prefix of at most 26 bytes, such as prefix = "~/.pkg", under [repositories.homebrew] in config.toml',
  });
});
