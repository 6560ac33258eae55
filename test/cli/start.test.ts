import assert from "node:assert/strict";
import { test } from "node:test";
import { runPkgProcess } from "../support/pkg-process.ts";
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
async function modulesOf(t: Cleanup, ...args: readonly string[]): Promise<readonly string[]> {
  const hook = `data:text/javascript,${encodeURIComponent(TELL_MODULES)}`;
  const { code, stderr } = await runPkgProcess(args, {
    home: tempHome(t),
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
