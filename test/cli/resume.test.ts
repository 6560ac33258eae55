import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { digestOf } from "../../src/oci/digest.ts";
import { startRegistry } from "../../src/registry/server.ts";
import { PUBLIC_KEY, SAMPLE_FILES, SECRET_KEY, writeFiles } from "../publish/world.ts";
import { type CuttingProxy, startCuttingProxy } from "../support/cutting-proxy.ts";
import { startFaultServer } from "../support/fault-server.ts";
import { addIndex } from "../support/index-artifact.ts";
import { runPkgProcess } from "../support/pkg-process.ts";
import { type RunOptions, runPkg } from "../support/run-pkg.ts";
import { NO_DEFAULT_REPOSITORIES } from "../support/sample-config.ts";
import { tempDirectory, tempHome } from "../support/temp-home.ts";

const MB = 1_000_000;
const SIZE = 24 * MB;

interface World {
  readonly home: string;
  readonly proxy: CuttingProxy;
  /** Of an artifact with one program, `tool`, behind the proxy. */
  readonly reference: string;
  readonly program: Buffer;
  /** The same repository, by the digest of the program. */
  readonly blob: string;
}

/** An artifact with a program of 24 MB in a registry, behind a proxy that spoils transfers. */
async function makeWorld(t: TestContext): Promise<World> {
  const home = tempHome(t);
  writeFileSync(join(home, "config.toml"), NO_DEFAULT_REPOSITORIES);
  const registry = await startRegistry({ root: tempDirectory(t), port: 0 });
  t.after(() => registry.close());
  const proxy = await startCuttingProxy(t, new URL(registry.url).host);
  const cwd = tempDirectory(t);
  const program = Buffer.concat([Buffer.from("#!/bin/sh\nexit 0\n"), randomBytes(SIZE)]);
  writeFileSync(join(cwd, "tool"), program, { mode: 0o755 });
  const reference = `${proxy.host}/me/tool:1`;
  await succeed(["oci", "push", reference, "tool"], { home, cwd });
  proxy.sent = 0;
  const blob = `${proxy.host}/me/tool@${digestOf(program)}`;
  return { home, proxy, reference, program, blob };
}

async function succeed(args: readonly string[], options: RunOptions): Promise<void> {
  const { code, stderr } = await runPkg(args, options);
  assert.equal(code, 0, `${args.join(" ")}: ${stderr}`);
}

const WAYS: readonly (readonly [string, (world: World) => readonly string[], string])[] = [
  ["pkg install", ({ reference }) => ["install", reference], "bin/tool"],
  ["pkg pull", ({ reference, home }) => ["pull", reference, "-o", join(home, "out")], "out/tool"],
  ["pkg oci pull", ({ reference, home }) => ["oci", "pull", reference, "-o", join(home, "out")], "out/tool"],
  ["pkg oci blob fetch", ({ blob, home }) => ["oci", "blob", "fetch", blob, "-o", join(home, "tool")], "tool"],
];

for (const [name, argsOf, written] of WAYS) {
  test(`${name} gets a blob of 24 MB that is cut every 2 MB`, async (t) => {
    const world = await makeWorld(t);
    const { home, proxy, program } = world;
    proxy.options = { cutAfter: 2 * MB };
    await succeed(argsOf(world), { home });
    assert.ok(readFileSync(join(home, written)).equals(program));
    assert.ok(proxy.received < SIZE * 1.5, `${proxy.received} bytes passed`);
    assert.deepEqual(readdirSync(join(home, "blobs/partial")), []);
  });
}

test("pkg oci blob fetch asks for nothing if the file cannot be written", async (t) => {
  const { home, proxy, blob } = await makeWorld(t);
  const { code, stderr } = await runPkg(["oci", "blob", "fetch", blob, "-o", join(home, "nowhere/tool")], { home });
  assert.equal(code, 1);
  assert.match(stderr, /nowhere/);
  assert.equal(proxy.received, 0);
});

test("pkg oci copy gets a blob of 24 MB that is cut every 2 MB, into a layout", async (t) => {
  const { home, proxy, reference, program } = await makeWorld(t);
  const layout = `oci:${join(home, "layout")}:1`;
  proxy.options = { cutAfter: 2 * MB };
  await succeed(["oci", "copy", reference, layout], { home });
  assert.ok(proxy.received < SIZE * 1.5, `${proxy.received} bytes passed`);
  await succeed(["pull", layout, "-o", join(home, "out"), "--offline"], { home });
  assert.ok(readFileSync(join(home, "out/tool")).equals(program));
});

test("pkg pull exits with 75 if no retry makes progress, and keeps what arrived", async (t) => {
  const { home, proxy, reference, program } = await makeWorld(t);
  proxy.options = { cutAfter: 2 * MB, ignoresRange: true };
  const args = ["pull", reference, "-o", join(home, "out")];
  const { code, stderr } = await runPkg(args, { home, env: { PKG_RETRY_FOR: "1s" } });
  assert.equal(code, 75);
  assert.match(stderr, /^hint: .*Kept \d\.\d of 24\.0 MB of tool\. Run it again to continue$/m);
  const partial = readdirSync(join(home, "blobs/partial")).filter((file) => !file.endsWith(".validator"));
  assert.equal(partial.length, 1);
  proxy.options = {};
  proxy.received = 0;
  await succeed(args, { home });
  assert.ok(proxy.received < SIZE - MB, `${proxy.received} bytes passed`);
  assert.ok(readFileSync(join(home, "out/tool")).equals(program));
});

