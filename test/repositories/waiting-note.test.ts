import assert from "node:assert/strict";
import { test } from "node:test";
import type { Event } from "../../src/base/events.ts";
import { PkgError } from "../../src/errors.ts";
import { createWaitingNote } from "../../src/repositories/waiting-note.ts";

function told(t: { readonly mock: { readonly timers: typeof test.mock.timers } }, ended: readonly Event[]): string {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const events: Event[] = [];
  const waiting = createWaitingNote((event) => events.push(event), ["good", "bad", "slow"], 5000);
  for (const event of ended) waiting.emit(event);
  assert.deepEqual(events, ended);
  t.mock.timers.tick(5000);
  waiting.end();
  return events.flatMap((event) => (event.kind === "note" ? event.message : [])).join("\n");
}

const done = (name: string): Event => ({ kind: "task-done", id: `sync:${name}`, summary: "unchanged" });
const BAD: Event = { kind: "task-failed", id: "sync:bad", error: new PkgError("NETWORK_FAILED", "m") };

test("createWaitingNote() says which repositories are waited for, and which are ready", (t) => {
  assert.equal(told(t, [done("good"), BAD]), "Waiting for slow; synced and ready to use: good");
});

test("createWaitingNote() names no other repository if none is ready", (t) => {
  assert.equal(told(t, [BAD]), "Waiting for good, slow");
});

test("createWaitingNote() says nothing when all has ended", (t) => {
  assert.equal(told(t, [done("good"), BAD, done("slow")]), "");
});
