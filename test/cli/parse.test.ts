import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { commandPages } from "../../scripts/command-pages.ts";
import { COMMANDS } from "../../src/cli/command-table.ts";
import { type Parsed, parseCommandLine } from "../../src/cli/parse.ts";

/** Reads a command line as the program does, and runs nothing. */
function parse(line: string | readonly string[]): Promise<Parsed> {
  const words = typeof line === "string" ? line.split(" ").filter((word) => word !== "") : line;
  return parseCommandLine({ entries: COMMANDS, words, version: "1.2.3", columns: 80 });
}

async function argumentsOf(line: string | readonly string[]): Promise<object> {
  const parsed = await parse(line);
  assert.equal(parsed.kind, "command", String(line));
  return parsed.kind === "command" ? parsed.args : {};
}

async function textOf(line: string): Promise<string> {
  const parsed = await parse(line);
  assert.equal(parsed.kind, "text", line);
  return parsed.kind === "text" ? parsed.text : "";
}

/** Command lines, and what is given to the command. */
const TAKEN: readonly (readonly [line: string, args: object])[] = [
  ["repo", { dryRun: false }],
  ["repo --json", { json: true }],
  ["--json repo", { json: true }],
  ["repo --dry-run", { dryRun: true }],
  ["repo list --json", { json: true }],
  ["--home h repo disable x", { home: "h", repository: "x" }],
  ["repo --home h disable x", { home: "h", repository: "x" }],
  ["repo add ghcr.io/me/index", { repository: "ghcr.io/me/index", key: [] }],
  ["repo add tools https://e.org/i.json --key A --key B", { url: "https://e.org/i.json", key: ["A", "B"] }],
  ["repo add --key A tools https://e.org/i.json --threshold 1", { repository: "tools", key: ["A"], threshold: 1 }],
  ["repo trust tools --accept-keys A B", { "accept-keys": ["A", "B"] }],
  ["registry gc --root r", { root: "r", grace: "1h", untagged: false }],
  ["registry serve --root r --port 0 --upstream ghcr.io --tag-age 3m --plain-http", { port: 0, "tag-age": "3m" }],
  ["registry serve --root r --tls-cert c --tls-key k", { "tls-cert": "c" }],
  ["registry serve --root r --access-log -", { "access-log": "-" }],
  ["i trurl", { packages: ["trurl"] }],
  ["oci cp a b", { source: "a", target: "b" }],
  ["oci push a - --name -", { files: ["-"], name: "-" }],
  ["oci push a -- --name --port=", { files: ["--name", "--port="] }],
  ["oci push a b -- c", { files: ["b", "c"] }],
  ["oci push a -a k=v c d", { files: ["c", "d"], annotation: ["k=v"] }],
  ["oci push a -a k=v --annotation l=w c", { files: ["c"], annotation: ["k=v", "l=w"] }],
  ["install --insecure-skip digest checksum trurl", { packages: ["trurl"], "insecure-skip": ["digest", "checksum"] }],
  ["oci push a -a k=v -- c", { files: ["c"], annotation: ["k=v"] }],
  ["oci push a -- --files --json=maybe", { files: ["--files", "--json=maybe"], json: undefined }],
  ["search -- true", { query: ["true"] }],
  ["search url parser --limit 5", { query: ["url", "parser"], limit: 5 }],
  ["search --all", { all: true, query: [] }],
  ["search x --limit=1", { limit: 1 }],
  ["list --dry-run=true --json=false", { dryRun: true, json: false }],
  ["index publish a --versions 3 --key k", { versions: 3, directory: undefined }],
  ["index publish a built --dry-run", { directory: "built" }],
  ["publish --no-rolling --version 1.10", { rolling: false, version: "1.10" }],
  ["publish --no-sign", { sign: false }],
  ["key generate --no-passphrase", { passphrase: false }],
  ["key import k --no-passphrase --passphrase-fd 3", { "passphrase-fd": 3 }],
  ["update --check --insecure-skip digest", { check: true, "insecure-skip": ["digest"] }],
  ["config --concurrency 64", { concurrency: 64 }],
];

