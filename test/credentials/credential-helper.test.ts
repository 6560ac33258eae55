import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import {
  eraseFromHelper,
  getFromHelper,
  type HelperOptions,
  storeInHelper,
} from "../../src/credentials/credential-helper.ts";
import { hasCode } from "../../src/errors.ts";

const SECRET = "hunter2hunter2";

/** A directory with `docker-credential-test`, a shell script; `log` is where it may write. */
function helper(t: TestContext, script: string) {
  const directory = mkdtempSync(join(tmpdir(), "pkg-helper-"));
  t.after(() => rmSync(directory, { recursive: true }));
  const program = join(directory, "docker-credential-test");
  writeFileSync(program, `#!/bin/sh\n${script}\n`);
  chmodSync(program, 0o755);
  const environment = { PATH: `${directory}:/usr/bin:/bin`, LOG: join(directory, "log") };
  const options: HelperOptions = { environment, signal: new AbortController().signal };
  return { options, log: () => readFileSync(environment.LOG, "utf8") };
}

const says = (document: unknown) => `cat > "$LOG"; echo "$@" >> "$LOG"; cat <<'END'\n${JSON.stringify(document)}\nEND`;
const answer = (Username: string, Secret: string) => ({ ServerURL: "r.example", Username, Secret });

test("getFromHelper() asks on stdin and gets a user's name and password", async (t) => {
  const { options, log } = helper(t, says(answer("alice", SECRET)));
  assert.deepEqual(await getFromHelper("test", "r.example:5000", options), {
    kind: "basic",
    username: "alice",
    password: SECRET,
  });
  assert.equal(log(), "r.example:5000get\n");
});

test("getFromHelper() takes the secret of <token> for an identity token", async (t) => {
  const { options } = helper(t, says(answer("<token>", SECRET)));
  assert.deepEqual(await getFromHelper("test", "r", options), { kind: "identity-token", token: SECRET });
});

const ABSENT: readonly (readonly [string, string])[] = [
  ["says so", 'echo "credentials not found in native keychain"; exit 1'],
  ["has an empty secret", says(answer("", ""))],
];

for (const [name, script] of ABSENT) {
  test(`getFromHelper() gives null when the helper ${name}`, async (t) => {
    assert.equal(await getFromHelper("test", "r", helper(t, script).options), null);
  });
}

const BROKEN: readonly (readonly [string, string])[] = [
  ["fails", `echo "${SECRET}"; exit 3`],
  ["answers no JSON", `echo "${SECRET}"`],
  ["answers a list", `echo '["${SECRET}"]'`],
  ["answers with a number for a name", `echo '{"Username":1,"Secret":"${SECRET}"}'`],
  ["does not end", `echo ${SECRET}; exec sleep 90`],
  ["leaves a child behind that holds its output", `sleep 90 & exec sleep 90`],
  ["prints without end", `while :; do echo ${SECRET}${SECRET}${SECRET}${SECRET}; done`],
  ["is killed", "kill -9 $$"],
];

for (const [name, script] of BROKEN) {
  test(`getFromHelper() throws CREDENTIALS_INVALID when the helper ${name}, and shows nothing of its output`, async (t) => {
    const { options } = helper(t, script);
    const startedMs = performance.now();
    await assert.rejects(getFromHelper("test", "r", { ...options, timeoutMs: 500 }), (error) => {
      assert.ok(hasCode(error, "CREDENTIALS_INVALID"));
      assert.match(error.message, /docker-credential-test/);
      assert.doesNotMatch(`${error.message} ${error.hint} ${String(error.cause)}`, new RegExp(SECRET));
      return true;
    });
    // What sleeps, sleeps longer.
    assert.ok(performance.now() - startedMs < 60_000);
  });
}

const TOLD: readonly (readonly [string, string, RegExp])[] = [
  [
    "on stderr",
    'echo "gpg: no key" >&2; echo "  second" >&2; exit 2',
    /: "get" ended with status 2: "gpg: no key; second"$/,
  ],
  [
    "on stdout",
    'echo "error getting credentials - err: exit status 1"; exit 1',
    /status 1: "error getting credentials - err: exit/,
  ],
  ["in no words", "exit 4", /: "get" ended with status 4$/],
];

