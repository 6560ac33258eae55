import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { makeSampleHome, type SampleHome } from "../support/sample-home.ts";
import { tempDirectory } from "../support/temp-home.ts";

/** A home with hello 1.0.0 installed from its index. */
async function homeWithHello(t: TestContext): Promise<SampleHome> {
  const home = await makeSampleHome(t);
  const hello = home.build({ name: "hello", version: "1.0.0" });
  await home.push(hello);
  home.publishIndex(hello);
  const { code, stderr } = await home.pkg(["install", "hello"]);
  assert.equal(code, 0, stderr);
  return home;
}

test("pkg owns, files and verify know what was placed by every spelling of the home", async (t) => {
  const home = await homeWithHello(t);
  const link = join(tempDirectory(t), "link");
  symlinkSync(home.path, link);
  mkdirSync(join(home.path, "other"));
  const spellings = [home.path, `${home.path}/`, `${home.path}/./other/..`, link];
  for (const spelled of spellings) {
    const env = { PKG_HOME: spelled };
    assert.equal((await home.pkg(["verify"], { env })).code, 0, spelled);
    for (const path of [...spellings.map((other) => join(other, "bin/hello")), "hello"]) {
      const { stdout } = await home.pkg(["owns", path], { env });
      assert.equal(stdout, "hello 1.0.0\n", `${path} of ${spelled}`);
    }
    const { stdout } = await home.pkg(["files", "hello"], { env });
    const [file = ""] = stdout.split("\n");
    assert.equal((await home.pkg(["owns", file])).stdout, "hello 1.0.0\n");
  }
});

test("pkg verify says that update mends what is gone, and reinstall what was written to", async (t) => {
  const home = await homeWithHello(t);
  const link = join(home.path, "bin/hello");
  rmSync(link);
  assert.match((await home.pkg(["verify"])).stderr, /^hint: Run `pkg update hello`, which places it again$/m);
  assert.equal((await home.pkg(["update", "hello"])).code, 0);
  const placed = join(home.path, "bin", readlinkSync(link));
  const { length } = readFileSync(placed);
  rmSync(placed);
  writeFileSync(placed, " ".repeat(length));
  chmodSync(placed, 0o755);
  assert.match((await home.pkg(["verify"])).stderr, /^hint: Run `pkg install --reinstall hello`$/m);
});

test("pkg install and update place again what is gone, without a request, and name what they leave", async (t) => {
  const home = await homeWithHello(t);
  home.takeRequests();
  const link = join(home.path, "bin/hello");
  for (const command of [["install", "hello", "--offline"], ["update"]]) {
    rmSync(join(home.path, "packages/hello"), { recursive: true });
    rmSync(link);
    const { code, stdout, stderr } = await home.pkg(command);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^\+ hello 1\.0\.0 +from the store/m, command.join(" "));
    assert.match(stderr, /^note: hello 1\.0\.0 was not as it was placed, and was placed again: "/m);
    assert.equal((await home.pkg(["verify"])).code, 0);
  }
  assert.deepEqual(
    home.takeRequests().filter((asked) => asked.includes("/blobs/")),
    [],
  );
  rmSync(link);
  writeFileSync(link, "mine");
  const { code, stderr } = await home.pkg(["update"]);
  assert.equal(code, 0);
  assert.match(
    stderr,
    /^warning: hello 1\.0\.0 is not as it was placed: ".*bin\/hello"\. Run `pkg install hello --force`/m,
  );
  assert.match(
    (await home.pkg(["install", "hello"])).stderr,
    /^error: Cannot place "hello": .* is a file that pkg did not place$/m,
  );
  rmSync(join(home.path, "blobs"), { recursive: true });
  rmSync(join(home.path, "packages/hello"), { recursive: true });
  rmSync(link);
  const lost = await home.pkg(["update"]);
  assert.deepEqual([lost.code, lost.stdout], [1, ""]);
  assert.match(
    lost.stderr,
    /^error: Cannot place "hello" 1\.0\.0 again: .*\nhint: Run `pkg install --reinstall hello`$/m,
  );
  assert.equal((await home.pkg(["install", "hello"])).code, 0);
  assert.equal((await home.pkg(["verify"])).code, 0);
});

