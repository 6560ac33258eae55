import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { constants, zstdCompressSync } from "node:zlib";
import { startRegistry } from "../../src/registry/server.ts";
import { makeCertificate } from "../http/certificate.ts";
import { buildProgram } from "../support/built-program.ts";
import { createSigstore } from "../support/fake-sigstore.ts";
import { tempDirectory, tempHome } from "../support/temp-home.ts";

/** The program as it ships, in an environment with no Node to find. */
const directory = tempDirectory({ after });
let program = "";
before(() => {
  program = buildProgram(directory);
});

function run(home: string, ...args: readonly string[]) {
  return spawnSync(program, args, {
    env: { PKG_HOME: home, HOME: home, PATH: "/nonexistent" },
    cwd: home,
    encoding: "utf8",
  });
}

test("the built program runs without Node, its addons included", (t) => {
  const home = tempHome(t);
  const manifest: { readonly version: string } = JSON.parse(
    readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
  );
  assert.equal(run(home, "--version").stdout, `${manifest.version}\n`);
  const listed = run(home, "list", "--json");
  assert.equal(listed.stderr, "");
  assert.deepEqual(JSON.parse(listed.stdout), { packages: [] });
  // The checksum of a secret key is BLAKE2b, which comes from the addon too.
  assert.equal(run(home, "key", "generate", "--no-passphrase").stderr, "");
  assert.match(run(home, "key", "show").stdout, /^default /);
});

test("the built program loads its addons where the cache cannot be used, and by a user whom the system does not know", (t) => {
  const home = tempHome(t);
  const list = (env: Readonly<Record<string, string>>, uid?: number) => {
    const { status, signal, stderr } = spawnSync(program, ["list", "--json", "--home", home], {
      env: { PATH: "/nonexistent", ...env },
      cwd: "/",
      encoding: "utf8",
      // It once never ended; that ends this test as well.
      timeout: 300_000,
      killSignal: "SIGKILL",
      ...(uid === undefined ? {} : { uid, gid: uid }),
    });
    return [status, signal, stderr];
  };
  assert.deepEqual(list({ HOME: "/proc/nowhere" }), [0, null, ""]);
  assert.deepEqual(list({ HOME: "/proc/nowhere", TMPDIR: "/nonexistent" }), [0, null, ""]);
  if (process.getuid?.() !== 0) return;
  const stranger = 54_321;
  assert.doesNotMatch(String(list({}, stranger)[2]), /bug/);
  assert.doesNotMatch(String(list({ TMPDIR: "/nonexistent" }, stranger)[2]), /bug/);
});

test("the built program reports that its working directory has been removed", (t) => {
  const home = tempHome(t);
  const gone = (...args: readonly string[]) =>
    spawnSync("/bin/sh", ["-c", 'mkdir gone; cd gone; rmdir ../gone; exec "$@"', "sh", program, ...args], {
      cwd: home,
      env: { PKG_HOME: home, PATH: "/usr/bin:/bin" },
      encoding: "utf8",
    });
  const refused = gone("list");
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /^error: Cannot use the current directory: it has been removed$/m);
});

/** Like `run`, for commands that talk to a server of this process. */
function runBeside(
  home: string,
  ...args: readonly string[]
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const options = { env: { PKG_HOME: home, HOME: home, PATH: "/nonexistent" }, cwd: home };
  return new Promise((resolve) => {
    execFile(program, args, options, (_, stdout, stderr) => resolve({ stdout, stderr }));
  });
}

