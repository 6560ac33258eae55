import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { PkgError } from "../../src/errors.ts";
import { collectGarbage } from "../../src/registry/collect-garbage.ts";
import { RootFiles } from "../../src/registry/root-files.ts";
import { rootPath } from "../../src/registry/root-path.ts";
import { startRegistry } from "../../src/registry/server.ts";
import { tempDirectory } from "../support/temp-home.ts";
import { pushImage } from "./documents.ts";
import { openRegistry, sha256, type TestRegistry } from "./registry-client.ts";

const SECRET = "a private key";
const BYTES = Buffer.from("some bytes");

interface World extends TestRegistry {
  /** A directory outside of the registry's. */
  readonly outside: string;
  readonly problems: unknown[];
  /** Moves something of the registry outside, and links to it. */
  moveOut(path: string): void;
  /** Replaces a file of the registry. */
  replace(path: string, make: (at: string) => void): void;
}

async function openWorld(t: TestContext): Promise<World> {
  const outside = tempDirectory(t);
  writeFileSync(join(outside, "secret"), SECRET, { mode: 0o600 });
  const problems: unknown[] = [];
  const registry = await openRegistry(t, { onError: (error) => problems.push(error) });
  const replace = (path: string, make: (at: string) => void) => {
    const at = join(registry.root, path);
    rmSync(at, { force: true });
    mkdirSync(dirname(at), { recursive: true });
    make(at);
  };
  const moveOut = (path: string) => {
    const at = join(registry.root, path);
    renameSync(at, join(outside, "moved"));
    symlinkSync(join(outside, "moved"), at);
  };
  return { ...registry, outside, problems, moveOut, replace };
}

const blobFile = (digest: string) => join("blobs", "sha256", digest.slice("sha256:".length));
const linkFile = (digest: string) => join("repositories", "a", "_blobs", digest.replace(":", "-"));

/** Everything below a directory, with its times, to see that nothing was touched. */
function snapshot(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .map((path) => ({ path, stats: lstatSync(join(directory, path)) }))
    .map(({ path, stats }) => `${path} ${stats.size} ${stats.mtimeMs}`)
    .toSorted();
}

const intruders = [
  ["a link out of the registry", (at: string, secret: string) => symlinkSync(secret, at)],
  ["a link to nothing", (at: string) => symlinkSync("/nonexistent/x", at)],
  ["a link within the registry", (at: string) => symlinkSync("../../registry.json", at)],
  ["a named pipe", (at: string) => void execFileSync("mkfifo", [at])],
  ["a device", (at: string) => symlinkSync("/dev/zero", at)],
  ["a private file under a second name", (at: string, secret: string) => linkSync(secret, at)],
] as const;

