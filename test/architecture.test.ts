import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { findBreaches, RUNTIME_PACKAGES, roomOf } from "./support/architecture.ts";
import { importsOf } from "./support/import-graph.ts";

const ROOT = dirname(import.meta.dirname);

test("src/ keeps to the architecture", () => {
  const paths = globSync("src/**/*.{ts,js}", { cwd: ROOT }).map((path) => path.replaceAll("\\", "/"));
  const sources = new Map(paths.map((path) => [path, readFileSync(join(ROOT, path), "utf8")]));
  assert.ok(sources.size > 20, "the sources were not found");
  assert.deepEqual(findBreaches(sources), []);
});

const OWN = globSync("src/**/*.ts", { cwd: ROOT, exclude: ["src/generated/**"] }).map((path) =>
  path.replaceAll("\\", "/"),
);
const textOf = (path: string) => readFileSync(join(ROOT, path), "utf8");

test("no source has more than 300 lines", () => {
  const long = OWN.filter((path) => textOf(path).trimEnd().split("\n").length > 300);
  assert.deepEqual(long, [], "a file that long has more than one purpose");
});

test("no module makes a regular expression with properties of Unicode when it is loaded", () => {
  const eager = OWN.flatMap((path) => {
    const found = textOf(path).match(/^(?:export )?const \w+(?:: [^=]+)? =\s*\/.*\\p\{.*$/gim) ?? [];
    return found.map((line) => `${path}: ${line.trim().slice(0, 60)}`);
  });
  assert.deepEqual(eager, [], "to make one takes up to a millisecond: make it in a function, and ask isSimple() first");
});

test("every exported function and class says what it is for", () => {
  const exported = /^(?:.*\n)(?=export (?:async )?(?:function\*?|class) (?<name>\w+))/gm;
  const bare = OWN.flatMap((path) => {
    const found = [...`\n${textOf(path)}`.matchAll(exported)].filter(([before]) => !/\*\/\s*$/.test(before));
    return found.map(({ groups }) => `${path}: ${groups?.["name"]}`);
  });
  assert.deepEqual(bare, []);
});

test("CONTRIBUTING.md names every room of src/, and no other", () => {
  const map = textOf("CONTRIBUTING.md").split("## How the code is laid out")[1]?.split("## How we write")[0] ?? "";
  const named = new Set([...map.matchAll(/`(?:src\/)?([\w-]+)\/(?:[\w/.-]*)`/gi)].map(([, room]) => room));
  const rooms = new Set(OWN.flatMap((path) => path.split("/").slice(1, -1).slice(0, 1)));
  assert.deepEqual(
    [...rooms, "generated"].filter((room) => !named.has(room)),
    [],
  );
  const elsewhere = ["metadata-schema", "packages", "src", "test"];
  assert.deepEqual(
    [...named].filter((room) => room !== "generated" && !rooms.has(room ?? "") && !elsewhere.includes(room ?? "")),
    [],
  );
});

test("package.json declares the runtime dependencies that the rules place in a room, and no others", () => {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  assert.deepEqual(Object.keys(dependencies).sort(), Object.keys(RUNTIME_PACKAGES).sort());
});

const ALLOWED: readonly (readonly [path: string, source: string])[] = [
  ["src/main.ts", 'import { run } from "./cli/run.ts";\nprocess.exit(await run(process.env));'],
  ["src/cli/run.ts", 'import manifest from "../../package.json" with { type: "json" };'],
  ["src/cli/run.ts", 'const load = () => import("../commands/packages/install.ts");'],
  ["src/cli/context.ts", 'const load = () => import("../state/database.ts");'],
  [
    "src/commands/packages/install.ts",
    'import { install } from "../../install/install.ts";\nimport type { Database } from "../../state/database.ts";',
  ],
  [
    "src/commands/packages/install.ts",
    'import { columns } from "../../report/columns.ts";\nimport { defineCommand } from "../command.ts";\nimport { askedOf } from "../asker.ts";\nimport { planLines } from "./plan-lines.ts";',
  ],
  [
    "src/install/install.ts",
    'import type { EmitEvent } from "../base/events.ts";\nimport { makePlan } from "../plan/plan.ts";',
  ],
  [
    "src/plan/plan.ts",
    'import type { Verified } from "../verify/package.ts";\nimport type { Policy } from "../package/policy.ts";',
  ],
  [
    "src/package/checksum-file.ts",
    'import { hashHex } from "../base/hashes.ts";\nimport { verify } from "node:crypto";',
  ],
  ["src/package/version.ts", 'import semver from "semver";'],
  ["src/config/file.ts", 'import { parse } from "smol-toml";\nconst home = process.env;'],
  ["src/state/migrations.ts", '// process.env and console.log are for others\n/** import { x } from "undici"; */'],
  [
    "src/blobs/ingest.ts",
    'type Client = typeof import("../registry/server.ts");\ntype Digest = import("../oci/digest.ts").Digest;',
  ],
];

test("findBreaches() accepts what CONTRIBUTING.md allows", async (t) => {
  for (const [path, source] of ALLOWED) {
    await t.test(`${path}: ${source.split("\n")[0]}`, () =>
      assert.deepEqual(findBreaches(new Map([[path, source]])), []),
    );
  }
});

const PLANTED: readonly (readonly [path: string, source: string, breach: RegExp])[] = [
  ["src/repositories/sync.ts", "if (cap.config.offline) return;", /uses config\.offline: only network/],
  ["src/serve/upstream.ts", "const http = createHttpClient({});", /uses createHttpClient\(\): only network/],
  ["src/serve/upstream.ts", "const client = createRegistryClient({});", /uses createRegistryClient\(\): only network/],
  [
    "src/registry-client/client.ts",
    'import { parseSpec } from "../package/spec.ts";',
    /may not know the code of package/,
  ],
  [
    "src/registry-client/client.ts",
    'import type { Spec } from "../package/spec.ts";',
    /may not know the types of package/,
  ],
  ["src/fs/atomic.ts", 'import { x } from "../blobs/ingest.ts";', /may not know the code of blobs/],
  ["src/fs/atomic.ts", 'import type { Config } from "../config/config.ts";', /may not know the types of config/],
  ["src/profile/profile.ts", 'import { openDatabase } from "../state/database.ts";', /may not know the code of state/],
  ["src/profile/profile.ts", 'import {\n  a,\n  b,\n} from "../state/database.ts";', /may not know the code of state/],
  ["src/profile/profile.ts", 'const db = await import("../state/database.ts");', /may not know the code of state/],
  ["src/profile/profile.ts", 'import "../state/database.ts";', /may not know the code of state/],
  ["src/profile/profile.ts", 'export { openDatabase } from "../state/database.ts";', /may not know the code of state/],
  ["src/profile/profile.ts", 'export * from "../state/database.ts";', /may not know the code of state/],
  [
    "src/install/install.ts",
    'import { publish } from "../publish/publish.ts";',
    /install may not know the code of publish/,
  ],
  [
    "src/oci-tools/attach.ts",
    'import { sync } from "../repositories/sync.ts";',
    /oci-tools may not know the code of repositories/,
  ],
  [
    "src/obtain/obtain-plan.ts",
    'import { applyPlan } from "../install/apply-plan.ts";',
    /obtain may not know the code of install/,
  ],
  [
    "src/obtain/obtain-plan.ts",
    'import type { InstallPlan } from "../install/install-outcome.ts";',
    /obtain may not know the types of install/,
  ],
  [
    "src/obtain/obtain-plan.ts",
    'import { resolveSpecs } from "../resolve/resolve.ts";',
    /obtain may not know the code of resolve/,
  ],
  ["src/blobs/ingest.ts", 'import { install } from "../install/install.ts";', /may not know the code of install/],
  [
    "src/install/install.ts",
    'import { createReporter } from "../report/reporter.ts";',
    /may not know the code of report/,
  ],
  [
    "src/install/install.ts",
    'import type { Reporter } from "../report/reporter.ts";',
    /may not know the types of report/,
  ],
  [
    "src/install/install.ts",
    'import type { Context } from "../commands/context.ts";',
    /may not know the types of commands/,
  ],
  [
    "src/commands/inspect/list.ts",
    'import { createContext } from "../../cli/context.ts";',
    /may not know the code of cli/,
  ],
  [
    "src/commands/inspect/list.ts",
    'import type { ContextOptions } from "../../cli/context.ts";',
    /may not know the types of cli/,
  ],
  [
    "src/commands/inspect/list.ts",
    'import { openDatabase } from "../../state/database.ts";',
    /may not know the code of state/,
  ],
  ["src/commands/inspect/list.ts", 'import { createReporter } from "../../report/reporter.ts";', /Reporter passed in/],
  [
    "src/commands/packages/update.ts",
    'import type { Options } from "../inspect/options.ts";',
    /what several groups share is in commands\/ itself/,
  ],
  ["src/report/tty.ts", 'import type { Plan } from "../plan/plan.ts";', /may not know the types of plan/],
  ["src/errors.ts", 'import { x } from "./fs/atomic.ts";', /errors may not know the code of fs/],
  ["src/library.ts", 'export { install } from "./install/install.ts";', /library may not know the code of install/],
  ["src/library.ts", 'export type { Plan } from "./plan/plan.ts";', /library may not know the types of plan/],
  ["src/index/decode.ts", 'import Database from "better-sqlite3";', /only state may/],
  ["src/index/decode.ts", 'import type Database from "better-sqlite3";', /only state may/],
  ["src/index-database/draft.ts", 'import type { Database } from "better-sqlite3";', /only state may/],
  [
    "src/state/database.ts",
    'import type { PackageIndex } from "../index-database/package-index.ts";',
    /may not know the types of index-database/,
  ],
  ["src/registry-client/client.ts", 'import { Agent } from "undici/lib/dispatcher/agent.js";', /only http may/],
  ["src/install/update.ts", 'import semver from "semver";', /only package may/],
  ["src/fs/atomic.ts", 'import { Blake3Hasher } from "@napi-rs/blake-hash";', /only src\/base\/hashes.ts may/],
  ["src/index/container.ts", 'import { createGunzip } from "node:zlib";', /only archive may/],
  ["src/http/client.ts", 'import lodash from "lodash";', /no room may import that/],
  ["src/http/client.ts", 'import fs from "fs";', /no room may import that/],
  ["src/http/client.ts", "const module = await import(name);", /no room may import that/],
  ["src/http/client.ts", 'const undici = require("lodash");', /no room may import that/],
  ["src/verify/minisign.ts", 'import { readFileSync } from "node:fs";', /verify\/ does no I\/O/],
  ["src/plan/plan.ts", 'import { makeDirectory } from "../fs/atomic.ts";', /plan\/ does no I\/O/],
  ["src/package/select.ts", "const now = Date.now();", /not pure/],
  ["src/state/lock.ts", "const home = process.env.HOME;", /process\.env/],
  ["src/repositories/sync.ts", 'console.log("done");', /the terminal/],
  ["src/repositories/sync.ts", "process.exitCode = 1;", /process\.exit/],
  ["src/kitchen/sink.ts", 'import { x } from "../errors.ts";', /has no rules/],
  ["src/kitchen-sink.ts", 'import { x } from "./errors.ts";', /has no rules/],
];

test("findBreaches() names each planted breach", async (t) => {
  for (const [path, source, expected] of PLANTED) {
    await t.test(`${path}: ${source.replaceAll("\n", " ")}`, () => {
      const breaches = findBreaches(new Map([[path, source]]));
      assert.equal(breaches.length, 1, breaches.join("\n"));
      assert.match(breaches[0] ?? "", expected);
    });
  }
});

test("findBreaches() refuses a command that imports a command", () => {
  const sources = new Map([
    [
      "src/cli/command-table.ts",
      'import("../commands/repo/add.ts"); import("../commands/repo/list.ts"); import type { C } from "../commands/command.ts";',
    ],
    ["src/commands/repo/add.ts", 'import { command } from "./list.ts";'],
  ]);
  assert.deepEqual(findBreaches(sources), [
    "src/commands/repo/add.ts is a command and imports the command src/commands/repo/list.ts",
  ]);
});

test("findBreaches() refuses a cycle of imports, also a dynamic one, and one of types alone", () => {
  const cycle = (back: string) =>
    findBreaches(
      new Map([
        ["src/oci/a.ts", 'import { b } from "./b.ts";'],
        ["src/oci/b.ts", 'import { c } from "./c.ts";'],
        ["src/oci/c.ts", back],
      ]),
    );
  const expected = ["Imports go round in a circle: src/oci/a.ts → src/oci/b.ts → src/oci/c.ts → src/oci/a.ts"];
  assert.deepEqual(cycle('import { a } from "./a.ts";'), expected);
  assert.deepEqual(cycle('const a = () => import("./a.ts");'), expected);
  assert.deepEqual(cycle('import type { A } from "./a.ts";'), expected);
});

test("findBreaches() refuses rooms that know each other, by whichever files", () => {
  const sources = new Map([
    ["src/plan/a.ts", 'import type { V } from "../verify/b.ts";'],
    ["src/verify/c.ts", 'import type { P } from "../plan/d.ts";'],
  ]);
  assert.deepEqual(findBreaches(sources), ["Rooms know each other in a circle: plan → verify → plan"]);
});

test("importsOf() finds every form of import", () => {
  const source = `#!/usr/bin/env node
import a from "./a.ts";
import * as b from "../b/b.ts";
import type C from "./c.ts";
import type { D } from "./d.ts";
import { type E, e } from "./e.ts";
import type from "./f.ts";
export type { G } from "./g.ts";
export const text = 'import { x } from "./not.ts"';
import{h}from"./h.ts";
`;
  const found = importsOf("src/oci/x.ts", source).map(({ to, kind }) => `${kind} ${to}`);
  assert.deepEqual(found, [
    "value src/oci/a.ts",
    "value src/b/b.ts",
    "type src/oci/c.ts",
    "type src/oci/d.ts",
    "value src/oci/e.ts",
    "value src/oci/f.ts",
    "value src/oci/h.ts",
    "type src/oci/g.ts",
  ]);
});

test("roomOf() places files", () => {
  const paths = ["src/main.ts", "src/library.ts", "src/generated/config-schema.js", "src/commands/oci/pull.ts"];
  assert.deepEqual(paths.map(roomOf), ["main", "library", "generated", "commands"]);
  assert.equal(roomOf("package.json"), undefined);
});
