import assert from "node:assert/strict";
import { chmodSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Event } from "../../src/base/events.ts";
import type { State } from "../../src/capabilities/capabilities.ts";
import { loadConfig } from "../../src/config/config.ts";
import { PkgError } from "../../src/errors.ts";
import { applyPlan } from "../../src/install/apply-plan.ts";
import { NO_CONSENT } from "../../src/install/name-concerns.ts";
import { obtainPlan } from "../../src/obtain/obtain-plan.ts";
import type { ObtainContext } from "../../src/obtain/obtained-package.ts";
import { makePlan, type Plan } from "../../src/plan/plan.ts";
import { resolveReference } from "../../src/resolve/resolve-reference.ts";
import { parseSpec } from "../../src/resolve/spec.ts";
import { readTree, run, tempProfile } from "../profile/profile-home.ts";
import { runPkg } from "../support/run-pkg.ts";
import { type Cleanup, tempDirectory, tempHome } from "../support/temp-home.ts";

const OPTIONS = { concurrency: 4, check: () => {} };
const { signal } = new AbortController();

/** Packages in a layout, a plan to install them, and what obtaining and applying need; there is no network. */
async function world(t: Cleanup, programs: readonly string[], words = (name: string) => name) {
  const home = tempProfile(t);
  const work = tempDirectory(t);
  for (const name of programs) {
    writeFileSync(join(work, name), `#!/bin/sh\necho ${words(name)}\n`);
    chmodSync(join(work, name), 0o755);
    const pushed = await runPkg(["oci", "push", `oci:${join(work, "lay")}:${name}`, name], {
      home: tempHome(t),
      cwd: work,
    });
    assert.equal(pushed.code, 0, pushed.stderr);
  }
  const events: Event[] = [];
  const sources = {
    network: () => Promise.reject(new Error("there is no network in this test")),
    machine: { host: "x86_64-linux", libcs: ["static" as const] },
  };
  const context: Omit<ObtainContext, "discard"> = {
    ...{
      sources,
      place: { machine: sources.machine, searchPath: [] },
      signal,
      blobs: home.blobs,
      installations: home.installations,
      prefix: "/nowhere/brew",
      now: () => 0,
    },
    emit: (event) => events.push(event),
    retry: { policy: { attempts: 1, patienceMs: 0, baseMs: 0, capMs: 0 }, random: () => 0, sleep: async () => {} },
  };
  const resolutions = await Promise.all(
    programs.map(async (name) => {
      const spec = parseSpec(`oci:lay:${name}`, work);
      if (spec.kind !== "reference") throw new Error("a place is a reference");
      const resolved = await resolveReference({ ...context, sources }, spec, { skip: [], key: null });
      // One layout is one owner; here each manifest represents a package of its own.
      return { ...resolved, packageId: name };
    }),
  );
  const plan: Plan = makePlan(resolutions, () => null, { reinstall: false });
  const state: State = { ...home, forget: home.journal.forget, withLock: async (work) => work() };
  const config = loadConfig({ env: {}, platform: "linux", arch: "x64", flags: { home: tempHome(t) } });
  const names = { searchPath: [], paths: { ...config.paths, bin: home.bin } };
  const apply = (obtained: Awaited<ReturnType<typeof obtainPlan>>) =>
    applyPlan({ state, names, share: config.share, emit: context.emit, now: () => 0 }, obtained, {
      force: false,
      consent: NO_CONSENT,
    });
  return { ...home, work, context, plan, events, apply };
}

function blobOf({ steps }: Plan, index: number) {
  return steps[index]?.resolution.origin.manifest?.layers[0]?.digest ?? assert.fail("no layer");
}

test("obtainPlan() ends with verified bytes in the store and places nothing; applyPlan() places all of it", async (t) => {
  const w = await world(t, ["a", "b"]);
  const obtained = await obtainPlan(w.context, w.plan, OPTIONS);
  assert.deepEqual(
    obtained.map(({ kind }) => kind),
    ["obtained", "obtained"],
  );
  assert.ok(w.blobs.has(blobOf(w.plan, 0)) && w.blobs.has(blobOf(w.plan, 1)));
  assert.deepEqual(readTree(w.bin), {});
  assert.ok(!existsSync(w.packages));
  assert.deepEqual([w.installations.list(), w.journal.open()], [[], []]);
  const applied = await w.apply(obtained);
  assert.deepEqual(
    [...applied.steps.values()].map(({ kind }) => kind),
    ["applied", "applied"],
  );
  assert.deepEqual([run(join(w.bin, "a")), run(join(w.bin, "b"))], ["a", "b"]);
  // The journal never gives a number twice: the whole plan was one intent.
  const next = w.journal.begin({ installs: [], removals: [], renewals: [], links: [], unlinks: [], draft: ".pkg-x" });
  assert.equal(next, 2);
});