suite("RootFiles reading", () => {
  for (const [what, make] of intruders) {
    test(`RootFiles opens nothing that is ${what}`, { timeout: 120_000 }, async (t) => {
      const world = await openWorld(t);
      const manifest = await pushImage(world, "a", "v1");
      const blob = await world.push("a", BYTES);
      const secret = join(world.outside, "secret");
      for (const [file, path] of [
        [blobFile(blob), `/v2/a/blobs/${blob}`],
        [blobFile(sha256(manifest)), "/v2/a/manifests/v1"],
        ["index/demo.json", "/index/demo.json"],
        ["repositories/a/index.json", "/v2/a/manifests/v1"],
        ["repositories/a/index.json", "/v2/a/tags/list"],
      ] as const) {
        world.replace(file, (at) => make(at, secret));
        world.problems.length = 0;
        const response = await world.ask("GET", path);
        const text = await response.text();
        // A second name is the file itself, so an index.json may be read, and is no index.
        assert.equal(response.status, 500, `${file}: ${text}`);
        assert.ok(!text.includes(SECRET) && !text.includes(world.outside), text);
        assert.ok(world.problems[0] instanceof PkgError && world.problems[0].code === "FILE_SYSTEM");
        assert.match(world.problems[0].message, /^Cannot use /);
      }
    });
  }

  for (const directory of ["blobs", "blobs/sha256", "repositories", "repositories/a", "index"]) {
    test(`RootFiles reads nothing when "${directory}" is a link`, async (t) => {
      const world = await openWorld(t);
      const manifest = await pushImage(world, "a", "v1");
      mkdirSync(join(world.root, "index"));
      writeFileSync(join(world.root, "index", "demo.json"), "[]");
      world.moveOut(directory);
      const path = directory === "index" ? "/index/demo.json" : `/v2/a/manifests/${sha256(manifest)}`;
      assert.equal((await world.ask("GET", path)).status, 500);
      assert.ok(world.problems[0] instanceof PkgError && world.problems[0].code === "FILE_SYSTEM");
    });
  }

  test("RootFiles follows the link that the whole directory is, once", async (t) => {
    const { root, server, outside } = await openWorld(t);
    await server.close();
    const link = join(outside, "link");
    symlinkSync(root, link);
    const linked = await startRegistry({ root: link, port: 0 });
    t.after(() => linked.close());
    rmSync(link);
    symlinkSync(outside, link);
    const url = `${linked.url}/v2/a/blobs/uploads/?digest=${sha256(BYTES)}`;
    assert.equal((await fetch(url, { method: "POST", body: new Uint8Array(BYTES) })).status, 201);
    assert.ok(existsSync(join(root, blobFile(sha256(BYTES)))));
  });

  test("RootFiles reads a file with two names that everybody may read, as snapshots of a registry make them", async (t) => {
    const world = await openWorld(t);
    const blob = await world.push("a", BYTES);
    chmodSync(join(world.root, blobFile(blob)), 0o644);
    linkSync(join(world.root, blobFile(blob)), join(world.outside, "snapshot"));
    assert.equal(await (await world.ask("GET", `/v2/a/blobs/${blob}`)).text(), "some bytes");
  });
});

suite("RootFiles writing", () => {
  for (const directory of [
    "blobs",
    "blobs/sha256",
    "uploads",
    "repositories",
    "repositories/a",
    "repositories/a/_blobs",
  ]) {
    test(`RootFiles changes nothing when "${directory}" is a link`, async (t) => {
      const world = await openWorld(t);
      await pushImage(world, "a", "v1");
      world.moveOut(directory);
      const before = snapshot(world.outside);
      const digest = sha256(BYTES);
      const body = new Uint8Array(BYTES);
      const pushed = await world.ask("POST", `/v2/a/blobs/uploads/?digest=${digest}`, { body });
      assert.equal(pushed.status, 500);
      await world.ask("PUT", "/v2/a/manifests/v2", { body: new Uint8Array(Buffer.from('{"layers":[]}')) });
      await world.ask("DELETE", "/v2/a/manifests/v1");
      await world.ask("DELETE", `/v2/a/blobs/${sha256(Buffer.from("blob of a:v1"))}`);
      await world.ask("POST", `/v2/a/blobs/uploads/?mount=${sha256(Buffer.from("blob of a:v1"))}`);
      assert.deepEqual(snapshot(world.outside), before);
    });
  }

  for (const [what, make] of intruders) {
    test(`RootFiles appends to no upload that is ${what}`, { timeout: 120_000 }, async (t) => {
      const world = await openWorld(t);
      const secret = join(world.outside, "secret");
      const location = (await world.ask("POST", "/v2/a/blobs/uploads/")).headers.get("location") ?? "";
      const path = join("uploads", location.split("/").at(-1) ?? "", "data");
      world.replace(path, (at) => make(at, secret));
      assert.equal((await world.ask("PATCH", location, { body: "overwritten" })).status, 500);
      assert.equal((await world.ask("PUT", `${location}?digest=${sha256(BYTES)}`, { body: "x" })).status, 500);
      assert.equal(readFileSync(secret, "utf8"), SECRET);
      await world.server.close();
      const again = await startRegistry({ root: world.root, port: 0 });
      t.after(() => again.close());
      assert.deepEqual(readdirSync(join(world.root, "uploads")).length, what.includes("second name") ? 1 : 0);
      assert.equal(readFileSync(secret, "utf8"), SECRET);
    });
  }

  test("RootFiles replaces the link that is in the place of a new file, and not what it leads to", async (t) => {
    const world = await openWorld(t);
    symlinkSync(join(world.outside, "secret"), join(world.root, blobFile(sha256(BYTES))));
    await world.push("a", BYTES);
    assert.equal(readFileSync(join(world.outside, "secret"), "utf8"), SECRET);
    assert.ok(lstatSync(join(world.root, blobFile(sha256(BYTES)))).isFile());
  });

  test("RootFiles starts no registry in a directory whose parts are links", async (t) => {
    const { root, server, moveOut } = await openWorld(t);
    await server.close();
    moveOut("uploads");
    await assert.rejects(startRegistry({ root, port: 0 }), {
      code: "FILE_SYSTEM",
      message: /"uploads" .* symbolic link/,
    });
  });
});