test("parseCommandLine() passes a command its arguments and options", async (t) => {
  for (const [line, expected] of TAKEN) {
    await t.test(`pkg ${line}`, async () => {
      const args = await argumentsOf(line);
      const given = Object.fromEntries(Object.keys(expected).map((key) => [key, Reflect.get(args, key)]));
      assert.deepEqual(given, expected);
    });
  }
});

test("parseCommandLine() reads a group alone as its default command", async () => {
  const [alone, named] = [await parse("repo"), await parse("repo list")];
  assert.ok(alone.kind === "command" && named.kind === "command");
  assert.equal(alone.command, named.command);
});

/** Command lines that are refused, and why. */
const REFUSED: readonly (readonly [line: string | readonly string[], message: RegExp])[] = [
  // Commands, options and arguments that do not exist.
  ["repo frobnicate", /^Cannot run "pkg repo": it has no command "frobnicate"$/],
  ["repo ad", /^Cannot run "pkg repo": it has no command "ad"$/],
  ["repo --frob", /^Cannot run "pkg repo": it has no option "--frob"$/],
  ["repo --key A", /it has no option "--key"$/],
  ["repo list --key A", /^Cannot run "pkg repo list": it has no option "--key"$/],
  ["repo list x", /^Cannot run "pkg repo list": it has no argument "x"$/],
  ["repo disable a b", /^Cannot run "pkg repo disable": it has no argument "b"$/],
  ["repo disable a nosuch me me", /it has no arguments "nosuch" and "me"$/],
  ["repo disable a b b", /it has no argument "b"$/],
  ["repo remove a --name b", /it has no option "--name"$/],
  ["repo enable a --accept-keys b", /it has no option "--accept-keys"$/],
  ["repo trust a --threshold 2", /it has no option "--threshold"$/],
  ["repo add a --accept-keys b", /it has no option "--accept-keys"$/],
  ["registry gc --root r --port 70000 --htpasswd /nope", /it has no options "--port" and "--htpasswd"$/],
  ["registry gc --root r --max-body 1", /^Cannot run "pkg registry gc": it has no option "--max-body"$/],
  ["registry gc --root r --no-sparse", /it has no option "--no-sparse"$/],
  ["registry serve --root r --untagged", /it has no option "--untagged"$/],
  ["registry serve --root r --grace 1h", /it has no option "--grace"$/],
  ["registry serve --root r x", /it has no argument "x"$/],
  ["registry frob --root r", /^Cannot run "pkg registry": it has no/],
  ["oci layout gc d --plain-http", /it has no option "--plain-http"$/],
  ["oci logout ghcr.io --insecure", /it has no option "--insecure"$/],
  ["index sign --plain-http", /it has no option "--plain-http"$/],
  ["logout ghcr.io -u me", /it has no option "-u"$/],
  ["config -- trurl", /it has no argument "trurl"$/],
  ["config -- --force", /it has no .* "--force"$/],
  ["config trurl", /it has no argument "trurl"$/],
  // An argument typed as an option.
  ["key show a --name b", /it has no option "--name"$/],
  ["install x --packages trurl", /it has no option "--packages"$/],
  // What is missing.
  ["repo remove", /^Cannot run "pkg repo remove": <repository> is missing$/],
  ["repo add", /^Cannot run "pkg repo add": <repository> is missing$/],
  ["registry", /^Name a command of "registry"$/],
  ["registry gc", /^Cannot run "pkg registry gc": --root is missing$/],
  ["repo add x https://e.org --key", /^Cannot use --key: it has no value$/],
  ["repo trust x --accept-keys", /^Cannot use --accept-keys: it has no value$/],
  ["install x --insecure-skip", /^Cannot use --insecure-skip: it has no value$/],
  // Values.
  [
    "registry serve --root r --port 70000",
    /^Cannot use --port: expected a whole number from 0 to 65535, found "70000"$/,
  ],
  ["registry serve --root r --port many", /--port: .*found "many"$/],
  ["registry serve --root r --port=many", /--port: .*found "many"$/],
  ["registry serve --root r --port -1", /--port: .*found "-1"$/],
  ["registry serve --root r --port 1.5", /--port: .*found "1.5"$/],
  ["registry serve --root r --port=", /^Cannot use --port: its value is empty$/],
  [["registry", "serve", "--root", "r", "--port", ""], /^Cannot use --port: its value is empty$/],
  ["registry serve --root r --max-requests 0", /--max-requests: expected a whole number from 1, found "0"$/],
  ["search x --limit 0", /--limit/],
  ["search x --limit 2.5", /--limit: .*found "2.5"$/],
  ["search x --limit 99999999999999999999", /--limit/],
  ["oci tags x --limit -3", /--limit/],
  ["oci catalog x --limit 0", /--limit/],
  ["index build x --versions 0", /--versions/],
  ["index publish x --threshold 0", /--threshold/],
  ["repo add x --key A --threshold 0", /--threshold/],
  ["key show --concurrency 65", /--concurrency: expected a whole number from 1 to 64, found "65"$/],
  ["publish --passphrase-fd -1", /^Cannot use --passphrase-fd: expected a file descriptor such as 3, found "-1"$/],
  [["registry", "gc", "--root", ""], /^Cannot use --root: its value is empty$/],
  ["registry gc --root r --grace=", /^Cannot use --grace: its value is empty$/],
  [["repo", "add", "x", "--key", ""], /^Cannot use --key: its value is empty$/],
  [["oci", "pull", "x", "-o", ""], /^Cannot use --output: its value is empty$/],
  [["publish", "--license", ""], /^Cannot use --license: its value is empty$/],
  ["registry gc --root a --root b", /^Cannot use --root more than once: found "a" and "b"$/],
  ["registry serve --root a --port 1 --port 2", /^Cannot use --port more than once: found "1" and "2"$/],
  ["oci pull x -o a --output b", /^Cannot use --output more than once/],
  ["oci tags x --sort version --sort registry", /^Cannot use --sort more than once/],
  ["list --home a --home b", /^Cannot use --home more than once/],
  ["remove x --dry-run=yes", /^Cannot use --dry-run: it takes no value, found "yes"$/],
  ["remove x --dry-run=", /^Cannot use --dry-run: it takes no value, found ""$/],
  ["publish --no-rolling=1", /^Cannot use --no-rolling: it takes no value, found "1"$/],
  ["key generate --no-passphrase=1", /^Cannot use --no-passphrase: it takes no value, found "1"$/],
  ["oci tags x --sort age", /^Cannot use --sort: expected one of "registry", "version", found "age"$/],
  // Options that mean nothing together with, or without, another one.
  ["registry serve --root r --tls-cert c", /^Cannot use --tls-cert: --tls-key is missing$/],
  ["registry serve --root r --tls-key k", /^Cannot use --tls-key: --tls-cert is missing$/],
  ["registry serve --root r --anonymous-pull", /^Cannot use --anonymous-pull: no password is asked for anyway$/],
  ["registry serve --root r --tag-age 5m", /^Cannot use --tag-age: there is no upstream$/],
  ["registry serve --root r --tag-age 1m", /^Cannot use --tag-age: there is no upstream$/],
  ["registry serve --root r --upstream-login", /^Cannot use --upstream-login: there is no upstream$/],
  ["registry serve --root r --plain-http", /^Cannot use --plain-http: there is no upstream$/],
  ["registry serve --root r --insecure", /^Cannot use --insecure: there is no upstream$/],
  ["registry serve --root r --upstream ghcr.io --sparse", /^Cannot use --sparse: a cache takes no pushes$/],
  ["repo add x --threshold 2", /^Cannot use --threshold: --key is missing$/],
  ["oci pull x --force --skip-old-files", /^Cannot use --skip-old-files: --force is given as well$/],
  ["index publish x built --from y", /^Cannot use --from: it is built already$/],
  ["index publish x built --serial 3", /^Cannot use --serial: it is built already$/],
  ["index publish x built --expires-in 30d", /^Cannot use --expires-in: it is built already$/],
  ["index publish x built --key k", /^Cannot use --key: it is built already$/],
  ["publish --no-sign --key k", /^Cannot use --key: nothing is signed with --no-sign$/],
  ["update --check --force", /^Cannot use --force: --check places nothing$/],
  ["login ghcr.io --identity-token -u me", /^Cannot use --username: an identity token/],
  ["key export --secret --passphrase-fd 3", /^Cannot use --passphrase-fd: a secret key is written/],
  ["key generate --no-passphrase --passphrase-fd 3", /^Cannot use --passphrase-fd: with --no-passphrase/],
];

