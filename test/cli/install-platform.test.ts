import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { RequestLine } from "../../src/registry/request-line.ts";
import { startRegistry } from "../../src/registry/server.ts";
import { elfFile } from "../support/elf-file.ts";
import { jsonOf, type RunResult, runPkg } from "../support/run-pkg.ts";
import { NO_DEFAULT_REPOSITORIES } from "../support/sample-config.ts";
import { staticProgram } from "../support/static-program.ts";
import { tempDirectory, tempHome } from "../support/temp-home.ts";

/** What a machine like this one has; on others there is nothing to choose from. */
const skip = process.arch !== "x64" && "made for x64";

interface World {
  readonly host: string;
  readonly home: string;
  readonly key: string;
  /** Expects it to end well. */
  pkg(...args: readonly string[]): Promise<RunResult>;
  /** Expects it to end with 1; gives what it said. */
  failing(...args: readonly string[]): Promise<string>;
  json(...args: readonly string[]): Promise<unknown>;
  /** Publishes `me/tools/NAME`, a file for each platform. */
  publish(name: string, version: string, files: Readonly<Record<string, string>>): Promise<string>;
  /** Publishes an index of these, and syncs it. */
  index(...names: readonly string[]): Promise<void>;
  takeRequests(): readonly string[];
}

/** A publisher and a user in one home, with files to publish. */
async function makeWorld(t: TestContext): Promise<World> {
  const lines: RequestLine[] = [];
  const registry = await startRegistry({ root: tempDirectory(t), port: 0, onRequest: (line) => lines.push(line) });
  t.after(() => registry.close());
  const { host } = new URL(registry.url);
  const home = tempHome(t);
  const run = (...args: readonly string[]) => runPkg(args, { home });
  const pkg = async (...args: readonly string[]) => {
    const result = await run(...args);
    assert.equal(result.code, 0, `${args.join(" ")}: ${result.stderr}`);
    return result;
  };
  writeFiles(home);
  await pkg("key", "generate", "--no-passphrase");
  writeFileSync(join(home, "config.toml"), NO_DEFAULT_REPOSITORIES);
  return {
    host,
    home,
    key: (await pkg("key", "export")).stdout.trim().split("\n").at(-1) ?? "",
    pkg,
    failing: async (...args) => {
      const { code, stderr } = await run(...args);
      assert.equal(code, 1, stderr);
      return stderr;
    },
    json: async (...args) => jsonOf(await pkg(...args, "--json")),
    publish: async (name, version, files) => {
      const reference = `${host}/me/tools/${name}`;
      const typed = Object.entries(files).flatMap(([platform, file]) => ["--file", `${file}@${platform}`]);
      const words = ["--license", "MIT", "--description", "A tool of the tests"];
      await pkg("publish", reference, "--version", version, ...typed, ...words);
      return reference;
    },
    index: async (...names) => {
      const sources = names.flatMap((name) => ["--from", `${host}/me/tools/${name}`]);
      await pkg("index", "publish", `${host}/me/index`, ...sources);
      await pkg("repo", "add", "tools", `${host}/me/index`, "--yes");
      await pkg("sync");
    },
    takeRequests: () => lines.splice(0).map(({ method, path }) => `${method} ${path}`),
  };
}

function writeFiles(home: string): void {
  const mode = { mode: 0o755 };
  writeFileSync(join(home, "static"), staticProgram("static\n"), mode);
  writeFileSync(join(home, "glibc"), elfFile({ interpreter: "/lib64/ld-linux-x86-64.so.2" }), mode);
  writeFileSync(join(home, "musl"), elfFile({ interpreter: "/lib/ld-musl-x86_64.so.1" }), mode);
  writeFileSync(join(home, "arm"), elfFile({ machine: 183 }), mode);
  writeFileSync(join(home, "script"), "#!/bin/sh\necho script\n", mode);
  mkdirSync(join(home, "tree/bin"), { recursive: true });
  mkdirSync(join(home, "tree/lib"));
  writeFileSync(join(home, "tree/lib/main"), "#!/bin/sh\necho tree\n", mode);
  spawnSync("ln", ["-s", "../lib/main", join(home, "tree/bin/app")]);
}