test("pkg verify, update and remove keep what was written beside the files of a package, and name it", async (t) => {
  const home = await homeWithHello(t);
  const notes = join(home.path, "bin", readlinkSync(join(home.path, "bin/hello")), "../notes");
  writeFileSync(notes, "mine");
  const verified = await home.pkg(["verify"]);
  assert.deepEqual([verified.code, verified.stdout], [0, `ok hello 1.0.0\n  not placed by pkg: ${notes}\n`]);
  for (const command of [
    ["remove", "hello", "--dry-run"],
    ["remove", "hello"],
  ]) {
    assert.match(
      (await home.pkg(command)).stderr,
      /^note: hello: what pkg did not place is kept: ".*notes"; `pkg remove --purge hello` would/m,
    );
  }
  assert.equal(readFileSync(notes, "utf8"), "mine");
  assert.match(
    (await home.pkg(["remove", "hello"])).stderr,
    /^hint: Files that were kept of it are removed by `pkg remove --purge hello`$/m,
  );
  const planned = await home.pkg(["remove", "hello", "--purge", "--dry-run"]);
  assert.deepEqual([planned.code, planned.stdout], [0, `would remove what was kept of hello: ${dirname(notes)}\n`]);
  assert.equal(readFileSync(notes, "utf8"), "mine");
  assert.equal((await home.pkg(["remove", "hello", "--purge"])).code, 0);
  assert.equal(existsSync(notes), false);
});

test("pkg install says where a file is that somebody had edited, and places its own", async (t) => {
  const home = await homeWithHello(t);
  const program = realpathSync(join(home.path, "bin/hello"));
  rmSync(program);
  writeFileSync(program, "mine");
  const { code, stderr } = await home.pkg(["install", "hello"]);
  const saved = `${realpathSync(join(home.path, "bin/hello"))}.pkg-saved`;
  assert.equal(code, 0, stderr);
  assert.ok(
    stderr.includes(`note: hello: what was edited, or written where the package has a file, is now "${saved}"\n`),
    stderr,
  );
  assert.equal(readFileSync(saved, "utf8"), "mine");
});

test("pkg install --force says what it moves aside, and pkg remove gives it back", async (t) => {
  const home = await homeWithHello(t);
  const link = join(home.path, "bin/hello");
  rmSync(link);
  writeFileSync(link, "mine");
  const forced = await home.pkg(["install", "hello", "--force"]);
  assert.ok(
    forced.stderr.includes(`note: What was "${link}" is "${link}.pkg-saved" now; \`pkg remove hello\` gives it back\n`),
    forced.stderr,
  );
  const { document } = await home.json("remove", "hello");
  assert.ok(JSON.stringify(document).includes('"givenBack":[{"kind":"restored"'), JSON.stringify(document));
  assert.equal(readFileSync(link, "utf8"), "mine");
});

test("pkg says that the record of what is installed was lost, and takes over what is there", async (t) => {
  const home = await homeWithHello(t);
  for (const end of ["-wal", "-shm"]) rmSync(join(home.path, `state.db${end}`), { force: true });
  writeFileSync(join(home.path, "state.db"), "");
  const warning =
    /^warning: ".*state\.db" records nothing as installed: hello was placed here too\. .*`pkg install hello`/m;
  for (const args of [["list"], ["info", "hello"], ["update"], ["remove", "hello"]]) {
    assert.match((await home.pkg(args)).stderr, warning, args.join(" "));
  }
  const verified = await home.pkg(["verify"]);
  assert.equal(verified.code, 1);
  assert.match(verified.stdout, /^not recorded .*packages\/hello\/1\.0\.0-/m);
  assert.equal((await home.pkg(["install", "hello"])).code, 0);
  const after = await home.pkg(["verify"]);
  assert.deepEqual([after.code, after.stdout], [0, "ok hello 1.0.0\n"]);
  assert.doesNotMatch(after.stderr, /warning/);
});
