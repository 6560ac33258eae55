import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, type TestContext, test } from "node:test";
import { inPrefix, programLinks } from "../../src/package/place.ts";
import { skipWithout } from "../support/docker-registry.ts";
import { canTrace } from "../support/strace.ts";
import { tempDirectory } from "../support/temp-home.ts";
import { type Call, type Fault, isStep, type Orders, type Outcome, startFaultyProcess } from "./faults.ts";
import { openHome, readState, readTree, script } from "./profile-home.ts";
import { prepareScenario, SCENARIOS, type ScenarioName } from "./scenarios.ts";

const NAMES = Object.keys(SCENARIOS) as ScenarioName[];
const { signal } = new AbortController();
const skip = skipWithout("gcc");
const faulty = skip === false ? startFaultyProcess({ after }) : null;

/** A home in which a scenario runs, again and again, with what may be found there afterwards. */
class Trial {
  readonly home: string;
  readonly before: string;
  readonly scenario: ScenarioName;
  /** The home before the scenario. */
  readonly #prepared: string;
  readonly #copies: string;

  constructor(t: TestContext, scenario: ScenarioName) {
    const place = tempDirectory(t);
    this.home = join(place, "home");
    this.#prepared = join(place, "prepared");
    this.#copies = join(place, "copies");
    this.scenario = scenario;
    mkdirSync(this.home);
    const opened = openHome(this.home);
    prepareScenario(opened, scenario);
    opened.close();
    this.before = this.state();
    this.keep();
  }

