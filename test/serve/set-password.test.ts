import assert from "node:assert/strict";
import { chmodSync, lstatSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createAccess } from "../../src/registry/access.ts";
import { startRegistry } from "../../src/registry/server.ts";
import { basic } from "../registry/htpasswd-file.ts";
import { jsonOf, runPkg } from "../support/run-pkg.ts";
import { tempDirectory, tempHome } from "../support/temp-home.ts";

test("pkg registry passwd adds, changes and removes a user, which a registry that is served takes up at once", async (t) => {
  const home = tempHome(t);
  const users = join(home, "users");
  const set = (password: string, ...words: readonly string[]) =>
    runPkg(["registry", "passwd", "alice", "--htpasswd", "users", "--json", ...words], {
      home,
      stdin: `${password}\n`,
    });
  const states: unknown[] = [];
  const change = async (password: string, ...words: readonly string[]) => {
    const result = await set(password, ...words);
    assert.equal(result.code, 0, result.stderr);
    states.push(Reflect.get(Object(jsonOf(result)), "state"));
  };
  await change("first", "--password-stdin");
  const access = await createAccess({
    htpasswd: users,
    anonymousPull: false,
    onProblem: (error) => assert.fail(String(error)),
  });
  const registry = await startRegistry({ root: tempDirectory(t), port: 0, access });
  t.after(() => registry.close());
  const ask = async (password: string) =>
    (await fetch(`${registry.url}/v2/`, { headers: basic("alice", password) })).status;
  assert.equal(await ask("first"), 200);
  await change("second", "--password-stdin");
  assert.deepEqual([await ask("first"), await ask("second")], [401, 200]);
  await change("", "--delete");
  assert.equal(await ask("second"), 401);
  assert.deepEqual(states, ["added", "changed", "removed"]);
  assert.equal(readFileSync(users, "utf8"), "");
});

test("pkg registry passwd keeps a link, closes the file to others, and asks for a password only where it can be kept", async (t) => {
  const home = tempHome(t);
  mkdirSync(join(home, "etc"));
  writeFileSync(join(home, "etc/users"), "# mine\n");
  chmodSync(join(home, "etc/users"), 0o644);
  symlinkSync("etc/users", join(home, "users"));
  const words = ["registry", "passwd", "alice", "--htpasswd", "users"];
  const { stdout } = await runPkg([...words, "--password-stdin"], { home, stdin: "secret" });
  assert.match(
    stdout,
    /^Added user alice in users\n {2}A registry that is served with this file takes it up at once\n$/,
  );
  assert.ok(lstatSync(join(home, "users")).isSymbolicLink());
  assert.equal(statSync(join(home, "users")).mode & 0o777, 0o600);
  assert.match(readFileSync(join(home, "users"), "utf8"), /^# mine\nalice:\$2b\$10\$\S{53}\n$/);
  const silent = await runPkg(words, { home });
  assert.equal(silent.code, 2);
  assert.match(silent.stderr, /no terminal .*\n.*--password-stdin/);
  writeFileSync(join(home, "etc/users"), "nonsense\n");
  assert.match((await runPkg(words, { home })).stderr, /line 1 is not "user:hash"/);
});

test("pkg registry passwd leaves a file to its group, and says what still keeps a registry from using it", async (t) => {
  const home = tempHome(t);
  const users = join(home, "users");
  writeFileSync(users, "bob:$apr1$salt$hash\nal:{SHA}hash\n");
  chmodSync(users, 0o640);
  const set = (user: string) =>
    runPkg(["registry", "passwd", user, "--htpasswd", "users", "--password-stdin"], { home, stdin: "secret" });
  const first = await set("bob");
  assert.deepEqual([first.code, first.stdout], [0, "Changed the password of bob in users\n"]);
  assert.match(first.stderr, /line 2 has a hash that is not bcrypt\n.*pkg registry passwd al --htpasswd/);
  assert.equal(statSync(users).mode & 0o777, 0o640);
  assert.match((await set("al")).stdout, /takes it up at once/);
});
