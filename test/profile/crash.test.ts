import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, type TestContext, test } from "node:test";
import { tempDirectory } from "../support/temp-home.ts";
import { openHome, readState, readTree, script } from "./profile-home.ts";
import { prepareScenario, SCENARIOS, type ScenarioName } from "./scenarios.ts";
import { ALL_STEPS, type Call, canTrace, runTraced, type TracedOutcome } from "./strace.ts";

const NAMES = Object.keys(SCENARIOS) as ScenarioName[];
const NO_STRACE = "strace is not installed, or may not trace here";
const WORKERS = 2;
const { signal } = new AbortController();
let isTraceable = false;
const compileCache = tempDirectory({ after });

before(async () => {
  isTraceable = canTrace();
  // In CI, a test that silently does nothing would be worse than none.
  assert(isTraceable || process.env["CI"] === undefined, NO_STRACE);
  if (isTraceable) await warmUp();
});

/** Fills the compile cache, so that all later children make the same calls. */
async function warmUp(): Promise<void> {
  const home = tempDirectory({ after });
  const opened = openHome(home);
  prepareScenario(opened, "install");
  opened.close();
  after(() => rmSync(`${home}.trace`, { force: true }));
  assert.equal((await runTraced({ home, compileCache, action: "install", inject: [] })).output, "done");
}

/** One home in which a scenario runs, with what may be found there afterwards. */
class Trial {
  readonly home: string;
  readonly before: string;
  readonly scenario: ScenarioName;

  constructor(t: TestContext, scenario: ScenarioName) {
    this.home = tempDirectory(t);
    this.scenario = scenario;
    const opened = openHome(this.home);
    prepareScenario(opened, scenario);
    opened.close();
    this.before = this.state();
    t.after(() => rmSync(`${this.home}.trace`, { force: true }));
  }

  /** All that is placed and recorded, the same text for the same state in any home. */
  state(): string {
    const opened = openHome(this.home);
    try {
      return JSON.stringify(readState(opened), null, 1).replaceAll(this.home, "~");
    } finally {
      opened.close();
    }
  }

  run(...inject: string[]): Promise<TracedOutcome> {
    return this.#run(this.scenario, inject);
  }

  runRecovery(...inject: string[]): Promise<TracedOutcome> {
    return this.#run("recover", inject);
  }

