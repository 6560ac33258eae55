import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { jsonOf, runPkg } from "../support/run-pkg.ts";
import { tempHome } from "../support/temp-home.ts";

const SETTINGS = "concurrency = 3\n";
const TYPE = "application/vnd.acme.rocket.config.v1+json";

/** A home with pkg's settings in my.toml, an artifact's config, a file, and a layout to push to. */
function desk(t: TestContext) {
  const home = tempHome(t);
  const place = `oci:${join(home, "layout")}:v1`;
  const file = (name: string, text: string) => writeFileSync(join(home, name), text);
  file("my.toml", SETTINGS);
  file("bad.toml", "concurrency = 99\n");
  file("config.json", '{"name":"foo"}');
  file("a.txt", "a");
  const pkg = (...args: readonly string[]) => runPkg(args, { home });
  const configType = async () => {
    const { stdout } = await pkg("oci", "manifest", "fetch", place);
    return JSON.parse(stdout).config.mediaType;
  };
  return { home, place, pkg, configType };
}

test("--config is pkg's own config file for oci push, pull and attach as well", async (t) => {
  const { home, place, pkg, configType } = desk(t);
  const pushed = await pkg("--config", join(home, "my.toml"), "oci", "push", place, "a.txt");
  assert.equal(pushed.code, 0, pushed.stderr);
  assert.equal(await configType(), "application/vnd.oci.empty.v1+json");
  for (const words of [
    ["push", place, "a.txt"],
    ["pull", place, "-o", "out"],
    ["attach", place, "a.txt", "--artifact-type", "x/y"],
  ]) {
    const refused = await pkg(`--config=${join(home, "bad.toml")}`, "oci", ...words);
    assert.equal(refused.code, 2, words.join(" "));
    assert.match(refused.stderr, /bad\.toml.*concurrency/s);
  }
});

test("--config that could be either is refused after oci push, pull and attach, and nothing is sent or written", async (t) => {
  const { home, place, pkg } = desk(t);
  assert.equal((await pkg("oci", "push", place, "a.txt", "--artifact-config", "config.json")).code, 0);
  const digest = async () => (await pkg("oci", "resolve", place)).stdout;
  const before = await digest();
  for (const words of [
    ["push", place, "a.txt", "--config", "my.toml"],
    ["pull", place, "-o", "out", "--config", "my.toml", "--force"],
    ["pull", place, "-o", "out", `--config=my.toml:${TYPE}`],
    ["attach", place, "a.txt", "--artifact-type", "x/y", "--config", "my.toml"],
  ]) {
    const { code, stderr } = await pkg("oci", ...words);
    assert.equal(code, 2, words.join(" "));
    assert.match(stderr, /--artifact-config for the artifact's, or put --config before "oci /);
  }
  assert.equal(await digest(), before);
  assert.equal(readFileSync(join(home, "my.toml"), "utf8"), SETTINGS);
  assert.equal(existsSync(join(home, "out")), false);
});

test("--config FILE:mediatype of other OCI tools is the artifact's config of oci push and attach", async (t) => {
  const { place, pkg, configType } = desk(t);
  for (const option of ["--artifact-config", "--config"]) {
    assert.equal((await pkg("oci", "push", place, "a.txt", option, `config.json:${TYPE}`)).code, 0);
    assert.equal(await configType(), TYPE);
    const words = [place, "--artifact-type", "x/y", option, `config.json:${TYPE}`, "a.txt", "--json"];
    assert.equal(typeof Reflect.get(Object(jsonOf(await pkg("oci", "attach", ...words))), "digest"), "string");
  }
  const both = await pkg("oci", "push", place, "a.txt", "--artifact-config", "my.toml", "--config", `my.toml:${TYPE}`);
  assert.equal(both.code, 2);
  assert.match(both.stderr, /--artifact-config is given as well/);
});

test("oci pull --artifact-config writes the artifact's config, and overwrites only with --force", async (t) => {
  const { home, place, pkg } = desk(t);
  assert.equal((await pkg("oci", "push", place, "a.txt", "--artifact-config", "config.json")).code, 0);
  const pull = (...more: readonly string[]) =>
    pkg("oci", "pull", place, "-o", "out", "--artifact-config", "my.toml", ...more);
  assert.equal((await pull()).code, 1);
  assert.equal(readFileSync(join(home, "my.toml"), "utf8"), SETTINGS);
  assert.equal((await pull("--force")).code, 0);
  assert.equal(readFileSync(join(home, "my.toml"), "utf8"), '{"name":"foo"}');
});
