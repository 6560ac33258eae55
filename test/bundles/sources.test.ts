import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { startRegistry } from "../../src/registry/server.ts";
import { writeImages } from "../image/image-builder.ts";
import { downloadWorld } from "../install/download-world.ts";
import { runPkg } from "../support/run-pkg.ts";
import { staticProgram } from "../support/static-program.ts";
import { tempDirectory, tempHome } from "../support/temp-home.ts";

test("bundle create takes downloads and images, and they are installed from it where nothing else is asked", async (t) => {
  const world = await downloadWorld(t, { dl: { bytes: staticProgram("dl\n") } });
  const requests: unknown[] = [];
  const root = tempDirectory(t);
  const registry = await startRegistry({ root, port: 0, onRequest: (line) => requests.push(line) });
  t.after(() => registry.close());
  const images = tempDirectory(t);
  const files = { uv: staticProgram("uv\n") };
  writeImages(images, { latest: { layers: [{ files }], config: { Entrypoint: ["/uv"] } } });
  const uv = `${new URL(registry.url).host}/me/uv:latest`;
  const copied = await world.pkg("oci", "copy", `oci:${images}:latest`, uv);
  assert.equal(copied.code, 0, copied.stderr);
  const made = await world.pkg("bundle", "create", "dl", uv, "-o", "x.tar");
  assert.equal(made.code, 0, made.stderr);
  const file = join(world.home, "x.tar");
  assert.deepEqual(
    readdirSync(world.home).filter((name) => name.endsWith(".part")),
    [],
  );

  const home = tempHome(t);
  copyFileSync(join(world.home, "config.toml"), join(home, "config.toml"));
  requests.length = 0;
  const both = await Promise.all([1, 2].map(() => runPkg(["install", "--from", file, "--yes"], { home })));
  assert.ok(
    both.some(({ code }) => code === 0),
    both.map(({ stderr }) => stderr).join(),
  );
  for (const { stderr } of both) assert.doesNotMatch(stderr, /bug in pkg/);
  for (const name of ["dl", "uv"])
    assert.equal(execFileSync(join(home, "bin", name), { encoding: "utf8" }), `${name}\n`);
  assert.deepEqual(requests, []);

  // Nothing is signed: whoever made the bundle would decide what is installed.
  const unknown = await runPkg(["install", "--from", file], { home: tempHome(t) });
  assert.notEqual(unknown.code, 0);
  assert.match(unknown.stderr, /does not say what it is called\n.*pkg repo add .*x\.tar --name NAME/);
  const named = tempHome(t);
  const added = await runPkg(["repo", "add", file, "--name", "plain", "--offline"], { home: named });
  assert.equal(added.code, 0, added.stderr);
  assert.match(added.stdout, /not signed/);
  assert.equal((await runPkg(["install", "dl", "--offline"], { home: named })).code, 0);
});
