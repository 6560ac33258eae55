import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { htpasswdFile } from "../registry/htpasswd-file.ts";
import { skipWithout, startDockerRegistry } from "../support/docker-registry.ts";
import { createSigner } from "../support/minisign-signer.ts";
import { runPkg } from "../support/run-pkg.ts";
import { NO_DEFAULT_REPOSITORIES } from "../support/sample-config.ts";
import { indexText, makeKeySet, packed, signIndex } from "../support/signed-index.ts";
import { tempHome } from "../support/temp-home.ts";

const PASSWORD = "s3cret-of-alice";
const repository = "example.org/private/index";
const skip = skipWithout("docker-registry");

test("pkg repo add and pkg sync read an index from a private registry once pkg login has its password", {
  skip,
}, async (t) => {
  const home = tempHome(t);
  const registry = await startDockerRegistry({ htpasswd: htpasswdFile(t, { alice: PASSWORD }).path });
  assert.ok(registry !== null);
  t.after(() => registry.stop());
  const place = `${registry.host}/private/index`;
  const files = join(home, "files");
  mkdirSync(files);
  writeFileSync(join(home, "config.toml"), NO_DEFAULT_REPOSITORIES);
  const pkg = (args: readonly string[], stdin = "") => runPkg(args, { home, cwd: files, stdin });
  const key = createSigner();
  const publish = async (serial: number) => {
    const keySets = [makeKeySet({ repository, keys: [key] })];
    const index = packed(indexText({ repository, serial, issuedMs: Date.now() - 1000, keySets }));
    writeFileSync(join(files, "index.json.zst"), index);
    writeFileSync(join(files, "index.json.zst.sig"), signIndex(index, [key]));
    return pkg(["oci", "push", `${place}:latest`, "index.json.zst", "index.json.zst.sig"]);
  };

  const anonymous = await pkg(["repo", "add", place]);
  assert.equal(anonymous.code, 1);
  assert.match(anonymous.stderr, /401[\s\S]*pkg login/);
  assert.equal((await pkg(["login", registry.host, "-u", "alice", "--password-stdin"], PASSWORD)).code, 0);
  assert.equal((await publish(1)).code, 0);
  const added = await pkg(["repo", "add", place]);
  assert.equal(added.code, 0, added.stderr);
  assert.match(added.stdout, /added private in [\s\S]*example\.org\/private\/index, serial 1/);
  assert.match((await pkg(["sync"])).stdout, /private +unchanged/);
  await publish(2);
  assert.match((await pkg(["sync"])).stdout, /private +updated .*serial 2/);
  await publish(1);
  const back = await pkg(["sync"]);
  assert.equal(back.code, 1);
  assert.match(back.stderr, /has serial 1, and 2 was seen before/);
  assert.doesNotMatch(back.stdout + back.stderr + added.stdout, new RegExp(PASSWORD));
});