test("the built program has Sigstore's verifier and its trusted root", async (t) => {
  const home = tempHome(t);
  const registry = await startRegistry({ root: join(home, "served"), port: 0 });
  t.after(() => registry.close());
  const script = "#!/bin/sh\necho hello\n";
  const subjects = [createHash("sha256").update(script).digest("hex")];
  writeFileSync(join(home, "hello"), script, { mode: 0o755 });
  writeFileSync(join(home, "bundle.json"), JSON.stringify(await (await createSigstore()).sign({ subjects })));
  const reference = `${new URL(registry.url).host}/me/hello`;
  const machine = process.arch === "arm64" ? "arm64" : "amd64";
  const words = ["--version", "1.0.0", "--license", "MIT", "--no-sign", "--file", `hello@linux/${machine}`];
  const published = await runBeside(home, "publish", reference, ...words, "--attest", "bundle.json");
  assert.match(published.stdout, /provenance +sent +sha256:/);
  // The public instance does not know its signer.
  const shown = await runBeside(home, "info", `${reference}:1.0.0`, "--provenance");
  assert.match(shown.stderr, /its certificate is not trusted \(Failed to verify certificate chain/);
});

test("the built program is at most 40 MB when it is compressed, and speaks English in every locale", () => {
  // A level that is quick: as it is shipped it is smaller still.
  const params = { [constants.ZSTD_c_compressionLevel]: 3 };
  const { length } = zstdCompressSync(readFileSync(program), { params });
  assert.ok(length <= 40_000_000, `${length} bytes`);
  const shown = (LC_ALL: string) =>
    spawnSync(program, ["--help"], { env: { HOME: directory, PATH: "/nonexistent", LC_ALL }, encoding: "utf8" });
  const { status, stdout } = shown("de_DE.UTF-8");
  assert.deepEqual([status, stdout], [0, shown("C").stdout]);
});

/** A module that would leave a file behind if anything loaded it. */
function witness(home: string): { readonly module: string; readonly trace: string } {
  const [module, trace] = [join(home, "witness.cjs"), join(home, "loaded")];
  writeFileSync(module, `require("node:fs").writeFileSync(${JSON.stringify(trace)}, "")`);
  return { module, trace };
}

test("the built program does the same whatever variables for Node, OpenSSL or libraries are set", async (t) => {
  const home = tempHome(t);
  const { module, trace } = witness(home);
  const values: Readonly<Record<string, string>> = {
    NODE_OPTIONS: `--require ${module}`,
    NODE_REPL_EXTERNAL_MODULE: module,
    NODE_CHANNEL_FD: "none",
    NODE_UNIQUE_ID: "1",
    NODE_V8_COVERAGE: join(home, "coverage"),
    NODE_COMPILE_CACHE: join(home, "compiled"),
    NODE_DEBUG: "fs,module,tls",
    NODE_DEBUG_NATIVE: "BOOTSTRAP",
    NODE_ICU_DATA: join(home, "icu"),
    NODE_PATH: home,
    NODE_PENDING_DEPRECATION: "1",
    NODE_REDIRECT_WARNINGS: join(home, "warnings"),
    NODE_TEST_CONTEXT: "child",
    OPENSSL_CONF: module,
    OPENSSL_MODULES: home,
    WATCH_REPORT_DEPENDENCIES: "1",
  };
  const start = (env: Readonly<Record<string, string>>) =>
    spawnSync(program, ["list", "--json"], {
      env: { PKG_HOME: home, HOME: home, PATH: "/nonexistent", ...env },
      cwd: home,
      encoding: "utf8",
    });
  const expected = start({});
  const files = readdirSync(home).sort();
  for (const [name, value] of Object.entries(values)) {
    await t.test(name, () => {
      const { status, stdout, stderr } = start({ [name]: value });
      assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: expected.stdout, stderr: "" });
      assert.ok(!existsSync(trace));
      assert.deepEqual(readdirSync(home).sort(), files);
    });
  }
});

test("the built program trusts a further authority by NODE_EXTRA_CA_CERTS, and checks certificates whatever NODE_TLS_REJECT_UNAUTHORIZED says", async (t) => {
  const home = tempHome(t);
  const { cert, key } = makeCertificate();
  const file = join(home, "ca.pem");
  writeFileSync(file, cert);
  const registry = await startRegistry({ root: join(home, "served"), port: 0, tls: { cert, key } });
  t.after(() => registry.close());
  const host = `localhost:${new URL(registry.url).port}`;
  const ask = (env: Readonly<Record<string, string>>) =>
    new Promise<{ readonly code: unknown; readonly stderr: string }>((resolve) => {
      const options = { env: { PKG_HOME: home, HOME: home, PATH: "/nonexistent", ...env }, cwd: home };
      execFile(program, ["oci", "catalog", host, "--no-plain-http"], options, (error, _, stderr) =>
        resolve({ code: error?.code ?? 0, stderr }),
      );
    });
  assert.deepEqual(await ask({ NODE_EXTRA_CA_CERTS: file }), {
    code: 0,
    stderr: "The registry lists no repositories\n",
  });
  const { code, stderr } = await ask({ NODE_TLS_REJECT_UNAUTHORIZED: "0" });
  assert.equal(code, 1);
  assert.match(
    stderr,
    /^error: Cannot reach "https:\/\/localhost:\d+\/v2\/_catalog": its certificate is self-signed\n/,
  );
});
