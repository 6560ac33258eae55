import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeSampleHome, type SampleHome } from "../support/sample-home.ts";

function runs(home: SampleHome, name: string): string {
  return spawnSync(join(home.path, "bin", name), { encoding: "utf8" }).stdout.trim();
}

test("pkg installs a snapshot, verified by its own CHECKSUM, and holds it until it is named", async (t) => {
  const home = await makeSampleHome(t);
  const [older, newer] = ["1.0.0", "1.1.0"].map((version) => home.build({ name: "tool", version }));
  assert.ok(older !== undefined && newer !== undefined);
  await home.push(older, newer);
  const snapshots = [`${older.tag}[1.0.0]`];
  home.publishIndex(home.build({ name: "tool", version: "1.1.0", entry: { snapshots } }));

  const installed = await home.json("install", "tool@1.0.0");
  assert.partialDeepStrictEqual(installed, {
    code: 0,
    document: { packages: [{ version: "1.0.0", checks: ["digest", "checksum", "signature"] }] },
  });
  assert.equal(runs(home, "tool"), "tool 1.0.0");
  const held = await home.pkg(["update"]);
  assert.equal(held.code, 0);
  assert.match(held.stderr, /tool stays at 1\.0\.0, as "tool@1\.0\.0" asked for/);
  assert.equal(runs(home, "tool"), "tool 1.0.0");
  assert.equal((await home.pkg(["update", "tool"])).code, 0);
  assert.equal(runs(home, "tool"), "tool 1.1.0");
});

test("pkg keeps an update within the range that was requested", async (t) => {
  const home = await makeSampleHome(t);
  const versions = ["1.0.0", "1.2.0", "2.0.0"].map((version) => home.build({ name: "tool", version }));
  await home.push(...versions);
  home.publishIndex(...versions.slice(0, 1));
  assert.equal((await home.pkg(["install", "tool@^1"])).code, 0);
  home.publishIndex(...versions);
  assert.equal((await home.pkg(["update"])).code, 0);
  assert.equal(runs(home, "tool"), "tool 1.2.0");
});

test("pkg update brings in a rebuild of the same version, and names nothing else", async (t) => {
  const home = await makeSampleHome(t);
  const first = home.build({ name: "tool", version: "1.0.0" });
  const other = home.build({ name: "other", version: "1.0.0" });
  await home.push(first, other);
  home.publishIndex(first, other);
  assert.equal((await home.pkg(["install", "tool", "other"])).code, 0);
  const rebuilt = home.build({ name: "tool", version: "1.0.0", program: "echo rebuilt" });
  const newer = home.build({ name: "other", version: "1.1.0" });
  await home.push(rebuilt, newer);
  home.publishIndex(rebuilt, newer);
  assert.equal((await home.pkg(["update", "tool"])).code, 0);
  assert.equal(runs(home, "tool"), "rebuilt");
  assert.equal(runs(home, "other"), "other 1.0.0");
});

test("pkg update follows the tag of a direct reference when it moves, and only then", async (t) => {
  const home = await makeSampleHome(t);
  const first = home.build({ name: "tool", version: "latest", registry: home.registryHost });
  await home.push(first);
  assert.equal((await home.pkg(["install", first.reference])).code, 0);
  assert.partialDeepStrictEqual(await home.json("update"), { code: 0, document: { packages: [{ action: "keep" }] } });
  const moved = home.build({ name: "tool", version: "latest", registry: home.registryHost, program: "echo moved" });
  await home.push(moved);
  assert.equal((await home.pkg(["update"])).code, 0);
  assert.equal(runs(home, "tool"), "moved");
});

test("pkg update reports a direct reference that no longer exists, and updates the others", async (t) => {
  const home = await makeSampleHome(t);
  const direct = home.build({ name: "direct", version: "1", registry: home.registryHost });
  const indexed = home.build({ name: "tool", version: "1.0.0" });
  const newer = home.build({ name: "tool", version: "1.1.0" });
  await home.push(direct, indexed, newer);
  home.publishIndex(indexed);
  assert.equal((await home.pkg(["install", direct.reference, "tool"])).code, 0);
  home.publishIndex(newer);
  await fetch(`${home.registryUrl}/v2/${direct.repository}/manifests/${direct.manifestDigest}`, { method: "DELETE" });
  const updated = await home.pkg(["update"]);
  // Named, it fails; a timer's update of everything does not.
  assert.equal(updated.code, 0, updated.stderr);
  assert.match(updated.stdout, /direct 1 stays as it is: .*is not there any more/);
  assert.equal((await home.pkg(["update", "direct"])).code, 1);
  assert.equal(runs(home, "tool"), "tool 1.1.0");
  assert.equal(runs(home, "direct"), "direct 1");
});

