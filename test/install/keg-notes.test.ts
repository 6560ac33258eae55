import assert from "node:assert/strict";
import { test } from "node:test";
import { kegNotes, markNotes } from "../../src/install/keg-notes.ts";
import type { ObtainedPackage } from "../../src/obtain/obtained-package.ts";

interface Sample {
  readonly isDependency?: boolean;
  readonly caveats?: string;
  readonly kegOnly?: string;
  readonly hasService?: boolean;
  readonly after?: Partial<NonNullable<ObtainedPackage["keg"]>["after"]>;
}

function notes({ isDependency = false, caveats, kegOnly, hasService = false, after = {} }: Sample, isNew = true) {
  const keg = {
    installed: { prefix: "/p", kegOnly: kegOnly ?? null },
    links: [{ path: "@prefix/opt/sample", target: ".", kind: "link" }],
    after: { commands: [], undone: [], warnings: [], ...after },
  };
  const resolution = { name: "sample", isDependency, keg: { caveats: caveats ?? null, hasService } };
  return kegNotes({ keg, resolution } as unknown as ObtainedPackage, isNew);
}

test("kegNotes() tells what the user of a new bottle should know", () => {
  assert.deepEqual(notes({}), []);
  assert.deepEqual(notes({ kegOnly: "it would hide another" }), [
    "sample: it is keg-only (it would hide another), so its programs have no links; they are in /p/opt/sample/bin: `pkg link sample` links them",
  ]);
  assert.deepEqual(notes({ caveats: "See\n  $HOMEBREW_PREFIX/etc\n  $HOMEBREW_CELLAR\n", hasService: true }), [
    "sample: it has a service, which is not started",
    "sample: caveats of its formula\nSee\n  /p/etc\n  /p/Cellar",
  ]);
});

test("kegNotes() tells caveats once, and of a dependency only what it still needs", () => {
  const all: Sample = {
    caveats: "See",
    hasService: true,
    kegOnly: "why",
    after: { commands: ["/p/bin/x"], undone: ["configure_php"], warnings: ["mind"] },
  };
  const left = [
    "sample: mind",
    "sample: to finish setting it up, run\n/p/bin/x",
    "sample: not everything was set up; what was left out: configure_php",
  ];
  assert.deepEqual(notes({ ...all, isDependency: true }), left);
  assert.deepEqual(notes(all, false).slice(1), left);
});

test("markNotes() tells what the user of a bottle should know that was a dependency until now", () => {
  const installation = {
    keg: { prefix: "/p", kegOnly: "it is older" },
    links: [{ path: "@prefix/opt/x", target: "." }],
  };
  const told = (isDependency: boolean) => {
    const resolution = { name: "x", isDependency, keg: { caveats: "See", hasService: true } };
    return markNotes({ resolution, installation } as unknown as Parameters<typeof markNotes>[0]);
  };
  assert.deepEqual(told(true), []);
  assert.deepEqual(told(false), [
    "x: it is keg-only (it is older), so its programs have no links; they are in /p/opt/x/bin: `pkg link x` links them",
    "x: it has a service, which is not started",
    "x: caveats of its formula\nSee",
  ]);
});