  /** Takes what is there now for the state before. */
  keep(): void {
    rmSync(this.#prepared, { recursive: true, force: true });
    copy(this.home, this.#prepared);
  }

  /** All that is placed and recorded. */
  state(): string {
    const opened = openHome(this.home);
    try {
      return JSON.stringify(readState(opened), null, 1);
    } finally {
      opened.close();
    }
  }

  /** The scenario, in the state before, with calls that fail. */
  run(...faults: Fault[]): Promise<Outcome> {
    this.#restore();
    return run({ home: this.home, action: this.scenario, faults });
  }

  /** What is there after a kill at each step of an action, one after the other: a kill leaves the files as they are. */
  async *killed(action: ScenarioName | "recover" = this.scenario): AsyncGenerator<readonly [Call, number]> {
    this.#restore();
    rmSync(this.#copies, { recursive: true, force: true });
    mkdirSync(this.#copies);
    const { output, calls } = await run({ home: this.home, action, copies: this.#copies });
    assert.equal(output, "done");
    const steps = calls.filter(isStep);
    assert.equal(readdirSync(this.#copies).length, steps.length);
    for (const [index, call] of steps.entries()) {
      rmSync(this.home, { recursive: true });
      renameSync(join(this.#copies, `${index}`), this.home);
      yield [call, index];
    }
  }

  #restore(): void {
    rmSync(this.home, { recursive: true, force: true });
    copy(this.#prepared, this.home);
  }

  async recover(): Promise<number> {
    const opened = openHome(this.home);
    try {
      return (await opened.profile.recover(signal)).length;
    } finally {
      opened.close();
    }
  }

  /** What `bin/x` runs; null when there is nothing. */
  program(): string | null {
    const path = join(this.home, "bin/x");
    return existsSync(path) ? readFileSync(path, "utf8") : null;
  }
}

function run(orders: Orders): Promise<Outcome> {
  return faulty?.run(orders) ?? assert.fail("there is no gcc");
}

/** With its links, modes and times; of one file under two names, one file. */
function copy(from: string, to: string): void {
  execFileSync("cp", ["-a", from, to]);
}

const PROGRAMS: Readonly<Record<ScenarioName, readonly (string | null)[]>> = {
  install: [null, script("x 2")],
  update: [script("x 1"), script("x 2")],
  "forced install": [script("x of a user"), script("x 2")],
  directory: [script("x 1"), script("x 2")],
  "remove a directory": [script("x 1"), null],
  "several at once": [script("x 1"), script("x 2")],
  remove: [script("x 1"), null],
  // A directory cannot be exchanged with another one in one step.
  kegs: [script("x 1"), null, script("x 2")],
};

/** After any interruption: the program is whole, one recovery leads to the old or the new state, and a second has nothing to do. */
async function checkRecovery(trial: Trial, after: string): Promise<void> {
  assert(PROGRAMS[trial.scenario].includes(trial.program()), `bin/x holds ${trial.program()}`);
  await trial.recover();
  const state = trial.state();
  assert(state === trial.before || state === after, state);
  assert.equal(await trial.recover(), 0);
  assert.equal(trial.state(), state);
}

/** Of several packages, those that the fault did not hit are changed: each is whole, and nothing else exists. */
async function checkWhole(trial: Trial): Promise<void> {
  await trial.recover();
  const home = openHome(trial.home);
  try {
    const installations = home.installations.list();
    const links = installations.flatMap(({ links }) => programLinks(links).map(({ path }) => path));
    assert.deepEqual(Object.keys(readTree(home.bin)), links.toSorted());
    const directories = Object.keys(readTree(home.packages)).filter((path) => path.split("/").length === 2);
    const kegs = existsSync(home.prefix) ? readdirSync(home.prefix, { recursive: true, encoding: "utf8" }) : [];
    const placed = [
      ...kegs.filter((path) => /^Cellar\/[^/]+\/[^/]+$|^\.pkg-(?!home$)/.test(path)).map(inPrefix),
      ...directories,
    ];
    assert.deepEqual(placed.toSorted(), installations.map(({ directory }) => directory).toSorted());
    for (const installation of installations) {
      const paths = await home.profile.verify(installation, signal);
      assert.ok(
        paths.every(({ state }) => state === "ok"),
        installation.name,
      );
    }
  } finally {
    home.close();
  }
}

interface Reference {
  readonly calls: readonly Call[];
  readonly after: string;
}

/** A run of the scenario that nothing disturbs. */
async function refer(trial: Trial): Promise<Reference> {
  const { output, calls } = await trial.run();
  assert.equal(output, "done");
  const after = trial.state();
  assert.notEqual(after, trial.before);
  assert.equal(await trial.recover(), 0);
  return { calls, after };
}

const describeCall = ({ name, count, args }: Call) => `${name} ${count}: ${args}`;

for (const scenario of NAMES) {
  test(`place() and remove() lose nothing when ${scenario} is killed at any step`, { skip }, async (t) => {
    const trial = new Trial(t, scenario);
    const { calls, after } = await refer(trial);
    const steps = calls.filter(isStep);
    assert(steps.length >= 15, `only ${steps.length} steps were seen`);
    const begun = steps.findIndex(({ args }) => /\/(?:packages|brew)\/\.pkg-|\/bin\//.test(args));
    assert(begun > 0);
    for await (const [call, index] of trial.killed())
      await annotate(call, async () => {
        await checkRecovery(trial, after);
        if (index >= begun) assert.equal(trial.state(), after, "what was begun and is whole must be finished");
      });
  });
}

for (const scenario of NAMES) {
  test(`place() and remove() put all back when a call fails once in ${scenario}`, { skip }, async (t) => {
    const trial = new Trial(t, scenario);
    const { calls, after } = await refer(trial);
    const every = calls.filter(({ name, count }) => name !== "pwrite64" || count % 8 === 1);
    // The steps of kegs are many, and much alike.
    const faults = every.filter((_, index) => scenario !== "kegs" || index % 4 === 0);
    let failed = 0;
    for (const call of faults) {
      const [error, code] =
        call.count % 2 === 0 ? (["EACCES", "PERMISSION_DENIED"] as const) : (["ENOSPC", "DISK_FULL"] as const);
      const { output } = await trial.run({ call, error });
      await annotate(call, async () => {
        if (output === "done") return checkRecovery(trial, after);
        const codes = call.args.includes("state.db") ? ["DISK_FULL", "FILE_SYSTEM", "PERMISSION_DENIED"] : [code];
        assert(codes.includes(output), output);
        if (isPlacing(call)) failed += 1;
        if (SEVERAL.includes(scenario)) return checkWhole(trial);
        assert.equal(trial.state(), trial.before);
      });
    }
    assert(failed >= 3, `only ${failed} faults were met`);
  });
}

const SEVERAL: readonly ScenarioName[] = ["several at once", "kegs"];
const isPlacing = ({ args }: Call) => !args.includes("state.db");

test("recover() repairs what place() could not put back, as when the disk becomes read-only", { skip }, async (t) => {
  const trial = new Trial(t, "forced install");
  const { calls, after } = await refer(trial);
  let stuck = 0;
  for (const call of calls.filter(isStep)) {
    await trial.run({ call, error: "EROFS", andAll: "all" });
    if (trial.state() !== trial.before && trial.state() !== after) stuck += 1;
    await annotate(call, () => checkRecovery(trial, after));
  }
  assert(stuck > 0, "nothing was left to repair");
});

test("recover() brings disk and record together when the disk failed under the record and the power went", {
  skip,
}, async (t) => {
  const trial = new Trial(t, "update");
  const { calls, after } = await refer(trial);
  const unlinked = calls.findIndex(({ name, args }) => name.startsWith("unlink") && args.includes("/bin/gone"));
  const isCommit = ({ name, args }: Call) => /^f(data)?sync$/.test(name) && args.includes("-wal");
  const committed = calls.findIndex((call, index) => index > unlinked && isCommit(call));
  const commit = calls[committed] ?? assert.fail("no commit");
  const nextWrite = calls.slice(committed).find(({ name }) => name === "pwrite64") ?? assert.fail("no write");
  const { output } = await trial.run(
    { call: commit, error: "EIO", andAll: "name" },
    { call: nextWrite, error: "EIO", andAll: "name" },
  );
  assert.equal(output, "FILE_SYSTEM");
  // A power cut loses the log's shared memory; what was written to the log may well have reached the disk.
  rmSync(join(trial.home, "state.db-shm"), { force: true });
  assert(existsSync(join(trial.home, "state.db-wal")));
  await checkRecovery(trial, after);
});

for (const damage of [false, true]) {
  test(`recover() may itself be killed at any step, where it ${damage ? "undoes" : "finishes"}`, {
    skip,
  }, async (t) => {
    const trial = new Trial(t, "forced install");
    const { calls, after } = await refer(trial);
    const commit = calls.findLast(({ args }) => args.includes("/bin>")) ?? assert.fail("no sync of bin");
    for await (const [call] of trial.killed()) if (call.name === commit.name && call.count === commit.count) break;
    if (damage) damageProgram(trial);
    trial.keep();
    for await (const [call] of trial.killed("recover"))
      await annotate(call, async () => {
        if (!damage) await checkRecovery(trial, after);
        else await trial.recover();
        assert.equal(trial.state(), damage ? trial.before : after);
        assert.equal(await trial.recover(), 0);
      });
  });
}

/** The blob and the hard link in the package directory are one file. */
function damageProgram(trial: Trial): void {
  const path = join(trial.home, "bin/x");
  const mode = statSync(path).mode;
  writeFileSync(path, "damaged", { mode });
}

test("place() makes each step durable before the one that relies on it", { skip }, async (t) => {
  for (const scenario of ["update", "forced install"] as const) {
    const { calls } = await refer(new Trial(t, scenario));
    const steps = calls.filter(isStep).map(({ name, args }) => `${name} ${args}`);
    const at = (pattern: RegExp, from = 0) => {
      const index = steps.findIndex((step, position) => position >= from && pattern.test(step));
      assert(index >= 0, `no ${pattern} after step ${from} of\n${steps.join("\n")}`);
      return index;
    };
    const stage = at(/^mkdir.*\/packages\/\.pkg-/);
    assert.match(steps[stage - 1] ?? "", /^f(data)?sync .*state\.db-wal/, "the intent is durable before staging");
    const linked = at(/^link.*\/packages\/\.pkg-/, stage);
    const fileSynced = at(/^fsync .*\/packages\/\.pkg-[0-9a-f-]+\/\w+>/, linked);
    const stageSynced = at(/^fsync .*\/packages\/\.pkg-[0-9a-f-]+>/, fileSynced);
    const renamed = at(/^rename.*\/packages\/\.pkg-/, stageSynced);
    const parentSynced = at(/^fsync .*\/packages\/x>/, renamed);
    const packagesSynced = at(/^fsync .*\/packages>/, parentSynced);
    const switched = at(/^(symlink|link).*\/bin\//, packagesSynced);
    const lastLink = steps.findLastIndex((step) => /^(symlink|rename|unlink|link).*\/bin\//.test(step));
    assert(lastLink > switched);
    const binSynced = at(/^fsync .*\/bin>/, lastLink);
    const committed = at(/^f(data)?sync .*state\.db-wal/, binSynced);
    const firstRemoval = steps.findIndex((step) => /^unlinkat .*\/packages\/x\/1-/.test(step));
    assert(firstRemoval === -1 || firstRemoval > committed, "the old version goes only once the new one is recorded");
  }
});

test("place() makes every directory of a package durable before the package appears", { skip }, async (t) => {
  const { calls } = await refer(new Trial(t, "directory"));
  const steps = calls.filter(isStep).map(({ name, args }) => `${name} ${args}`);
  const renamed = steps.findIndex((step) => /^rename.*\/packages\/\.pkg-/.test(step));
  assert(renamed > 0);
  for (const directory of ["bin", "lib", "lib/deep", "lib/deep/er"]) {
    const path = `/packages/\\.pkg-[0-9a-f-]+/${directory}`;
    const filled = steps.findLastIndex((step) => new RegExp(`^(link|symlink).*${path}/[^/]+"`).test(step));
    const synced = steps.findIndex((step) => new RegExp(`^fsync .*${path}>`).test(step));
    assert(synced > filled && synced < renamed, `${directory}: filled at ${filled}, synced at ${synced} of ${renamed}`);
  }
  const firstLink = steps.findIndex((step) => /^symlink.*\/packages\/\.pkg-/.test(step));
  const lastFile = steps.findLastIndex((step) => /^link .*\/packages\/\.pkg-/.test(step));
  assert(firstLink > lastFile, "links are made last: nothing is written through one");
});

const TRACED =
  "?mkdir,?mkdirat,?rmdir,?rename,?renameat,?renameat2,?link,?linkat,?unlink,?unlinkat,?symlink,?symlinkat";
const TRACED_TOO = "?chmod,?fchmodat,?fchmodat2,?fsync,?fdatasync,?pwrite64";

test("no step gets past faults.c that strace sees", {
  skip: skip || (!canTrace() && "strace is not installed, or may not trace here"),
}, async (t) => {
  const log = join(tempDirectory(t), "strace");
  const strace = ["strace", "-f", "-y", "-qq", "-s", "0", "-o", log, "-e", `trace=${TRACED},${TRACED_TOO}`];
  const traced = startFaultyProcess(t, strace);
  const seen: string[] = [];
  const trials = NAMES.map((scenario) => new Trial(t, scenario));
  for (const { home, scenario } of trials) {
    const { output, calls } = await traced.run({ home, action: scenario });
    assert.equal(output, "done");
    seen.push(...calls.map(({ name }) => name));
  }
  const isIn = (line: string) => trials.some(({ home }) => line.includes(home));
  const lines = readFileSync(log, "utf8").split("\n");
  const [main] = lines[0]?.split(" ") ?? [];
  const names = lines
    .filter((line) => line.startsWith(`${main} `) && isIn(line))
    .map((line) => /\w+(?=\()/.exec(line)?.[0]);
  assert.deepEqual(names, seen);
});

/** Says which call was tampered with when a check fails. */
async function annotate(call: Call, check: () => Promise<void>): Promise<void> {
  try {
    await check();
  } catch (error) {
    throw new Error(`at ${describeCall(call)}`, { cause: error });
  }
}
