import assert from "node:assert/strict";
import { test } from "node:test";
import { notLoaded } from "../../../scripts/program/addon-loader.ts";
import { foreignError } from "../../../src/base/foreign-error.ts";

const failure = (facts: object) => Object.assign(new Error("of the system"), facts);

test("notLoaded() has words for what the system refused, whichever directory refused it", () => {
  const noexec = failure({ code: "ERR_DLOPEN_FAILED" });
  const [full, many] = [failure({ code: "ENOSPC", errno: -28 }), failure({ code: "", errno: -24 })];
  const told = (...failures: readonly Error[]) => foreignError(notLoaded("x", ["/a", "/b"], failures));
  assert.match(told(full, noexec)?.message ?? "", /cannot be loaded \(library "x", tried in \/a, \/b\)$/);
  assert.match(told(noexec)?.hint ?? "", /noexec.*XDG_CACHE_HOME/);
  assert.match(told(many, many)?.message ?? "", /too many open files in this process \(EMFILE\)$/);
  assert.equal(told(full)?.code, "DISK_FULL");
});