test("pkg install refuses two packages that would have one name, and installs the first", async (t) => {
  const home = await makeSampleHome(t);
  const [first, second] = ["a", "b"].map((space) =>
    home.build({
      name: "twin",
      version: "1.0.0",
      namespace: `test/${space}`,
      program: `echo ${space}`,
      entry: { pkg_id: `id.${space}` },
    }),
  );
  assert.ok(first !== undefined && second !== undefined);
  await home.push(first, second);
  home.publishIndex(first, second);
  const result = await home.pkg(["install", "twin#id.a", "twin#id.b"]);
  assert.equal(result.code, 1);
  assert.match(result.stderr, /Cannot install "twin#id\.b": "twin#id\.a" was named too/);
  assert.equal(runs(home, "twin"), "a");
});

test("pkg install --reinstall fetches the documents that a stricter policy requires", async (t) => {
  const home = await makeSampleHome(t);
  const built = home.build({ name: "tool", version: "1.0.0" });
  await home.push(built);
  home.publishIndex(built);
  const config = join(home.path, "config.toml");
  const strict = readFileSync(config, "utf8");
  writeFileSync(config, strict.replace("[repositories.tools]", '[repositories.tools]\nrequire = ["digest"]'));
  assert.partialDeepStrictEqual(await home.json("install", "tool"), {
    code: 0,
    document: { packages: [{ signedBy: null }] },
  });
  writeFileSync(config, strict);
  assert.partialDeepStrictEqual(await home.json("install", "--reinstall", "tool"), {
    code: 0,
    document: { packages: [{ action: "reinstall", signedBy: home.signer.keyId }] },
  });
});

test("pkg installs an image index by this machine's platform, and lists the platforms when none fits", async (t) => {
  const home = await makeSampleHome(t);
  const built = home.build({ name: "tool", version: "1.0.0", registry: home.registryHost });
  await home.push(built);
  const put = async (tag: string, architecture: string) => {
    const descriptor = {
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      digest: built.manifestDigest,
      size: built.manifest.length,
      platform: { os: "linux", architecture },
    };
    const mediaType = "application/vnd.oci.image.index.v1+json";
    const body = JSON.stringify({ schemaVersion: 2, mediaType, manifests: [descriptor] });
    const url = `${home.registryUrl}/v2/${built.repository}/manifests/${tag}`;
    assert.equal((await fetch(url, { method: "PUT", headers: { "content-type": mediaType }, body })).status, 201);
    return `${home.registryHost}/${built.repository}:${tag}`;
  };
  const here = process.arch === "x64" ? "amd64" : process.arch;
  assert.equal((await home.pkg(["install", await put("fits", here)])).code, 0);
  assert.equal(runs(home, "tool"), "tool 1.0.0");
  const refused = await home.pkg(["install", await put("other", "s390x")]);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /found linux\/s390x/);
});

test("pkg install continues with the others when a reference leads to something that is not a package", async (t) => {
  const home = await makeSampleHome(t);
  const [tool, odd] = ["tool", "odd"].map((name) =>
    home.build({ name, version: "1", registry: home.registryHost, omit: name === "odd" ? ["odd"] : [] }),
  );
  assert.ok(tool !== undefined && odd !== undefined);
  await home.push(tool, odd);
  for (const args of [["--dry-run"], []]) {
    const installed = await home.json("install", odd.reference, tool.reference, ...args);
    assert.equal(installed.code, 1);
    assert.partialDeepStrictEqual(installed.document, {
      packages: [{ name: "tool" }, { action: "fail", name: odd.reference, error: { code: "LAYER_MISSING" } }],
    });
  }
  assert.equal(runs(home, "tool"), "tool 1");
});
