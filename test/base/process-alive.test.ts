import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { hasEnded, isAlive, machineId, uniqueOwner } from "../../src/base/process-alive.ts";

const endedPid = () => spawnSync("true").pid;

test("isAlive() distinguishes a running process from one that has ended", () => {
  assert.equal(isAlive(process.pid), true);
  assert.equal(isAlive(1), true);
  assert.equal(isAlive(endedPid()), false);
});

test("isAlive() does not take for a process what kill(2) takes for a group, or cannot take at all", () => {
  for (const pid of [0, -1, -process.pid, 1.5, Number.NaN, 2 ** 31, 9_999_999_999]) {
    assert.equal(isAlive(pid), false, String(pid));
  }
});

test("hasEnded() judges processes of this machine alone", () => {
  const ended = String(endedPid());
  assert.equal(hasEnded(machineId(), ended), true);
  assert.equal(hasEnded(machineId(), String(process.pid)), false);
  assert.equal(hasEnded("0".repeat(8), ended), false);
});

test("uniqueOwner() names this machine and process, and differs each time", () => {
  const owner = uniqueOwner();
  assert.match(owner, new RegExp(`^${machineId()}-${process.pid}-[0-9a-f]{16}$`));
  assert.notEqual(uniqueOwner(), owner);
});