for (const [name, argsOf, written] of WAYS) {
  test(`${name} resumes what a killed run had received`, async (t) => {
    const world = await makeWorld(t);
    const { home, proxy, program } = world;
    const args = argsOf(world);
    await killedAt(proxy, 20 * MB, args, { home });
    proxy.received = 0;
    await succeed(args, { home });
    assert.ok(proxy.received < SIZE - 4 * MB, `${proxy.received} bytes passed`);
    assert.ok(readFileSync(join(home, written)).equals(program));
  });
}

test("pkg pull resumes what Ctrl-C stopped", async (t) => {
  const { home, proxy, reference, program } = await makeWorld(t);
  const args = ["pull", reference, "-o", join(home, "out")];
  const interrupt = new AbortController();
  proxy.options = { stallAfter: 20 * MB, onStall: () => interrupt.abort() };
  const { code, stderr } = await runPkg(args, { home, signal: interrupt.signal });
  assert.equal(code, 130);
  assert.match(
    stderr,
    /^error: Interrupted: nothing was finished; kept \d+\.\d of 24\.0 MB of tool\nhint: Run it again to continue\n$/,
  );
  proxy.options = {};
  proxy.received = 0;
  await succeed(args, { home });
  assert.ok(proxy.received < SIZE - 4 * MB, `${proxy.received} bytes passed`);
  assert.ok(readFileSync(join(home, "out/tool")).equals(program));
});

test("pkg publish resumes the upload of a killed run", async (t) => {
  const { home, proxy } = await makeWorld(t);
  const cwd = tempDirectory(t);
  const program = Buffer.concat([Buffer.from(SAMPLE_FILES["x64/trurl"] ?? ""), randomBytes(SIZE)]);
  writeFiles(cwd, { "dist/linux-x64/trurl": program });
  const reference = `${proxy.host}/me/trurl`;
  const options = { home, cwd, env: { PKG_SIGNING_KEY: SECRET_KEY } };
  await succeed(["init", reference, "--version", "1.0.0", "--yes"], options);
  await killedAt(proxy, 20 * MB, ["publish"], options);
  proxy.sent = 0;
  await succeed(["publish"], options);
  assert.ok(proxy.sent < SIZE - 4 * MB, `${proxy.sent} bytes passed`);
  await succeed(["install", `${reference}:1.0.0`, "--key", PUBLIC_KEY], { home });
});

test("pkg oci push resumes the upload of a killed run", async (t) => {
  const { home, proxy } = await makeWorld(t);
  const cwd = tempDirectory(t);
  writeFileSync(join(cwd, "other"), randomBytes(SIZE));
  const args = ["oci", "push", `${proxy.host}/me/other:1`, "other"];
  await killedAt(proxy, 20 * MB, args, { home, cwd });
  proxy.sent = 0;
  await succeed(args, { home, cwd });
  assert.ok(proxy.sent < SIZE - 4 * MB, `${proxy.sent} bytes passed`);
});

/** An index of 24 MB in a registry behind a proxy: also the address of its file alone. */
async function indexWorld(t: TestContext) {
  const home = tempHome(t);
  const server = await startFaultServer(t);
  const proxy = await startCuttingProxy(t, server.host);
  const index = Buffer.from(`[${" ".repeat(SIZE)}]`);
  const digest = addIndex(server.content, "me/index", "latest", { index, signatures: null });
  const places = {
    "a registry": `oci://${proxy.host}/me/index`,
    "an address": `http://${proxy.host}/v2/me/index/blobs/${digest}`,
  };
  const use = (url: string) =>
    writeFileSync(join(home, "config.toml"), `${NO_DEFAULT_REPOSITORIES}[repositories.tools]\nurl = "${url}"\n`);
  return { home, proxy, places, use };
}

test("pkg sync resumes the index that a killed run had received a part of", async (t) => {
  const { home, proxy, places, use } = await indexWorld(t);
  use(places["an address"]);
  await killedAt(proxy, 20 * MB, ["sync"], { home });
  proxy.received = 0;
  await succeed(["sync"], { home });
  assert.ok(proxy.received < SIZE - 4 * MB, `${proxy.received} bytes passed`);
  assert.deepEqual(readdirSync(join(home, "blobs/partial")), []);
});

test("pkg repo add resumes the index that Ctrl-C stopped", async (t) => {
  const { home, proxy, places, use } = await indexWorld(t);
  use("file:///nowhere");
  for (const [name, url] of Object.entries(places)) {
    const args = ["repo", "add", name.replace(" ", "-"), url];
    const interrupt = new AbortController();
    proxy.options = { stallAfter: 20 * MB, onStall: () => interrupt.abort() };
    assert.equal((await runPkg(args, { home, signal: interrupt.signal })).code, 130);
    proxy.options = {};
    proxy.received = 0;
    await succeed(args, { home });
    assert.ok(proxy.received < SIZE - 4 * MB, `${name}: ${proxy.received} bytes passed`);
  }
});

/** Runs the program until so many bytes of a blob have passed, then kills it. */
async function killedAt(proxy: CuttingProxy, bytes: number, args: readonly string[], options: RunOptions) {
  let kill = () => {};
  proxy.options = { stallAfter: bytes, onStall: () => kill() };
  const result = await runPkgProcess(args, {
    ...options,
    onStart: (child) => {
      kill = () => child.kill("SIGKILL");
    },
  });
  assert.equal(result.signal, "SIGKILL", result.stderr);
  proxy.options = {};
}