test("obtainPlan() names what cannot be had, and the rest is applied", async (t) => {
  const w = await world(t, ["a", "b", "c"]);
  const digest = blobOf(w.plan, 1);
  const path = join(w.work, "lay", "blobs", ...digest.split(":"));
  chmodSync(path, 0o644);
  writeFileSync(path, "#!/bin/sh\necho evil\n");
  const obtained = await obtainPlan(w.context, w.plan, OPTIONS);
  assert.deepEqual(
    obtained.map((step) => (step.kind === "failed" ? step.error.exitCode : step.kind)),
    ["obtained", 1, "obtained"],
  );
  assert.ok(!w.blobs.has(digest));
  const applied = await w.apply(obtained);
  assert.deepEqual(
    w.plan.steps.map((step) => (step.kind === "keep" ? "" : applied.steps.get(step)?.kind)),
    ["applied", "failed", "applied"],
  );
  assert.deepEqual(Object.keys(readTree(w.bin)), ["a", "c"]);
  const whole = {
    concurrency: 1,
    check: () => {},
    leftAlone: (name: string, { code }: PkgError) => new PkgError(code, name),
  };
  const none = await obtainPlan(w.context, { ...w.plan, steps: w.plan.steps.slice(1) }, whole);
  assert.deepEqual(
    none.map((step) => (step.kind === "skipped" ? step.error.message : step.kind)),
    ["failed", "c"],
    "of a plan that is carried out whole, nothing more is begun",
  );
});

test("obtainPlan() fetches nothing for a step that may not be carried out", async (t) => {
  const w = await world(t, ["a", "b"]);
  const check = ({ resolution }: { readonly resolution: { readonly name: string } }) => {
    if (resolution.name === "a") throw new PkgError("NAME_BOUND", "Cannot");
  };
  const obtained = await obtainPlan(w.context, w.plan, { ...OPTIONS, check });
  assert.deepEqual(
    obtained.map(({ kind }) => kind),
    ["failed", "obtained"],
  );
  assert.ok(!w.blobs.has(blobOf(w.plan, 0)));
  assert.ok(!w.events.some((event) => "id" in event && event.id === "a"));
});

test("applyPlan() keeps what another process placed between plan and lock, refuses to go back, and does the rest", async (t) => {
  const w = await world(t, ["a", "b"]);
  const obtained = await obtainPlan(w.context, w.plan, OPTIONS);
  const [first, second] = obtained;
  if (first?.kind !== "obtained" || second === undefined) throw new Error("two packages that were obtained");
  await w.apply([first]);
  const outcome = async (...steps: typeof obtained) =>
    [...(await w.apply(steps)).steps.values()].map((step) =>
      step.kind === "failed" ? step.error.code : step.item.action,
    );
  const resolution = { ...first.package.resolution, version: "0" };
  const older = { ...first, step: { ...first.step, resolution }, package: { ...first.package, resolution } };
  assert.deepEqual(await outcome(older), ["STATE_CHANGED"]);
  assert.deepEqual(await outcome(first, second), ["keep", "install"]);
  assert.equal(readdirSync(w.bin).length, 2);
});

test("applyPlan() sees under the lock what others removed that a package needs, and marks what they placed for themselves", async (t) => {
  const w = await world(t, ["a", "b"]);
  const obtained = await obtainPlan(w.context, w.plan, OPTIONS);
  const [a, b] = obtained;
  if (a?.kind !== "obtained" || b?.kind !== "obtained") throw new Error("two packages that were obtained");
  const as = (item: typeof a, facts: Partial<typeof a.package.resolution>) => {
    const resolution = { ...item.package.resolution, ...facts };
    const links = resolution.isDependency ? [] : item.package.links;
    return { ...item, step: { ...item.step, resolution }, package: { ...item.package, resolution, links } };
  };
  const needing = as(a, { dependencies: ["b"] });
  const [refused] = (await w.apply([needing])).steps.values();
  assert.equal(refused?.kind === "failed" && refused.error.code, "STATE_CHANGED");
  assert.deepEqual(w.installations.list(), []);
  await w.apply([as(b, { isDependency: true }), needing]);
  assert.deepEqual(readdirSync(w.bin), ["a"]);
  const [marked] = (await w.apply([b])).steps.values();
  assert.partialDeepStrictEqual(marked, { kind: "applied", item: { action: "mark", isDependency: false } });
  assert.deepEqual(readdirSync(w.bin).toSorted(), ["a", "b"]);
  const [kept] = (await w.apply([as(b, { isDependency: true })])).steps.values();
  assert.partialDeepStrictEqual(kept, { kind: "applied", item: { action: "keep", isDependency: false } });
});

test("obtainPlan() uses what the store already has, without reading the place again", async (t) => {
  const w = await world(t, ["a"]);
  await obtainPlan(w.context, w.plan, OPTIONS);
  const digest = blobOf(w.plan, 0);
  writeFileSync(join(w.work, "lay", "blobs", ...digest.split(":")), "damaged since");
  const [again] = await obtainPlan(w.context, w.plan, OPTIONS);
  assert.equal(again?.kind, "obtained");
  assert.equal(again?.kind === "obtained" ? again.package.receivedBytes : -1, 0);
});

test("obtainPlan() keeps a blob of a package that failed if another package of the plan has it too", async (t) => {
  const w = await world(t, ["a", "b"], () => "the same");
  const [first, second] = w.plan.steps;
  if (first === undefined || second === undefined) throw new Error("a plan of two steps");
  assert.equal(blobOf(w.plan, 0), blobOf(w.plan, 1));
  const { resolution } = second;
  const strict = { ...resolution, policy: { ...resolution.policy, require: ["digest", "checksum"] as const } };
  const plan: Plan = { ...w.plan, steps: [first, { ...second, resolution: strict }] };
  const obtained = await obtainPlan(w.context, plan, OPTIONS);
  assert.deepEqual(
    obtained.map((step) => (step.kind === "failed" ? step.error.code : step.kind)),
    ["obtained", "CHECKSUM_MISSING"],
  );
  assert.ok(w.blobs.has(blobOf(w.plan, 0)));
  await w.apply(obtained);
  assert.equal(run(join(w.bin, "a")), "the same");
});