for (const [where, script, told] of TOLD) {
  test(`getFromHelper() tells what the helper says ${where}, and which file names it`, async (t) => {
    const { options } = helper(t, script);
    await assert.rejects(getFromHelper("test", "r", { ...options, namedBy: "/home/a/config.json" }), (error) => {
      assert.ok(hasCode(error, "CREDENTIALS_INVALID"));
      assert.match(error.message, told);
      assert.match(error.message, /"docker-credential-test", which "\/home\/a\/config\.json" names/);
      assert.match(error.hint ?? "", /take it out of \/home\/a\/config\.json/);
      return true;
    });
  });
}

test("storeInHelper() shows no secret that the helper repeats", async (t) => {
  const { options } = helper(t, `echo "cannot keep ${SECRET} here" >&2; exit 1`);
  const credential = { kind: "basic", username: "alice", password: SECRET } as const;
  await assert.rejects(storeInHelper("test", { serverUrl: "r", credential }, options), {
    message: /"cannot keep … here"$/,
  });
});

test("getFromHelper() throws CREDENTIALS_INVALID when the program does not exist", async (t) => {
  const { options } = helper(t, "");
  await assert.rejects(getFromHelper("other", "r", options), { code: "CREDENTIALS_INVALID" });
});

for (const name of ["../test", "a/b", "/bin/sh", "", "-x", "a b", "a;b", "a\0b", "x".repeat(200)]) {
  test(`getFromHelper() starts nothing for the name ${JSON.stringify(name.slice(0, 20))}`, async (t) => {
    const { options, log } = helper(t, says(answer("alice", SECRET)));
    await assert.rejects(getFromHelper(name, "r", options), { code: "CREDENTIALS_INVALID" });
    assert.throws(log);
  });
}

test("getFromHelper() ends with INTERRUPTED when it is aborted", async (t) => {
  const { options } = helper(t, "exec sleep 20");
  const controller = new AbortController();
  const asking = getFromHelper("test", "r", { ...options, signal: controller.signal });
  controller.abort();
  await assert.rejects(asking, { code: "INTERRUPTED" });
  await assert.rejects(getFromHelper("test", "r", { ...options, signal: controller.signal }), { code: "INTERRUPTED" });
});

test("getFromHelper() shows the helper its environment and no other", async (t) => {
  process.env["PKG_TEST_SECRET"] = SECRET;
  t.after(() => delete process.env["PKG_TEST_SECRET"]);
  const { options, log } = helper(t, `env > "$LOG"; echo '{"Username":"a","Secret":"b"}'`);
  await getFromHelper("test", "r", options);
  assert.match(log(), /^PATH=/m);
  assert.doesNotMatch(log(), /PKG_TEST_SECRET/);
});

test("storeInHelper() gives name and secret on stdin, none in the arguments", async (t) => {
  const { options, log } = helper(t, 'cat > "$LOG"; echo " $@" >> "$LOG"');
  const credential = { kind: "basic", username: "alice", password: SECRET } as const;
  await storeInHelper("test", { serverUrl: "r.example", credential }, options);
  assert.equal(log(), `{"ServerURL":"r.example","Username":"alice","Secret":"${SECRET}"} store\n`);
  await storeInHelper("test", { serverUrl: "r", credential: { kind: "identity-token", token: "t" } }, options);
  assert.equal(log(), '{"ServerURL":"r","Username":"<token>","Secret":"t"} store\n');
});

test("storeInHelper() copes with a helper that does not read", async (t) => {
  const { options } = helper(t, "exit 0");
  const credential = { kind: "identity-token", token: "t".repeat(1_000_000) } as const;
  await storeInHelper("test", { serverUrl: "r", credential }, options);
});

test("eraseFromHelper() names the server on stdin; an unknown server is not a failure", async (t) => {
  const { options, log } = helper(t, 'cat > "$LOG"; echo " $@" >> "$LOG"');
  await eraseFromHelper("test", "r.example", options);
  assert.equal(log(), "r.example erase\n");
  const { options: absent } = helper(t, 'echo "credentials not found in native keychain"; exit 1');
  await eraseFromHelper("test", "r.example", absent);
});
