import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";

const SCRIPT = join(dirname(dirname(import.meta.dirname)), "install.sh");

/** A copy of the script in a checkout of its own, and a home: every change that a run makes can be seen here. */
let place = "";

before(() => {
  place = mkdtempSync(join(tmpdir(), "pkg-install-sh-"));
  mkdirSync(join(place, "checkout"));
  mkdirSync(join(place, "home"));
  cpSync(SCRIPT, join(place, "checkout", "install.sh"));
});

after(() => rmSync(place, { recursive: true, force: true }));

/** Runs the script with no command on PATH, so with no npm. */
function install(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return spawnSync("/bin/sh", [join(place, "checkout", "install.sh"), ...args], {
    encoding: "utf8",
    cwd: place,
    env: { HOME: join(place, "home"), PATH: join(place, "empty"), ...env },
  });
}

function everything(): readonly string[] {
  return readdirSync(place, { recursive: true, encoding: "utf8" }).sort();
}

test("install.sh shows its help", () => {
  const { status, stdout, stderr } = install(["--help"], { PATH: process.env["PATH"] ?? "" });
  assert.equal(status, 0);
  assert.match(stdout, /^Usage: \.\/install\.sh \[--prefix DIR\]/);
  assert.equal(stderr, "");
});

const MISUSES: readonly (readonly [args: readonly string[], message: RegExp])[] = [
  [["--bogus"], /Unknown argument "--bogus"/],
  [["somewhere"], /Unknown argument "somewhere"/],
  [["--prefix"], /--prefix needs a directory/],
  [["--prefix", ""], /--prefix needs a directory/],
  [["--prefix="], /--prefix needs a directory/],
];

test("install.sh exits 2 when it is not understood", async (t) => {
  for (const [args, message] of MISUSES) {
    await t.test(JSON.stringify(args), () => {
      const { status, stdout, stderr } = install(args);
      assert.equal(status, 2);
      assert.match(stderr, message);
      assert.equal(stdout, "");
    });
  }
});

test("install.sh exits with 2 when there is neither a home nor a prefix", () => {
  const { status, stderr } = install([], { HOME: "" });
  assert.equal(status, 2);
  assert.match(stderr, /HOME is not set; name a directory with --prefix/);
});

test("install.sh says that npm is missing and changes nothing", async (t) => {
  for (const args of [[], ["--prefix", "made"], ["--prefix=made"]]) {
    await t.test(JSON.stringify(args), () => {
      const found = everything();
      const { status, stdout, stderr } = install(args);
      assert.equal(status, 1);
      assert.match(stderr, /npm was not found.*Nothing was changed\n$/);
      assert.equal(stdout, "");
      assert.deepEqual(everything(), found);
    });
  }
});

/** A directory with programs of these versions, and with the commands of the system that the script needs. */
function programs(versions: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(place, "programs-"));
  for (const [name, version] of Object.entries(versions))
    writeFileSync(join(directory, name), `#!/bin/sh\necho "${version}"\n`, { mode: 0o755 });
  return `${directory}:/usr/bin:/bin`;
}

const OLD: readonly (readonly [versions: Readonly<Record<string, string>>, message: RegExp])[] = [
  [
    { npm: "11.0.0", node: "v18.20.4" },
    /the version of node is v18\.20\.4, expected 20 or newer\. Install Node\.js 20/,
  ],
  [{ npm: "9.9.4", node: "v20.0.0" }, /the version of npm is 9\.9\.4, expected 10 or newer\. Install Node\.js 20/],
  [{ npm: "11.0.0", node: "soon" }, /the version of node is "soon", expected 20 or newer/],
  [{ npm: "", node: "v24.0.0" }, /the version of npm is "", expected 10 or newer/],
];

test("install.sh refuses a Node or npm that is too old and changes nothing", async (t) => {
  for (const [versions, message] of OLD) {
    await t.test(JSON.stringify(versions), () => {
      const PATH = programs(versions);
      const found = everything();
      const { status, stdout, stderr } = install(["--prefix", "made"], { PATH });
      assert.equal(status, 1);
      assert.match(stderr, message);
      assert.match(stderr, /Nothing was changed\n$/);
      assert.equal(stdout, "");
      assert.deepEqual(everything(), found);
    });
  }
});

/** A checkout whose npm and Node are shell scripts: the build makes a program that prints a version. */
function pretendedCheckout(name: string): { readonly checkout: string; readonly PATH: string } {
  const checkout = join(place, name);
  mkdirSync(join(checkout, "scripts"), { recursive: true });
  cpSync(SCRIPT, join(checkout, "install.sh"));
  for (const file of ["package.json", "package-lock.json", "scripts/build.ts"]) writeFileSync(join(checkout, file), "");
  const PATH = programs({ npm: "11.0.0", node: "v22.0.0" });
  const node = "#!/bin/sh\nprintf '#!/bin/sh\\necho 1.2.3\\n' > \"$3\"\n";
  const npm = `#!/bin/sh
[ "$1" = --version ] && { echo 11.0.0; exit; }
mkdir -p node_modules/.bin && touch node_modules/.package-lock.json
cat > node_modules/.bin/node <<'END'
${node}END
chmod 755 node_modules/.bin/node
`;
  writeFileSync(join(PATH.split(":")[0] ?? "", "npm"), npm, { mode: 0o755 });
  return { checkout, PATH };
}

test("install.sh works through links to itself, with CDPATH, spaces and a slash after the prefix, from anywhere", async (t) => {
  const { checkout, PATH } = pretendedCheckout("check out");
  mkdirSync(join(place, "links", "check out"), { recursive: true });
  symlinkSync("../check out/install.sh", join(place, "links", "first"));
  symlinkSync("first", join(place, "links", "second"));
  const ways: Readonly<Record<string, readonly string[]>> = {
    itself: [join(checkout, "install.sh")],
    "a link to a link": [join(place, "links", "second")],
    "a relative link": ["links/second"],
    "a relative path": ["check out/install.sh"],
  };
  for (const [way, words] of Object.entries(ways)) {
    await t.test(way, () => {
      const prefix = `${way}/pre fix`;
      const bin = join(place, prefix, "bin");
      const { status, stdout, stderr } = spawnSync("/bin/sh", [...words, "--prefix", `${prefix}//`], {
        encoding: "utf8",
        cwd: place,
        env: { HOME: join(place, "home"), CDPATH: join(place, "links"), PATH: `${PATH}:${bin}/` },
      });
      assert.equal(status, 0, stderr);
      assert.equal(stdout, `Installed pkg 1.2.3 as ${bin}/pkg; ${bin} is on PATH\n`);
      assert.deepEqual(readdirSync(bin), ["pkg"]);
    });
  }
});

test("install.sh refuses a directory that is no checkout", () => {
  const PATH = programs({ npm: "11.0.0", node: "v22.0.0" });
  const { status, stderr } = install([], { PATH });
  assert.equal(status, 1);
  assert.match(
    stderr,
    /checkout" is not a checkout of it\. Run the install\.sh of a checkout\. Nothing was changed\n$/,
  );
});
