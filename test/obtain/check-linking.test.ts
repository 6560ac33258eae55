import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import type { Event } from "../../src/base/events.ts";
import { checkLinking, type LinkingContext, lookUpNeeded } from "../../src/obtain/check-linking.ts";
import type { ObtainedStep } from "../../src/obtain/obtain-plan.ts";
import { tempDirectory } from "../support/temp-home.ts";

const HOST = process.arch === "arm64" ? "aarch64-linux" : "x86_64-linux";
const LINKERS = ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"];
const SKIP = LINKERS.some((path) => existsSync(path)) ? false : "needs a machine with glibc";

/** What one file of a keg needs: libraries, and versions of them. */
type Needs = Readonly<Record<string, readonly string[]>>;
/** The same of several, by their paths. */
type Linked = Readonly<Record<string, Needs>>;

function kegStep(name: string, needs: Needs, files: readonly string[] = [], libraries: Linked = {}): ObtainedStep {
  const linked = Object.entries({ [`bin/${name}`]: needs, ...libraries }).map(([path, of]) => {
    const neededVersions = Object.entries(of).map(([library, versions]) => ({ library, versions }));
    const interpreter = path.startsWith("bin/") ? "/p/lib/ld.so" : null;
    return { path, linking: { interpreter, needed: Object.keys(of), neededVersions } };
  });
  const keg = { linked };
  const verified = { files: files.map((path) => ({ path })) };
  return { kind: "obtained", step: {}, package: { resolution: { name }, verified, keg } } as unknown as ObtainedStep;
}

function check(steps: readonly ObtainedStep[], options: Partial<LinkingContext> = {}) {
  const events: Event[] = [];
  const context = { installed: () => [], host: HOST, emit: (event: Event) => events.push(event), ...options };
  const errors = checkLinking(context, steps).map((step) => (step.kind === "failed" ? step.error.message : null));
  return { errors, told: events.flatMap((event) => (event.kind === "warning" ? [event.message] : [])) };
}

test("checkLinking() fails what needs a newer C library than there is, and nothing else", { skip: SKIP }, () => {
  const { errors, told } = check([
    kegStep("old", { "libc.so.6": ["GLIBC_2.2.5", "GLIBC_9.2", "GLIBC_9.10"] }),
    kegStep("good", { "libc.so.6": ["GLIBC_2.17"] }),
  ]);
  assert.match(
    errors[0] ?? "",
    /^Cannot install "old": "bin\/old" needs GLIBC_9\.10 of libc\.so\.6, and this machine has GLIBC_2\.\d+$/,
  );
  assert.deepEqual([errors[1], told], [null, []]);
});

test("checkLinking() takes what another keg brings, of the plan or poured already", { skip: SKIP }, () => {
  const needs = {
    "libc.so.6": ["GLIBC_2.17"],
    "libstdc++.so.6": ["GLIBCXX_9.9"],
    "libown.so.1": [],
    "libother.so.1": [],
  };
  const gcc = kegStep("gcc", {}, ["lib/gcc/current/libstdc++.so.6", "lib/libown.so.1"]);
  const other = { name: "other", files: [{ path: "lib/libother.so.1" }], keg: {} };
  const installed = () => [other] as unknown as ReturnType<LinkingContext["installed"]>;
  assert.deepEqual(check([kegStep("new", needs), gcc], { installed }), { errors: [null, null], told: [] });
});

test("checkLinking() does not count a glibc keg, which nothing is linked with", { skip: SKIP }, () => {
  const glibc = kegStep("glibc", {}, ["lib/libc.so.6"]);
  const { errors } = check([kegStep("new", { "libc.so.6": ["GLIBC_9.9"] }), glibc]);
  assert.match(errors[0] ?? "", /needs GLIBC_9\.9/);
});

test("checkLinking() fails a program that needs a library that is nowhere, itself or through its own", {
  skip: SKIP,
}, () => {
  const nowhere = { "libnowhere.so.3": [] };
  const { errors, told } = check([
    kegStep("odd", { "libc.so.6": [], ...nowhere }),
    kegStep("deep", { "/p/lib/libown.so": [] }, ["lib/libown.so"], { "lib/libown.so": nowhere }),
  ]);
  const reason = 'needs "libnowhere.so.3", and neither a bottle nor this machine has it';
  assert.deepEqual(errors, [
    `Cannot install "odd": "bin/odd" ${reason}`,
    `Cannot install "deep": "bin/deep" ${reason}`,
  ]);
  assert.deepEqual(told, []);
});

test("checkLinking() tells which libraries are nowhere that no program is loaded with", { skip: SKIP }, () => {
  const plugin = { "lib/plugin.so": { "libnowhere.so.3": [] } };
  assert.deepEqual(check([kegStep("odd", { "libc.so.6": [] }, [], plugin)]), {
    errors: [null],
    told: ['odd: "libnowhere.so.3" is needed, and neither a bottle nor this machine has it'],
  });
});

test("checkLinking() does not tell what is missing of a closure that has failed in part", { skip: SKIP }, () => {
  const failed = { kind: "failed", step: {}, error: new Error("gone") } as unknown as ObtainedStep;
  assert.deepEqual(check([failed, kegStep("odd", { "libc.so.6": [], "libnowhere.so.3": [] })]).told, []);
});

test("checkLinking() fails what needs glibc where there is none", (t) => {
  const { errors } = check([kegStep("jq", { "libm.so.6": [], "libc.so.6": [] })], { root: tempDirectory(t) });
  assert.deepEqual(errors, ['Cannot install "jq": "bin/jq" needs glibc, which this machine does not have']);
});

test("lookUpNeeded() looks up what files need and do not bring; checkLinking() judges by it", () => {
  const asked: string[] = [];
  const found = { path: "/lib/found.so", versions: null };
  const libraries = {
    find: (name: string) => {
      asked.push(name);
      return name === "libfound.so" ? found : null;
    },
  };
  const step = kegStep("some", { "libfound.so": [], "libown.so": [] }, ["lib/libown.so"], { "lib/libown.so": {} });
  const linked = step.kind === "obtained" ? (step.package.keg?.linked ?? []) : [];
  lookUpNeeded(libraries, linked);
  assert.deepEqual(asked, ["libfound.so"]);
  assert.deepEqual(check([step], { libraries }), { errors: [null], told: [] });
});