test("parseCommandLine() refuses what a command does not take, with USAGE and its own help", async (t) => {
  for (const [line, message] of REFUSED) {
    await t.test(`pkg ${[line].flat().join(" ")}`, () =>
      assert.rejects(parse(line), { code: "USAGE", message, hint: /`pkg .*--help`/ }),
    );
  }
});

test("parseCommandLine() suggests the command that was meant", async () => {
  await assert.rejects(parse("repo ad"), { hint: "Did you mean add? `pkg repo --help` lists the commands" });
  await assert.rejects(parse("registry serv"), { hint: /^Did you mean serve\?/ });
  for (const command of ["publish", "init"]) {
    const hint = /^Did you mean --version 1\.2\.0, or ghcr\.io\/me\/x:1\.2\.0\? Usage: /;
    await assert.rejects(parse(`${command} ghcr.io/me/x 1.2.0`), { hint });
  }
  await assert.rejects(parse("repo disable a 1"), { hint: /^Usage: / });
  await assert.rejects(parse("instal trurl"), { message: 'Cannot run "pkg": it has no command "instal"' });
  await assert.rejects(parse("--home h instal trurl"), { message: 'Cannot run "pkg": it has no command "instal"' });
});

suite("parseCommandLine() gives help", () => {
  test("that lists the commands of a group, and the options of a command alone", async () => {
    const group = await textOf("repo --help");
    for (const name of ["list", "add", "remove", "enable", "disable", "trust"]) {
      assert.match(group, new RegExp(`^  pkg repo ${name}\\b`, "m"));
    }
    assert.doesNotMatch(group, /--accept-keys/);
    assert.match(await textOf("repo trust --help"), /--accept-keys/);
    const collecting = await textOf("registry gc --help");
    assert.match(collecting, /--untagged/);
    assert.doesNotMatch(collecting, /--port|--htpasswd/);
  });

  test("and the version if no command has an option of that name", async () => {
    assert.equal(await textOf("list --version"), "1.2.3");
  });
});

