import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { runPkg } from "../support/run-pkg.ts";
import { tempDirectory } from "../support/temp-home.ts";

/** A directory with a layout of artifacts, and the program run in a directory of its own. */
async function world(t: TestContext) {
  const directory = tempDirectory(t);
  const [home, layout, files] = ["home", "layout", "files"].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  const run = (cwd: string, ...args: string[]) => runPkg(args, { home, cwd });
  const make = (name: string, content: string, mode = 0o644) => {
    mkdirSync(dirname(join(files, name)), { recursive: true });
    writeFileSync(join(files, name), content);
    chmodSync(join(files, name), mode);
  };
  const push = async (tag: string, ...names: string[]) => {
    const pushed = await run(files, "oci", "push", `oci:${layout}:${tag}`, ...names);
    assert.equal(pushed.code, 0, pushed.stderr);
  };
  const into = (name: string) => {
    mkdirSync(join(directory, name));
    return join(directory, name);
  };
  make("plain", "data");
  await push("plain", "plain");
  return { directory, layout, run, make, push, into };
}

const TAKEN = /Cannot write ".*": it exists/;

test("`oci blob fetch` and `oci manifest fetch` overwrite nothing without --force, not even a dangling link", async (t) => {
  const { directory, layout, run } = await world(t);
  const { stdout } = await run(directory, "oci", "manifest", "fetch", `oci:${layout}:plain`);
  const blob = `oci:${layout}@${JSON.parse(stdout).layers[0].digest}`;
  for (const [command, name, content] of [
    ["blob", blob, "data"],
    ["manifest", `oci:${layout}:plain`, stdout],
  ] as const) {
    const [file, link, gone] = ["file", "link", "gone"].map((kind) => join(directory, `${command}-${kind}`)) as [
      string,
      string,
      string,
    ];
    writeFileSync(file, "mine");
    symlinkSync(gone, link);
    for (const output of [file, link]) {
      const refused = await run(directory, "oci", command, "fetch", name, "-o", output);
      assert.equal(refused.code, 1, command);
      assert.match(refused.stderr, TAKEN);
      assert.match(refused.stderr, /--force/);
    }
    assert.equal(readFileSync(file, "utf8"), "mine");
    assert.equal(existsSync(gone), false);
    for (const output of [file, link]) {
      assert.equal((await run(directory, "oci", command, "fetch", name, "-o", output, "--force")).code, 0);
      assert(lstatSync(output).isFile());
      assert.equal(readFileSync(output, "utf8"), content);
    }
    assert.equal(existsSync(gone), false, "with --force the link itself is replaced");
    assert.equal(
      (await run(directory, "oci", command, "fetch", name, "-o", file)).code,
      0,
      "the same content is no conflict",
    );
  }
});

test("`oci push --export-manifest` and a new archive overwrite nothing", async (t) => {
  const { directory, layout, run, into } = await world(t);
  writeFileSync(join(directory, "mine"), "mine");
  const push = [
    "oci",
    "push",
    `oci:${join(directory, "other")}:a`,
    "plain",
    "--export-manifest",
    join(directory, "mine"),
  ];
  const refused = await run(join(directory, "files"), ...push);
  assert.match(refused.stderr, TAKEN);
  assert.equal(existsSync(join(directory, "other")), false, "refused before anything is pushed");
  assert.equal((await run(join(directory, "files"), ...push, "--force")).code, 0);
  const archive = join(into("archives"), "a.tar");
  symlinkSync(join(directory, "nowhere"), archive);
  const copied = await run(directory, "oci", "copy", `oci:${layout}:plain`, `oci-archive:${archive}:x`);
  assert.match(copied.stderr, /it is a link/);
  assert(lstatSync(archive).isSymbolicLink());
});