  #run(action: ScenarioName | "recover", inject: readonly string[]): Promise<TracedOutcome> {
    return runTraced({ home: this.home, compileCache, action, inject });
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

const PROGRAMS: Readonly<Record<ScenarioName, readonly (string | null)[]>> = {
  install: [null, script("x 2")],
  update: [script("x 1"), script("x 2")],
  "forced install": [script("x of a user"), script("x 2")],
  directory: [script("x 1"), script("x 2")],
  "remove a directory": [script("x 1"), null],
  "several at once": [script("x 1"), script("x 2")],
  remove: [script("x 1"), null],
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
    const links = installations.flatMap(({ links }) => links.map(({ path }) => path));
    assert.deepEqual(Object.keys(readTree(home.bin)), links.toSorted());
    const directories = Object.keys(readTree(home.packages)).filter((path) => path.split("/").length === 2);
    assert.deepEqual(directories, installations.map(({ directory }) => directory).toSorted());
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
async function refer(t: TestContext, scenario: ScenarioName): Promise<Reference> {
  const trial = new Trial(t, scenario);
  const { output, calls } = await trial.run();
  assert.equal(output, "done");
  const after = trial.state();
  assert.notEqual(after, trial.before);
  assert.equal(await trial.recover(), 0);
  return { calls, after };
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const workers = Array.from({ length: WORKERS }, async () => {
    for (const item of queue) await work(item);
  });
  await Promise.all(workers);
}

const describeCall = ({ name, count, args }: Call) => `${name} ${count}: ${args}`;
const isStep = ({ name }: Call) => name !== "pwrite64";

for (const scenario of NAMES) {
  test(`place() and remove() lose nothing when ${scenario} is killed at any step`, async (t) => {
    if (!isTraceable) return t.skip(NO_STRACE);
    const { calls, after } = await refer(t, scenario);
    const steps = calls.filter(isStep);
    assert(steps.length >= 20, `only ${steps.length} steps were seen`);
    const begun = steps.findIndex(({ args }) => /\/packages\/\.pkg-|\/bin\//.test(args));
    assert(begun > 0);
    await inParallel([...steps.entries()], async ([index, call]) => {
      const trial = new Trial(t, scenario);
      const { signal: killed } = await trial.run(`${call.name}:signal=SIGKILL:when=${call.count}`);
      assert.equal(killed, "SIGKILL", describeCall(call));
      await annotate(call, async () => {
        await checkRecovery(trial, after);
        if (index >= begun) assert.equal(trial.state(), after, "what was begun and is whole must be finished");
      });
    });
  });
}

for (const scenario of NAMES) {
  test(`place() and remove() put all back when a call fails once in ${scenario}`, async (t) => {
    if (!isTraceable) return t.skip(NO_STRACE);
    const { calls, after } = await refer(t, scenario);
    const faults = calls.filter(({ name, count }) => name !== "pwrite64" || count % 8 === 1);
    let failed = 0;
    await inParallel(faults, async (call) => {
      const [error, code] = call.count % 2 === 0 ? ["EACCES", "PERMISSION_DENIED"] : ["ENOSPC", "DISK_FULL"];
      const trial = new Trial(t, scenario);
      const { output } = await trial.run(`${call.name}:error=${error}:when=${call.count}`);
      await annotate(call, async () => {
        if (output === "done") return checkRecovery(trial, after);
        const codes = call.args.includes("state.db") ? ["DISK_FULL", "FILE_SYSTEM", "PERMISSION_DENIED"] : [code];
        assert(codes.includes(output), output);
        if (isPlacing(call)) failed += 1;
        if (scenario === "several at once") return checkWhole(trial);
        assert.equal(trial.state(), trial.before);
      });
    });
    assert(failed >= 3, `only ${failed} faults were met`);
  });
}

const isPlacing = ({ args }: Call) => !args.includes("state.db");

test("recover() repairs what place() could not put back, as when the disk becomes read-only", async (t) => {
  if (!isTraceable) return t.skip(NO_STRACE);
  const { calls, after } = await refer(t, "forced install");
  let stuck = 0;
  await inParallel(calls.filter(isStep), async (call) => {
    const trial = new Trial(t, "forced install");
    await trial.run(`${ALL_STEPS}:error=EROFS:when=${call.count}+`);
    if (trial.state() !== trial.before && trial.state() !== after) stuck += 1;
    await annotate(call, () => checkRecovery(trial, after));
  });
  assert(stuck > 0, "nothing was left to repair");
});

test("recover() brings disk and record together when the disk failed under the record and the power went", async (t) => {
  if (!isTraceable) return t.skip(NO_STRACE);
  const { calls, after } = await refer(t, "update");
  const unlinked = calls.findIndex(({ name, args }) => name.startsWith("unlink") && args.includes("/bin/gone"));
  const isCommit = ({ name, args }: Call) => /^f(data)?sync$/.test(name) && args.includes("-wal");
  const committed = calls.findIndex((call, index) => index > unlinked && isCommit(call));
  const commit = calls[committed] ?? assert.fail("no commit");
  const nextWrite = calls.slice(committed).find(({ name }) => name === "pwrite64") ?? assert.fail("no write");
  const trial = new Trial(t, "update");
  const { output } = await trial.run(
    `${commit.name}:error=EIO:when=${commit.count}+`,
    `pwrite64:error=EIO:when=${nextWrite.count}+`,
  );
  assert.equal(output, "FILE_SYSTEM");
  // A power cut loses the log's shared memory; what was written to the log may well have reached the disk.
  rmSync(join(trial.home, "state.db-shm"), { force: true });
  assert(existsSync(join(trial.home, "state.db-wal")));
  await checkRecovery(trial, after);
});

for (const damage of [false, true]) {
  test(`recover() may itself be killed at any step, where it ${damage ? "undoes" : "finishes"}`, async (t) => {
    if (!isTraceable) return t.skip(NO_STRACE);
    const { calls, after } = await refer(t, "forced install");
    const commit = calls.findLast(({ args }) => args.includes("/bin>")) ?? assert.fail("no sync of bin");
    const cut = async () => {
      const trial = new Trial(t, "forced install");
      await trial.run(`${commit.name}:signal=SIGKILL:when=${commit.count}`);
      if (damage) damageProgram(trial);
      return trial;
    };
    const reference = await cut();
    const recovery = await reference.runRecovery();
    assert.equal(recovery.output, "done");
    assert.equal(reference.state(), damage ? reference.before : after);
    await inParallel(recovery.calls.filter(isStep), async (call) => {
      const trial = await cut();
      await trial.runRecovery(`${call.name}:signal=SIGKILL:when=${call.count}`);
      await annotate(call, async () => {
        if (!damage) await checkRecovery(trial, after);
        else await trial.recover();
        assert.equal(trial.state(), damage ? trial.before : after);
        assert.equal(await trial.recover(), 0);
      });
    });
  });
}

/** The blob and the hard link in the package directory are one file. */
function damageProgram(trial: Trial): void {
  const path = join(trial.home, "bin/x");
  const mode = statSync(path).mode;
  writeFileSync(path, "damaged", { mode });
}

test("place() makes each step durable before the one that relies on it", async (t) => {
  if (!isTraceable) return t.skip(NO_STRACE);
  for (const scenario of ["update", "forced install"] as const) {
    const { calls } = await refer(t, scenario);
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

test("place() makes every directory of a package durable before the package appears", async (t) => {
  if (!isTraceable) return t.skip(NO_STRACE);
  const { calls } = await refer(t, "directory");
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

/** Says which call was tampered with when a check fails. */
async function annotate(call: Call, check: () => Promise<void>): Promise<void> {
  try {
    await check();
  } catch (error) {
    throw new Error(`at ${describeCall(call)}`, { cause: error });
  }
}