suite("every command", () => {
  test("takes no option that needs a value without one", async () => {
    const loose = (await commandPages(COMMANDS)).flatMap(({ words, options }) =>
      [...options]
        .filter(([, option]) => option.type !== "boolean" && option.hidden !== true)
        .filter(([, { requiresArg, nargs }]) => requiresArg !== true && nargs !== 1)
        .map(([name]) => `pkg ${words.join(" ")} --${name}`),
    );
    assert.deepEqual(loose, []);
  });

  test("says which numbers it takes", async () => {
    const unbounded = (await commandPages(COMMANDS)).flatMap(({ words, options, rules }) =>
      [...options]
        .filter(([, { type }]) => type === "number")
        .filter(([name]) => !rules.some((rule) => rule.kind === "whole-number" && rule.option === name))
        .map(([name]) => `pkg ${words.join(" ")} --${name}`),
    );
    assert.deepEqual(unbounded, []);
  });

  test("has rules for options and arguments of its own alone", async () => {
    const strangers = (await commandPages(COMMANDS)).flatMap(({ words, options, positionals, rules }) =>
      rules
        .flatMap((rule) => [
          rule.option,
          ...(rule.kind === "needs" ? [rule.other] : []),
          ...(rule.kind === "excludes" ? rule.others : []),
        ])
        .filter((name) => !options.has(name) && !positionals.has(name) && !options.has(name.replace(/^no-/, "")))
        .map((name) => `pkg ${words.join(" ")} --${name}`),
    );
    assert.deepEqual(strangers, []);
  });
});
