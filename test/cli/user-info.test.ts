import assert from "node:assert/strict";
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { runPkg } from "../support/run-pkg.ts";
import { tempHome } from "../support/temp-home.ts";

const URL_WITH_PASSWORD = "https://jane:S3cretPw@127.0.0.1:1/index.json";

/** Commands to which an address is given, and what it is given as. */
const COMMANDS: readonly (readonly string[])[] = [
  ["repo", "add", URL_WITH_PASSWORD],
  ["repo", "add", URL_WITH_PASSWORD, "--name", "x", "--offline"],
  ["repo", "add", "oci://jane:S3cretPw@ghcr.io/me/index", "--offline"],
  ["repo", "add", "jane:S3cretPw@ghcr.io/me/index", "--offline"],
  ["repo", "add", "x", "https:///jane:S3cretPw@127.0.0.1:1/index.json", "--offline"],
  ["install", "jane:S3cretPw@ghcr.io/me/app"],
  ["info", "jane:S3cretPw@host/app"],
  ["index", "lint", URL_WITH_PASSWORD],
  ["index", "build", "ghcr.io/me/app", "--previous", URL_WITH_PASSWORD, "--output", "out"],
  ["install", "https://jane:S3cretPw@ghcr.io/me/app"],
  ["pull", "https://jane:S3cretPw@ghcr.io/me/app"],
  ["oci", "tags", "jane:S3cretPw@ghcr.io/me/app"],
  ["oci", "catalog", "https://jane:S3cretPw@ghcr.io"],
  ["login", "jane:S3cretPw@ghcr.io", "--username", "x", "--password-stdin"],
  ["registry", "serve", "--root", "root", "--upstream", "https://jane:S3cretPw@ghcr.io"],
  ["registry", "serve", "--root", "root", "--upstream", "jane:S3cretPw@127.0.0.1:5000"],
];

test("an address with a password is refused wherever it is given, not shown and not kept", async (t) => {
  for (const words of COMMANDS) {
    for (const mode of [[], ["--json", "--verbose"]]) {
      await t.test([...words, ...mode].join(" "), async (t) => {
        const home = tempHome(t);
        const { code, stdout, stderr } = await runPkg([...words, ...mode], {
          home,
          stdin: "other",
          env: { PKG_RETRY_FOR: "0s" },
        });
        assert.notEqual(code, 0);
        assert.doesNotMatch(stdout + stderr, /S3cretPw/);
        if (words[0] !== "index") assert.match(stderr, /^hint: Leave out what precedes "@"; `pkg login/m);
        const kept = readdirSync(home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
        for (const { parentPath, name } of kept)
          assert.ok(!readFileSync(join(parentPath, name)).includes("S3cretPw"), `${name} holds it`);
      });
    }
  }
});

test("repo add says what to do instead", async (t) => {
  const { code, stderr } = await runPkg(["repo", "add", URL_WITH_PASSWORD, "--name", "x"], { home: tempHome(t) });
  assert.notEqual(code, 0);
  assert.match(stderr, /Cannot use "https:\/\/127\.0\.0\.1:1\/index\.json": it holds a user name or a password$/m);
  assert.match(stderr, /^hint: Leave out what precedes "@"; `pkg login REGISTRY` keeps a password/m);
});

test("a config that holds a password in an address is refused, and not shown", async (t) => {
  const configs = [
    `[repositories.x]\nurl = "${URL_WITH_PASSWORD}"\n`,
    `[registries."ghcr.io"]\nmirrors = ["https://jane:S3cretPw@mirror.example"]\n`,
    `[registries."ghcr.io"]\nmirrors = ["https:///jane:S3cretPw@mirror.example"]\n`,
    `[registries."jane:S3cretPw@ghcr.io"]\nplain_http = true\n`,
  ];
  for (const text of configs) {
    await t.test(text.split("\n")[0] ?? "", async (t) => {
      const home = tempHome(t);
      writeFileSync(join(home, "config.toml"), text);
      for (const words of [["config"], ["repo"], ["list", "--json"]]) {
        const { code, stdout, stderr } = await runPkg(words, { home });
        assert.equal(code, 2, stderr);
        assert.match(stderr, /it holds a user name or a password/);
        assert.match(stderr, /^hint: It is in "\S+\/config\.toml", line \d\. Leave out/m);
        assert.doesNotMatch(stdout + stderr, /S3cretPw/);
      }
      assert.ok(!existsSync(join(home, "state.db")));
    });
  }
});

test("publish refuses a homepage with a password", async (t) => {
  const home = tempHome(t);
  writeFileSync(join(home, "app"), "#!/bin/sh\n", { mode: 0o755 });
  const words = ["--version", "1.0", "--license", "MIT", "--no-sign", "--file", "app@linux/amd64", "--dry-run"];
  for (const option of ["--homepage", "--source"]) {
    const address = [option, "https://jane:S3cretPw@example.com/app"];
    const { code, stderr } = await runPkg(["publish", "127.0.0.1:1/me/app", ...words, ...address], { home });
    assert.equal(code, 2, stderr);
    assert.match(stderr, /Cannot use "https:\/\/example\.com\/app": it holds a user name or a password/);
  }
});

const TOKEN_URL = "https://127.0.0.1:1/index.json?token=S3cretToken&ref=main";

test("a token in the query of a repository's address is kept for its owner alone, and shown nowhere", async (t) => {
  const home = tempHome(t);
  const added = await runPkg(["repo", "add", "x", TOKEN_URL, "--offline", "--json"], { home });
  assert.equal(added.code, 0, added.stderr);
  const file = join(home, "config.toml");
  assert.match(readFileSync(file, "utf8"), /S3cretToken/);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const commands = [
    ["repo"],
    ["repo", "list"],
    ["repo", "trust", "x"],
    ["config"],
    ["sync", "x"],
    ["repo", "remove", "x"],
  ];
  for (const words of commands) {
    for (const mode of [[], ["--json", "--verbose"]]) {
      const shown = await runPkg([...words, ...mode], { home, env: { PKG_RETRY_FOR: "0s" } });
      assert.doesNotMatch(shown.stdout + shown.stderr, /S3cretToken/, words.join(" "));
    }
  }
  assert.doesNotMatch(added.stdout + added.stderr, /S3cretToken/);
});

test("a config with a token that others may read is warned of, with the cure", async (t) => {
  const home = tempHome(t);
  const file = join(home, "config.toml");
  writeFileSync(file, `[repositories.x]\nurl = "${TOKEN_URL}"\n`, { mode: 0o644 });
  chmodSync(home, 0o755);
  const { stderr } = await runPkg(["list"], { home });
  assert.match(stderr, /holds a token in an address, and other users may read it\. Run `chmod go-r /);
  chmodSync(file, 0o600);
  assert.equal((await runPkg(["list"], { home })).stderr, "Nothing is installed\n");
});

test("a config that was made private stays so when a repository is added", async (t) => {
  const home = tempHome(t);
  const file = join(home, "config.toml");
  writeFileSync(file, "", { mode: 0o600 });
  await runPkg(["repo", "add", "x", "https://127.0.0.1:1/index.json", "--offline"], { home });
  assert.equal(statSync(file).mode & 0o777, 0o600);
});

test("pkg login refuses what is no registry before it asks for a password", async (t) => {
  const { code, stderr } = await runPkg(["login", "https://jane:S3cretPw@ghcr.io"], { home: tempHome(t) });
  assert.equal(code, 2);
  assert.match(stderr, /^error: Cannot use "https:\/\/ghcr\.io": it holds a user name or a password$/m);
});
