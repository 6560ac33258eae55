import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, watch } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openDatabase } from "../../src/state/database.ts";
import { createJournal } from "../../src/state/journal.ts";
import { buildProgram } from "../support/built-program.ts";
import type { BuiltPackage } from "../support/package-builder.ts";
import { makeSampleHome, type SampleHome } from "../support/sample-home.ts";
import { tempDirectory } from "../support/temp-home.ts";

const HOMES = 2;
/**
 * Most of them hit a change half done, which is what can go wrong: test/profile/crash.test.ts kills at every known step,
 * and this test at random points. PKG_TEST_KILLS sets how many.
 */
const KILLS = Number(process.env["PKG_TEST_KILLS"] ?? 40);
const KILLS_PER_HOME = Math.ceil(KILLS / HOMES);
/** How many of them at least must cut a change in two, or this would prove nothing. */
const HITS_PER_HOME = Math.ceil(KILLS_PER_HOME / 10);
const SEED = 20261120;
/** A change takes a few ms under the lock. */
const LOCKED_MS = 10;

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** When a command is killed, in ms: after its start, or after it took the lock to change what is installed. */
interface Aim {
  readonly from: "start" | "lock";
  readonly afterMs: number;
}

/** Starts a command and kills it; true when the kill came before its end. */
async function killAt({ program, home }: Target, args: readonly string[], aim: Aim): Promise<boolean> {
  const env = { HOME: home.path, PKG_HOME: home.path, PATH: "/usr/bin:/bin" };
  const child = spawn(program, [...args], { env, stdio: "ignore" });
  const ended = once(child, "close");
  let timer: NodeJS.Timeout | undefined;
  const arm = () => {
    timer ??= setTimeout(() => child.kill("SIGKILL"), aim.afterMs);
  };
  const watcher = watch(home.path, (_event, name) => name === "lock.db.holder" && arm());
  if (aim.from === "start") arm();
  await ended;
  watcher.close();
  clearTimeout(timer);
  return child.signalCode === "SIGKILL";
}

interface Target {
  readonly program: string;
  readonly home: SampleHome;
}

/** What the program in the bin directory prints; null when there is none. */
function printed(home: SampleHome): string | null {
  const path = join(home.path, "bin", "tool");
  if (!existsSync(path)) return null;
  const { status, stdout } = spawnSync(path, { encoding: "utf8" });
  assert.equal(status, 0);
  return stdout.trim();
}

async function assertSound(home: SampleHome): Promise<void> {
  // Recovers, as every command does that may change something.
  assert.equal((await home.pkg(["remove", "nosuch"])).code, 1);
  const { code, document } = await home.json("list");
  assert.equal(code, 0);
  const installed = readInstalled(document);
  assert.equal(printed(home), installed === null ? null : `tool ${installed}`);
  const packages = join(home.path, "packages");
  const directories = existsSync(packages) ? readdirSync(packages, { recursive: true, withFileTypes: true }) : [];
  const files = directories.filter((item) => item.isFile());
  assert.deepEqual(
    files.map((item) => item.name),
    installed === null ? [] : ["tool"],
  );
  const bin = join(home.path, "bin");
  assert.deepEqual(existsSync(bin) ? readdirSync(bin) : [], installed === null ? [] : ["tool"]);
  assert.equal((await home.pkg(["verify"])).code, 0);
}

function readInstalled(document: unknown): string | null {
  assert.ok(
    typeof document === "object" && document !== null && "packages" in document && Array.isArray(document.packages),
  );
  const [first]: unknown[] = document.packages;
  if (first === undefined) return null;
  assert.ok(typeof first === "object" && first !== null && "version" in first);
  return String(first.version);
}

const COMMANDS = [
  ["install", "tool"],
  ["update"],
  ["install", "tool", "--reinstall"],
  ["remove", "tool"],
  ["install", "tool@1.0.0"],
] as const;

async function killOver(target: Target, [older, newer]: readonly BuiltPackage[], seed: number): Promise<number> {
  assert.ok(older !== undefined && newer !== undefined);
  const { home } = target;
  const random = createRandom(seed);
  home.publishIndex(older);
  const typical = new Map<readonly string[], number>();
  let kills = 0;
  let interrupted = 0;
  // On a busy machine a kill comes late more often, so there are more of them until enough have hit.
  const isEnough = () => kills >= KILLS_PER_HOME && interrupted >= HITS_PER_HOME;
  for (let round = 0; !isEnough() && round < 4 * KILLS_PER_HOME; round++) {
    home.publishIndex(round % 3 === 0 ? older : newer);
    const command = COMMANDS[Math.floor(random() * COMMANDS.length)] ?? COMMANDS[0];
    const startedAt = performance.now();
    // The start of Node is most of a run, and there is nothing to lose in it: aim at what follows.
    const afterMs = (typical.get(command) ?? 10_000) * (0.4 + 0.6 * random());
    const aim: Aim = round % 4 === 0 ? { from: "start", afterMs } : { from: "lock", afterMs: LOCKED_MS * random() };
    if (await killAt(target, command, aim)) kills++;
    else typical.set(command, performance.now() - startedAt);
    const text = printed(home);
    assert.ok(text === null || text === "tool 1.0.0" || text === "tool 2.0.0", `found "${text}"`);
    if (openIntents(home) > 0) interrupted++;
    if (round % 25 === 0) await assertSound(home);
  }
  await assertSound(home);
  assert.equal(openIntents(home), 0);
  assert.ok(kills >= KILLS_PER_HOME, `${kills} kills`);
  return interrupted;
}

/** Changes that are journalled and not done. */
function openIntents(home: SampleHome): number {
  const path = join(home.path, "state.db");
  if (!existsSync(path)) return 0;
  const database = openDatabase(path);
  try {
    return createJournal(database).open().length;
  } finally {
    database.close();
  }
}

test(`${KILLS} SIGKILLs at random leave the old or the new program whole, and the next command recovers`, async (t) => {
  const program = buildProgram(tempDirectory(t));
  const runs = Array.from({ length: HOMES }, async (_, index) => {
    const home = await makeSampleHome(t);
    const versions = ["1.0.0", "2.0.0"].map((version) => home.build({ name: "tool", version }));
    await home.push(...versions);
    return killOver({ program, home }, versions, SEED + index);
  });
  const interrupted = await Promise.all(runs);
  // Enough must have cut a change in two, or this would prove nothing.
  assert.ok(interrupted.reduce((sum, count) => sum + count) >= KILLS / 10, `only ${interrupted.join(" + ")} did`);
  t.diagnostic(`${interrupted.join(" + ")} kills left a change half-way`);
});
