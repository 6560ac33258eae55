import assert from "node:assert/strict";
import { test } from "node:test";
import { KeyedTurns } from "../../src/base/keyed-turns.ts";

test("KeyedTurns.run() does work under one key in turn, and under other keys at the same time", async () => {
  const turns = new KeyedTurns();
  const gate = Promise.withResolvers<void>();
  const order: string[] = [];
  const note = (name: string, wait: Promise<void>) => async () => {
    order.push(`${name} begins`);
    await wait;
    order.push(`${name} ends`);
    return name;
  };
  const first = turns.run("a", note("first", gate.promise));
  const second = turns.run("a", note("second", Promise.resolve()));
  assert.equal(await turns.run("b", note("other", Promise.resolve())), "other");
  gate.resolve();
  assert.deepEqual(await Promise.all([first, second]), ["first", "second"]);
  assert.deepEqual(order, ["first begins", "other begins", "other ends", "first ends", "second begins", "second ends"]);
});

test("KeyedTurns.run() continues after work that failed", async () => {
  const turns = new KeyedTurns();
  const failing = turns.run("a", () => Promise.reject(new Error("no")));
  const next = turns.run("a", async () => "yes");
  await assert.rejects(failing, /no/);
  assert.equal(await next, "yes");
});
