import assert from "node:assert/strict";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { isFromPlace, spelledAsInstalled } from "../../src/resolve/installed-place.ts";
import { sampleInstallation } from "../state/sample-installation.ts";
import { tempDirectory } from "../support/temp-home.ts";

test("spelledAsInstalled() knows a layout by what its path is, and no other", (t) => {
  const root = tempDirectory(t);
  mkdirSync(join(root, "layout"));
  symlinkSync("layout", join(root, "link"));
  const reference = `oci:${root}/layout:1`;
  const facts = { repository: null, owner: null, packageId: `oci:${root}/layout`, reference };
  const installed = sampleInstallation("x", facts);
  const at = (path: string) => ({ kind: "layout", path: join(root, path), tag: "1", digest: null }) as const;
  assert.deepEqual(spelledAsInstalled([installed], at("link")), at("layout"));
  assert.deepEqual(spelledAsInstalled([installed], at("other")), at("other"));
  assert.deepEqual([isFromPlace(installed, at("link")), isFromPlace(installed, at("other"))], [true, false]);
});
