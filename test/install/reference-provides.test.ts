import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { startRegistry } from "../../src/registry/server.ts";
import { PUBLIC_KEY, SECRET_KEY, writeFiles } from "../publish/world.ts";
import { runPkg } from "../support/run-pkg.ts";
import { NO_DEFAULT_REPOSITORIES } from "../support/sample-config.ts";
import { tempDirectory, tempHome } from "../support/temp-home.ts";

const ENTRY = "[Desktop Entry]\nType=Application\nName=Hello\nExec=hi\n";

test("pkg install REFERENCE links what the publisher says, signed or not, and takes the desktop entry beside it", async (t) => {
  const registry = await startRegistry({ root: tempDirectory(t), port: 0 });
  t.after(() => registry.close());
  const { host } = new URL(registry.url);
  const [home, cwd] = [tempHome(t), tempDirectory(t)];
  writeFileSync(join(home, "config.toml"), NO_DEFAULT_REPOSITORIES);
  const succeed = async (...words: readonly string[]) => {
    const result = await runPkg(words, { home, cwd, env: { PKG_SIGNING_KEY: SECRET_KEY } });
    assert.equal(result.code, 0, `${words.join(" ")}: ${result.stderr}`);
    return result;
  };
  const publish = async (name: string, ...more: readonly string[]) => {
    const files = ["linux/amd64", "linux/arm64"].flatMap((platform) => ["--file", `${name}@${platform}`]);
    await succeed("publish", `${host}/me/${name}`, "--version", "1.0.0", ...files, ...more);
  };
  const program = "#!/bin/sh\necho hello\n";
  writeFiles(cwd, { hello: program, "hello.desktop": ENTRY, "tree/bin/one": program, "tree/bin/two": program });
  await publish("hello", "--provide", "hello==hi", "--document", "hello.desktop");
  await publish("tree", "--provide", "one", "--provide", "two=>deux");
  const bin = () => readdirSync(join(home, "bin")).toSorted();
  for (const key of [[], ["--key", PUBLIC_KEY]]) {
    await succeed("install", `${host}/me/hello`, `${host}/me/tree`, ...key);
    assert.deepEqual(bin(), ["deux", "hello", "hi", "one"]);
    const entry = readFileSync(join(home, "share/applications/hello.desktop"), "utf8");
    assert.match(entry, new RegExp(`^Exec=${join(home, "bin/hi")}$`, "m"));
    await succeed("reinstall", "hello", "tree");
    await succeed("update");
    assert.deepEqual(bin(), ["deux", "hello", "hi", "one"]);
    await succeed("verify");
    await succeed("remove", "hello", "tree");
    assert.equal(existsSync(join(home, "share")), false);
  }
});