const says = ({ home }: World, name: string) => spawnSync(join(home, "bin", name), { encoding: "utf8" }).stdout.trim();

test("pkg install takes what this machine runs best, by reference and from an index", { skip }, async (t) => {
  const world = await makeWorld(t);
  const platforms = { "linux/amd64/glibc": "glibc", "linux/amd64/musl": "musl", "linux/amd64/static": "static" };
  const reference = await world.publish("trurl", "8.14.1", platforms);
  await world.pkg("install", reference);
  assert.equal(says(world, "trurl"), "static");
  await world.pkg("remove", "trurl");
  await world.index("trurl");
  await world.pkg("install", "trurl");
  assert.equal(says(world, "trurl"), "static");
});

test("pkg install says why nothing fits, and what to do", { skip }, async (t) => {
  const world = await makeWorld(t);
  // Where musl is installed its programs run.
  if (readdirSync("/lib").includes("ld-musl-x86_64.so.1")) return t.skip("this machine has musl");
  const musl = await world.publish("onlymusl", "1.0.0", { "linux/amd64/musl": "musl", "linux/arm64": "arm" });
  const direct = await world.failing("install", musl);
  assert.match(
    direct,
    /expected linux\/amd64 with glibc or static, found linux\/amd64 \(musl\), linux\/arm64\nhint: .*package of musl/,
  );
  await world.publish("elsewhere", "1.0.0", { "linux/arm64": "arm" });
  await world.publish("versions", "1.0.0", { "linux/amd64": "script" });
  await world.publish("versions", "2.0.0", { "linux/amd64/musl": "musl" });
  await world.index("onlymusl", "elsewhere", "versions");
  assert.match(
    await world.failing("install", "onlymusl"),
    /Cannot install "onlymusl": expected linux\/amd64 with glibc or static, found linux\/amd64 \(musl\), linux\/arm64\n/,
  );
  assert.match(
    await world.failing("install", "elsewhere"),
    /glibc or static, found linux\/arm64\nhint: Ask its publisher/,
  );
  assert.match(await world.failing("info", "elsewhere"), /hint: There is one for other machines: aarch64-linux/);
  assert.match(await world.failing("install", "nowhere"), /no package of that name/);
  assert.match(await world.failing("install", "versions@2.0.0"), /found linux\/amd64 \(musl\)\n/);
  await world.pkg("install", "versions");
  assert.equal(says(world, "versions"), "script");
  assert.partialDeepStrictEqual(await world.json("update"), { packages: [{ action: "keep", version: "1.0.0" }] });
  assert.deepEqual(readdirSync(join(world.home, "bin")), ["versions"]);
});

test("pkg install asks a registry only for what an index does not say", { skip }, async (t) => {
  const world = await makeWorld(t);
  await world.publish("trurl", "8.14.1", { "linux/amd64": "static", "linux/arm64": "arm" });
  await world.index("trurl");
  world.takeRequests();
  await world.pkg("install", "trurl");
  const [manifest, ...blobs] = world.takeRequests().toSorted((a, b) => (a.includes("manifests") ? -1 : a < b ? 0 : 1));
  assert.match(manifest ?? "", /^GET \/v2\/me\/tools\/trurl\/manifests\/sha256:/, "by digest: a tag may have moved");
  assert.equal(blobs.length, 4, "the program, CHECKSUM and their signatures");
  assert.ok(blobs.every((line) => line.startsWith("GET /v2/me/tools/trurl/blobs/")));
});

test("pkg install takes what an index names although its tag has moved", { skip }, async (t) => {
  const world = await makeWorld(t);
  await world.publish("trurl", "8.14.1", { "linux/amd64": "static" });
  await world.index("trurl");
  const tag = `${world.host}/me/tools/trurl:8.14.1-x86_64-linux`;
  await world.publish("other", "1.0.0", { "linux/amd64": "script" });
  await world.pkg("oci", "copy", `${world.host}/me/tools/other:1.0.0-x86_64-linux`, tag);
  await world.pkg("install", "trurl");
  assert.equal(says(world, "trurl"), "static");
});

