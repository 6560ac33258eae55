import assert from "node:assert/strict";
import { test } from "node:test";
import type { Event } from "../../src/base/events.ts";
import { checkVariables } from "../../src/cli/check-variables.ts";

function told(env: Readonly<Record<string, string>>): readonly string[] {
  const events: Event[] = [];
  checkVariables(env, (event) => events.push(event));
  return events.map((event) => ("message" in event ? event.message : event.kind));
}

test("checkVariables() asks whether a variable close to one of ours was meant", () => {
  const [home, offline, ...rest] = told({ PKG_HOM: "/x", pkg_offline: "1", PKG_OFFLINE: "1" });
  assert.match(home ?? "", /^PKG_HOM is ignored: did you mean PKG_HOME\?/);
  assert.match(offline ?? "", /^pkg_offline is ignored: did you mean PKG_OFFLINE\?/);
  assert.deepEqual(rest, []);
});

test("checkVariables() says nothing of the variables of pkg-config, of others, and of those that are not set", () => {
  assert.deepEqual(
    told({ PKG_CONFIG_PATH: "/x", PKG_CONFIG_LIBDIR: "/x", PKG_SOMETHING_ELSE: "1", PKG_HOM: "", HOM: "x" }),
    [],
  );
});

test("checkVariables() tells of a relative XDG directory", () => {
  assert.deepEqual(told({ XDG_DATA_HOME: "x", XDG_BIN_HOME: "/x", XDG_OTHER: "x" }), [
    'XDG_DATA_HOME is ignored: "x" is not an absolute path',
  ]);
});
