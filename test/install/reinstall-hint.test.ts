import assert from "node:assert/strict";
import { test } from "node:test";
import { loadConfig } from "../../src/config/config.ts";
import { reinstallHint } from "../../src/install/reinstall-hint.ts";
import type { Installation } from "../../src/package/installation.ts";
import type { PackageOwner } from "../../src/package/repository-owner.ts";
import { sampleInstallation } from "../state/sample-installation.ts";
import { tempHome } from "../support/temp-home.ts";

const OWNER: PackageOwner = {
  ...{ id: 1, name: "bincache", url: "oci://example.org/index", identity: null, keySet: null, signedAtMs: null },
  isOrphan: false,
};

const CASES: readonly (readonly [string, Partial<Installation>, boolean, RegExp])[] = [
  ["of a repository", { repository: "bincache", owner: OWNER }, true, /^Run `pkg install --reinstall trurl`$/],
  ["by reference", { repository: null, owner: null, requested: "h/t:1" }, true, /--reinstall h\/t:1`$/],
  [
    "of a disabled repository",
    { repository: "bincache", owner: OWNER },
    false,
    /^Run `pkg repo enable bincache`, then `pkg install --reinstall trurl`$/,
  ],
  [
    "of a removed repository",
    { repository: "bincache", owner: { ...OWNER, isOrphan: true } },
    true,
    /"bincache" was removed: `pkg repo add oci:\/\/example\.org\/index` adds it again; `pkg install trurl --replace`/,
  ],
];

for (const [what, facts, enabled, hint] of CASES) {
  test(`reinstallHint() of a package ${what} can be typed as it is`, (t) => {
    const config = loadConfig({ env: {}, platform: "linux", arch: "x64", flags: { home: tempHome(t) } });
    const repositories = config.repositories.map((repository) => ({ ...repository, enabled }));
    assert.match(reinstallHint(sampleInstallation("trurl", facts), { repositories }), hint);
  });
}
