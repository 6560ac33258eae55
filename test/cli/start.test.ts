import assert from "node:assert/strict";
import { test } from "node:test";
import { runPkgProcess } from "../support/pkg-process.ts";
import { makeSampleHome } from "../support/sample-home.ts";
import { type Cleanup, tempHome } from "../support/temp-home.ts";

/** Writes the address of every module that is loaded to stderr. */
const TELL_MODULES = `import { registerHooks } from "node:module";
registerHooks({
  load(url, context, next) {
    process.stderr.write("loaded " + url + "\\n");
    return next(url, context);
  },
});`;

/** The modules that a run of the program loads, as paths from its root or from node_modules. */
function modulesOf(t: Cleanup, ...args: readonly string[]): Promise<readonly string[]> {
  return modulesIn(tempHome(t), ...args);
}

async function modulesIn(home: string, ...args: readonly string[]): Promise<readonly string[]> {
  const hook = `data:text/javascript,${encodeURIComponent(TELL_MODULES)}`;
  const { code, stderr } = await runPkgProcess(args, {
    home,
    env: { NODE_OPTIONS: `--import=${hook}` },
  });
  assert.equal(code, 0, stderr);
  return [...stderr.matchAll(/^loaded file:\S+\/((?:src|node_modules)\/\S+)$/gm)].map(([, path = ""]) => path);
}

test("pkg --version loads no parser and no command", async (t) => {
  const modules = await modulesOf(t, "--version");
  assert.ok(modules.includes("src/main.ts"), modules.join("\n"));
  assert.deepEqual(
    modules.filter((path) => /^src\/(?:commands\/|cli\/parse)/.test(path)),
    [],
  );
});

test("pkg loads the command that was typed, and neither the others nor the network", async (t) => {
  const modules = await modulesOf(t, "repo", "list");
  const commands = modules.filter((path) => /^src\/commands\/(?:oci|packages|registry|repo)\//.test(path));
  assert.deepEqual(commands, ["src/commands/repo/list.ts", "src/commands/repo/lines.ts"]);
  assert.deepEqual(
    modules.filter((path) => /^src\/(?:http|registry-client)\/(?:client|.*-client)\.ts|undici/.test(path)),
    [],
  );
});

test("pkg looks at what is installed without loading the network, or what reads indexes", async (t) => {
  for (const words of [["list"], ["verify"], ["config"]]) {
    const modules = await modulesOf(t, ...words);
    const found = modules.filter((path) =>
      /^src\/(?:index|oci-layout|registry-client)\/[^/]+(?<!endpoints)\.ts|undici/.test(path),
    );
    assert.deepEqual(found, [], words.join(" "));
  }
});

test("pkg run starts what was found before with the modules that it takes to look it up", async (t) => {
  const home = await makeSampleHome(t);
  const greet = home.build({ name: "greet", version: "1.0" });
  await home.push(greet);
  home.publishIndex(greet);
  assert.equal((await home.pkg(["run", "greet"])).code, 0);
  const modules = await modulesIn(home.path, "run", "greet");
  const found = modules.filter((path) => /^src\/(?:environments|install|resolve|profile|obtain)\//.test(path));
  assert.deepEqual(found, ["src/environments/lookup.ts"]);
});

test("pkg __complete loads neither a command, nor the network, nor what reads whole indexes", async (t) => {
  for (const words of [
    ["inst", 65],
    ["install jq", 140],
  ] as const) {
    const modules = await modulesOf(t, "__complete", ...words[0].split(" "));
    const found = modules.filter((path) =>
      /^src\/(?:commands\/packages|install|index|obtain|resolve)\/|undici/.test(path),
    );
    assert.deepEqual(found, [], words[0]);
    assert.ok(modules.length <= words[1], `${words[0]} loads ${modules.length} modules`);
  }
});
