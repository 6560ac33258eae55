import assert from "node:assert/strict";
import { after, test } from "node:test";
import { loadedModules } from "../support/loaded-modules.ts";
import { makeStartHome, measureStarts, overBudget, readBudget } from "../support/start-budget.ts";

const home = await makeStartHome({ after });
const starts = await measureStarts(home);

function startOf(name: string): readonly string[] {
  return starts.get(name)?.paths ?? [];
}

test("the program loads no module more at its start than is written down", () => {
  const found = overBudget(starts, readBudget());
  const hint = "Load it when it is needed; or, if each such start needs it: node test/cli/write-start-modules.ts";
  assert.deepEqual(found, [], `${found.join("\n")}\n${hint}`);
});

test("overBudget() says how a module that is new comes to be loaded, and which is not loaded any more", () => {
  const loaded = { paths: ["src/main.ts", "src/a.ts"], chainOf: () => "src/main.ts → src/a.ts" };
  const measured = new Map([["list", loaded]]);
  assert.deepEqual(overBudget(measured, { "src/main.ts": "every start", "src/b.ts": "list, search" }), [
    "list loads a module more: src/main.ts → src/a.ts",
    "list does not load src/b.ts any more",
    "search does not load src/b.ts any more",
  ]);
});

test("pkg --version loads no parser and no command", () => {
  const modules = startOf("--version");
  assert.ok(modules.includes("src/main.ts"), modules.join("\n"));
  assert.deepEqual(
    modules.filter((path) => /^src\/(?:commands\/|cli\/parse)/.test(path)),
    [],
  );
});

test("pkg loads the command that was typed, and neither the others nor the network", async () => {
  const { paths: modules } = await loadedModules(home, ["repo", "list"]);
  const commands = modules.filter((path) => /^src\/commands\/(?:oci|packages|registry|repo)\//.test(path));
  assert.deepEqual(commands, ["src/commands/repo/list.ts", "src/commands/repo/lines.ts"]);
  assert.deepEqual(
    modules.filter((path) => /^src\/(?:http|registry-client)\/(?:client|.*-client)\.ts|undici/.test(path)),
    [],
  );
});

test("pkg looks at what is installed without loading the network, or what reads indexes", async () => {
  const verify = await loadedModules(home, ["verify"]);
  const config = await loadedModules(home, ["config"]);
  for (const modules of [startOf("list"), verify.paths, config.paths]) {
    const found = modules.filter((path) =>
      /^src\/(?:index|oci-layout|registry-client)\/[^/]+(?<!endpoints)\.ts|undici/.test(path),
    );
    assert.deepEqual(found, []);
  }
});

test("pkg run starts what was found before with the modules that it takes to look it up", () => {
  const found = startOf("run").filter((path) => /^src\/(?:environments|install|resolve|profile|obtain)\//.test(path));
  assert.deepEqual(found, ["src/environments/lookup.ts"]);
});

test("pkg __complete loads neither a command, nor the network, nor what reads whole indexes", () => {
  for (const [name, most] of [
    ["complete a command", 65],
    ["complete a name", 140],
  ] as const) {
    const modules = startOf(name);
    const found = modules.filter((path) =>
      /^src\/(?:commands\/packages|install|index|obtain|resolve)\/|undici/.test(path),
    );
    assert.deepEqual(found, [], name);
    assert.ok(modules.length <= most, `${name} loads ${modules.length} modules`);
  }
});
