import assert from "node:assert/strict";
import { test } from "node:test";
import { assertKnownEnvironment } from "../../../scripts/program/bundle-environment.ts";

test("assertKnownEnvironment() accepts what is decided on", () => {
  assertKnownEnvironment(`a(process.env.TERM, process$1.env[name], process2.default.env.CI, process.env["NO_COLOR"])`);
});

test("assertKnownEnvironment() refuses a variable that a library begins to read, however it is written", () => {
  for (const code of ["process.env.TAR_FAKE", 'process.env["TAR_FAKE"]', "process3.default.env.TAR_FAKE"])
    assert.throws(() => assertKnownEnvironment(code), /the bundle reads TAR_FAKE/);
});