test("pkg install records the published version of a reference, and notices when its tag moves", {
  skip,
}, async (t) => {
  const world = await makeWorld(t);
  const reference = await world.publish("trurl", "8.14.1", { "linux/amd64": "static" });
  world.takeRequests();
  const installed = await world.json("install", reference);
  assert.partialDeepStrictEqual(installed, { packages: [{ name: "trurl", version: "8.14.1", signedBy: null }] });
  const asked = world.takeRequests();
  assert.deepEqual(asked.filter((line) => line.includes("/manifests/")).length, 2, "the image index and the manifest");
  assert.equal(asked.length, 4, "besides them the program and its CHECKSUM");
  assert.partialDeepStrictEqual(await world.json("install", reference), { packages: [{ action: "keep" }] });
  assert.partialDeepStrictEqual(await world.json("install", reference, "--offline"), {
    packages: [{ action: "keep" }],
  });
  await world.publish("trurl", "8.14.2", { "linux/amd64": "static" });
  assert.partialDeepStrictEqual(await world.json("update"), {
    packages: [{ action: "change", previousVersion: "8.14.1", version: "8.14.2" }],
  });
  const named = ["publish", `${world.host}/me/packages/t`, "--name", "curl-tool", "--version", "1.0.0"];
  await world.pkg(...named, "--file", "script@linux/amd64", "--license", "MIT", "--description", "Named otherwise");
  await world.pkg("install", `${world.host}/me/packages/t`);
  assert.equal(says(world, "curl-tool"), "script");
});

test("pkg install --key checks a reference's signatures, now and at every update", { skip }, async (t) => {
  const world = await makeWorld(t);
  const files = { "linux/amd64": "tree" };
  const reference = await world.publish("app", "1.0.0", files);
  const other = "RWSWp/oBUfND5B2fSmDlYaBXPimGV+r2s9skVRYTQ5cJ+7i6ff/1Nxcr";
  assert.match(await world.failing("install", reference, "--key", other), /expected "E443F35101FAA796"/);
  assert.partialDeepStrictEqual(await world.json("install", reference, "--key", world.key), {
    packages: [{ checks: ["digest", "checksum", "signature"] }],
  });
  assert.equal(says(world, "app"), "tree");
  const unsigned = ["publish", reference, "--version", "1.1.0", "--file", "tree@linux/amd64", "--no-sign"];
  writeFileSync(join(world.home, "tree/share"), "one more");
  await world.pkg(...unsigned, "--license", "MIT", "--description", "A tool of the tests");
  for (const args of [["update"], ["install", reference], ["install", reference, "--force"]]) {
    assert.match(await world.failing(...args), /found no signed file "app.json"/, args.join(" "));
  }
  await world.publish("app", "1.2.0", files);
  assert.partialDeepStrictEqual(await world.json("update"), {
    packages: [{ version: "1.2.0", checks: ["digest", "checksum", "signature"] }],
  });
  const usage = await runPkg(["install", "app", "--key", world.key], { home: world.home });
  assert.deepEqual([usage.code, /expected a reference/.test(usage.stderr)], [2, true]);
});

test("pkg install places a reference again without a request where it names a digest, or offline", {
  skip,
}, async (t) => {
  const world = await makeWorld(t);
  const reference = await world.publish("trurl", "8.14.1", { "linux/amd64": "static" });
  await world.pkg("install", reference);
  world.takeRequests();
  await world.pkg("install", reference, "--reinstall", "--offline");
  const { packages } = (await world.json("list")) as { packages: { manifestDigest: string; reference: string }[] };
  const [{ manifestDigest, reference: recorded } = assert.fail()] = packages;
  assert.equal(recorded, `${reference}:latest`);
  assert.partialDeepStrictEqual(await world.json("install", `${reference}@${manifestDigest}`), {
    packages: [{ action: "keep" }],
  });
  await world.pkg("install", `${reference}@${manifestDigest}`, "--reinstall");
  assert.deepEqual(world.takeRequests(), []);
});
