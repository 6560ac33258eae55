import assert from "node:assert/strict";
import { test } from "node:test";
import { libcsOf } from "../../src/package/libc.ts";
import { libcRank, type Machine, machinePlatform, unsupported } from "../../src/package/machine.ts";
import type { Libc, PackageEntry } from "../../src/package/metadata.ts";
import { selectPackage } from "../../src/package/select.ts";
import { parseNamedSpec } from "../../src/package/spec.ts";
import { makeIndexed } from "../support/entries.ts";

/** The loaders that a machine has, and so what runs on it. */
const MACHINES = {
  debian: ["/lib64/ld-linux-x86-64.so.2"],
  alpine: ["/lib/ld-musl-x86_64.so.1"],
  both: ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-musl-x86_64.so.1"],
  bare: [],
} as const;

function machine(name: keyof typeof MACHINES): Machine {
  const loaders: readonly string[] = MACHINES[name];
  return { host: "x86_64-linux", libcs: libcsOf("x86_64-linux", (path) => loaders.includes(path)) };
}

test("machinePlatform() has the C libraries of the machine, the best first", () => {
  const platform = { os: "linux", architecture: "amd64" };
  assert.deepEqual(machinePlatform(machine("both")), { ...platform, osFeatures: ["libc.glibc", "libc.musl"] });
  assert.deepEqual(machinePlatform(machine("bare")), { ...platform, osFeatures: [] });
});

test("libcRank() is null for what does not run, and 0 if no library matters", () => {
  assert.equal(libcRank("musl", machine("debian")), null);
  assert.equal(libcRank("musl", machine("both")), 2);
  assert.equal(libcRank(null, machine("bare")), 0);
});

const CHOICES: readonly (readonly [keyof typeof MACHINES, readonly (Libc | null)[], Libc | null | "none"])[] = [
  ["debian", ["musl", "glibc", "static"], "static"],
  ["debian", ["musl", "glibc"], "glibc"],
  ["debian", ["musl"], "none"],
  ["alpine", ["musl", "glibc"], "musl"],
  ["alpine", ["glibc"], "none"],
  ["both", ["musl", "glibc"], "glibc"],
  ["both", ["musl"], "musl"],
  ["bare", ["musl", "glibc"], "none"],
  ["bare", ["static"], "static"],
  ["bare", [null], null],
];

function builds(libcs: readonly (Libc | null)[], facts: Partial<PackageEntry> = {}) {
  return libcs.map((libc) => makeIndexed("tools", { libc, type: libc === "static" ? "static" : "dynamic", ...facts }));
}

test("selectPackage() takes the build that the machine runs, and runs best", async (t) => {
  for (const [name, libcs, expected] of CHOICES) {
    await t.test(`${name}: ${libcs.join(", ")}`, () => {
      const select = () => selectPackage(parseNamedSpec("trurl"), builds(libcs), machine(name));
      if (expected === "none") assert.throws(select, { code: "PLATFORM_UNSUPPORTED" });
      else assert.equal(select().package.entry.libc, expected);
    });
  }
});

test("selectPackage() takes the newest version that runs, even if newer ones do not", () => {
  const candidates = [...builds(["glibc"], { version: "1.0" }), ...builds(["musl"], { version: "2.0" })];
  const select = (text: string) => selectPackage(parseNamedSpec(text), candidates, machine("debian"));
  assert.equal(select("trurl").version, "1.0");
  assert.throws(() => select("trurl@2.0"), { code: "PLATFORM_UNSUPPORTED", message: /found linux\/amd64 \(musl\)$/ });
  assert.throws(() => select("trurl@3.0"), { code: "VERSION_NOT_FOUND", message: /found 1\.0$/ });
});

test("selectPackage() lists other hosts too if nothing runs", () => {
  const wanting = { ...machine("debian"), elsewhere: ["aarch64-linux"] };
  assert.throws(() => selectPackage(parseNamedSpec("trurl"), builds(["musl"]), wanting), {
    message: /found linux\/amd64 \(musl\), linux\/arm64$/,
  });
});

test("selectPackage() does not take a package for two because its versions are linked differently", () => {
  const linked = [makeIndexed("tools", { version: "1.0", type: "script" }), ...builds(["static"], { version: "2.0" })];
  assert.equal(selectPackage(parseNamedSpec("trurl@1.0"), linked, machine("debian")).version, "1.0");
  assert.equal(selectPackage(parseNamedSpec("trurl"), linked, machine("debian")).version, "2.0");
});

test("unsupported() says what is expected and found, each once, and what to do", () => {
  const found = [
    { host: "x86_64-linux", libc: "musl" },
    { host: "aarch64-linux", libc: null },
    { host: "aarch64-linux", libc: "static" },
  ] as const;
  const error = unsupported("trurl", machine("debian"), found);
  assert.equal(
    error.message,
    'Cannot install "trurl": expected linux/amd64 with glibc or static, found linux/amd64 (musl), linux/arm64',
  );
  assert.match(error.hint ?? "", /package of musl/);
  assert.match(unsupported("trurl", machine("debian"), found.slice(1)).hint ?? "", /publisher/);
});