test("a new layout, and a new config, replace no link that leads nowhere", async (t) => {
  const { directory, layout, run, into } = await world(t);
  for (const name of ["index.json", "oci-layout"]) {
    const place = into(`layout-${name}`);
    symlinkSync(join(directory, "nowhere"), join(place, name));
    const copied = await run(directory, "oci", "copy", `oci:${layout}:plain`, `oci:${place}:x`);
    assert.equal(copied.code, 1, name);
    assert(lstatSync(join(place, name)).isSymbolicLink());
  }
  mkdirSync(join(directory, "home"), { recursive: true });
  symlinkSync(join(directory, "nowhere"), join(directory, "home/config.toml"));
  const disabled = await run(directory, "repo", "disable", "bincache");
  assert.match(disabled.stderr, /config\.toml": it is a link/);
  assert.equal(existsSync(join(directory, "nowhere")), false);
});

test("names that begin with a dot need --allow-dot-files or a directory of their own", async (t) => {
  const { directory, layout, run, make, push, into } = await world(t);
  make(".bash_login", "evil");
  make(".ssh/authorized_keys", "evil");
  await push("dot", "plain", ".bash_login");
  await push("deep", ".ssh/authorized_keys");
  for (const command of [["pull"], ["oci", "pull"]]) {
    const id = command.join("-");
    const used = into(`${id}-used`);
    writeFileSync(join(used, "x"), "");
    for (const tag of ["dot", "deep"]) {
      for (const output of [[], ["-o", used], ["-o", "."]]) {
        const refused = await run(used, ...command, `oci:${layout}:${tag}`, ...output);
        assert.equal(refused.code, 1);
        assert.match(refused.stderr, /begins with a dot[\s\S]*--allow-dot-files/);
      }
      // A home may be empty.
      const empty = into(`${id}-${tag}-empty`);
      assert.equal((await run(empty, ...command, `oci:${layout}:${tag}`)).code, 1);
      assert.deepEqual(readdirSync(empty), []);
      const own = join(directory, `${id}-${tag}-own`);
      for (const time of ["first", "again"]) {
        assert.equal((await run(used, ...command, `oci:${layout}:${tag}`, "-o", own)).code, 0, time);
      }
    }
    assert.deepEqual(readdirSync(used), ["x"]);
    assert.equal((await run(used, ...command, `oci:${layout}:dot`, "--allow-dot-files")).code, 0);
    assert.equal(readFileSync(join(used, ".bash_login"), "utf8"), "evil");
  }
});

test("a packed directory that is merged brings no dot names into directories that exist", async (t) => {
  const { layout, run, make, push, into } = await world(t);
  make("repo/.git/hooks/post-checkout", "evil", 0o755);
  make("repo/readme", "text");
  await push("tree", "repo");
  const cwd = into("cwd");
  mkdirSync(join(cwd, "repo"));
  const merged = await run(cwd, "oci", "pull", `oci:${layout}:tree`, "--force");
  assert.match(merged.stderr, /begins with a dot/);
  assert.deepEqual(readdirSync(join(cwd, "repo")), []);
  assert.equal((await run(cwd, "oci", "pull", `oci:${layout}:tree`, "--force", "--allow-dot-files")).code, 0);
});

test("`oci pull` keeps no write permission for others", async (t) => {
  const { layout, run, make, push, into } = await world(t);
  make("tree/file", "text", 0o777);
  chmodSync(join(into("unused"), "../files/tree"), 0o777);
  await push("modes", "tree");
  const cwd = into("cwd");
  assert.equal((await run(cwd, "oci", "pull", `oci:${layout}:modes`)).code, 0);
  for (const name of ["tree", "tree/file"]) assert.equal(statSync(join(cwd, name)).mode & 0o7777, 0o755, name);
});

test("a FIFO is an error at once, wherever a file is expected", async (t) => {
  const { directory, layout, run } = await world(t);
  const fifo = join(directory, "fifo");
  spawnSync("mkfifo", [fifo]);
  for (const args of [
    ["--config", fifo, "list"],
    ["repo", "add", `file://${fifo}`],
    ["oci", "push", `oci:${layout}:a`, fifo],
    ["oci", "push", `oci:${layout}:a`, "--annotation-file", fifo],
    ["oci", "manifest", "push", `oci:${layout}:a`, fifo],
    ["oci", "blob", "push", `oci:${layout}`, fifo],
    ["oci", "tags", `oci-archive:${fifo}`],
    ["key", "import", fifo, "--no-passphrase"],
    ["publish", fifo],
    ["index", "lint", fifo],
    ["index", "sign", fifo],
    ["registry", "serve", "--root", join(directory, "r"), "--port", "0", "--tls-cert", fifo, "--tls-key", fifo],
  ]) {
    const { code, stderr } = await run(directory, ...args);
    assert(code === 1 || code === 2, `${args.join(" ")}: ${code}`);
    assert.match(stderr, /^error: /m, args.join(" "));
    assert.doesNotMatch(stderr, /bug/, args.join(" "));
  }
  for (const name of [".index.json.lock", "index.json", "oci-layout"]) {
    const place = join(directory, `with-${name}`);
    assert.equal((await run(directory, "oci", "copy", `oci:${layout}:plain`, `oci:${place}:x`)).code, 0);
    spawnSync("sh", ["-c", 'rm -f "$0"; mkfifo "$0"', join(place, name)]);
    assert.equal((await run(directory, "oci", "tag", `oci:${place}:x`, "y")).code, 1, name);
  }
});

test("`oci pull --skip-old-files` leaves an artifact's config that exists as it is", async (t) => {
  const { directory, layout, run } = await world(t);
  const config = join(directory, "config.json");
  writeFileSync(config, '{"a":1}');
  const pushed = await run(
    directory,
    "oci",
    "push",
    `oci:${layout}:c`,
    "--artifact-config",
    "config.json",
    "files/plain",
  );
  assert.equal(pushed.code, 0, pushed.stderr);
  writeFileSync(config, "mine");
  const pull = (flag: string) =>
    run(directory, "oci", "pull", `oci:${layout}:c`, "-o", "out", "--artifact-config", "config.json", flag);
  assert.equal((await pull("--skip-old-files")).code, 0);
  assert.equal(readFileSync(config, "utf8"), "mine");
  assert.equal((await pull("--force")).code, 0);
  assert.equal(readFileSync(config, "utf8"), '{"a":1}');
});

test("a link or a directory in place of a layout's lock is an error at once", async (t) => {
  const { directory, layout, run } = await world(t);
  const lock = join(layout, ".index.json.lock");
  for (const make of [
    () => symlinkSync(join(directory, "nowhere"), lock),
    () => symlinkSync(join(layout, "index.json"), lock),
    () => mkdirSync(lock),
  ]) {
    make();
    const { code, stderr } = await run(directory, "oci", "tag", `oci:${layout}:plain`, "y");
    assert.equal(code, 1);
    assert.match(stderr, /index\.json\.lock" is not a plain file/);
    rmSync(lock, { recursive: true });
  }
});