suite("RootFiles collecting garbage", () => {
  const collect = (root: string) =>
    collectGarbage({
      root,
      dryRun: false,
      graceMs: 0,
      now: Date.now() + 60_000,
      untagged: "remove",
      signal: new AbortController().signal,
    });

  for (const directory of ["blobs", "blobs/sha256", "repositories/a/_blobs"]) {
    test(`collectGarbage() removes nothing when "${directory}" is a link`, async (t) => {
      const world = await openWorld(t);
      await pushImage(world, "a", "v1");
      await world.push("a", BYTES);
      await world.server.close();
      world.moveOut(directory);
      const before = snapshot(world.outside);
      await assert.rejects(collect(world.root), { code: "FILE_SYSTEM" });
      assert.deepEqual(snapshot(world.outside), before);
    });
  }

  test("collectGarbage() does not enter a repository that is a link", async (t) => {
    const world = await openWorld(t);
    await pushImage(world, "a", "v1");
    await pushImage(world, "b", "v1");
    await world.server.close();
    world.moveOut("repositories/b");
    const before = snapshot(world.outside);
    assert.equal((await collect(world.root)).repositories, 1);
    assert.deepEqual(snapshot(world.outside), before);
  });

  test("collectGarbage() removes a link in the place of a blob, and not what it leads to", async (t) => {
    const world = await openWorld(t);
    const blob = await world.push("a", BYTES);
    await world.server.close();
    rmSync(join(world.root, linkFile(blob)));
    rmSync(join(world.root, blobFile(blob)));
    symlinkSync(join(world.outside, "secret"), join(world.root, blobFile(blob)));
    await collect(world.root);
    assert.equal(readFileSync(join(world.outside, "secret"), "utf8"), SECRET);
    assert.deepEqual(readdirSync(join(world.root, "blobs", "sha256")), []);
  });
});

suite("rootPath()", () => {
  for (const part of ["", ".", "..", "a/../b", "/etc"]) {
    test(`rootPath() refuses the part "${part}"`, () => {
      assert.throws(() => rootPath("blobs", part));
    });
  }

  test("RootFiles is the only code of the registry that opens its files", () => {
    const own = ["root-files", "access-log", "htpasswd", "tls"];
    const directory = join(import.meta.dirname, "../../src/registry");
    for (const name of readdirSync(directory)) {
      if (own.includes(name.replace(/\.ts$/, ""))) continue;
      const source = readFileSync(join(directory, name), "utf8");
      const imports = [
        ...source.matchAll(/^import (?!type )[^;]* from "(node:fs[^"]*|\.\.\/fs\/(?!stamp|errors)[^"]*)"/gm),
      ];
      assert.deepEqual(
        imports.map(([line]) => line),
        [],
        name,
      );
    }
    assert.ok(RootFiles);
  });
});
