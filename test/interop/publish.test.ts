import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { SAMPLE_FILES, SECRET_KEY, writeFiles } from "../publish/world.ts";
import { skipWithout, startDockerRegistry } from "../support/docker-registry.ts";
import { elfFile } from "../support/elf-file.ts";
import { runPkg } from "../support/run-pkg.ts";
import { tempDirectory, tempHome } from "../support/temp-home.ts";
import { imageSpecCheck } from "./image-spec.ts";
import { imageSpecSchemas } from "./tools.ts";

const run = promisify(execFile);
const skip = skipWithout("skopeo", "docker-registry");
const VERSION = "8.14.1";

async function published(t: TestContext) {
  const registry = await startDockerRegistry();
  assert.ok(registry !== null);
  t.after(() => registry.stop());
  const home = tempHome(t);
  writeFiles(home, { ...SAMPLE_FILES, "musl/trurl": elfFile({ interpreter: "/lib/ld-musl-x86_64.so.1", type: 3 }) });
  writeFiles(home, { "suite/bin/one": SAMPLE_FILES["x64/trurl"] ?? "" });
  const reference = `${registry.host}/me/tools/trurl`;
  const files = ["x64/trurl@linux/amd64", "arm64/trurl@linux/arm64", "musl/trurl@linux/amd64"];
  const words = ["--version", VERSION, "--license", "curl", "--document", "LICENSE"];
  const options = { home, env: { PKG_SIGNING_KEY: SECRET_KEY } };
  const result = await runPkg(["publish", reference, ...files.flatMap((file) => ["--file", file]), ...words], options);
  assert.equal(result.code, 0, result.stderr);
  const suite = await runPkg(
    ["publish", `${registry.host}/me/suite`, "--file", "suite@linux/amd64", "--version", VERSION],
    options,
  );
  assert.equal(suite.code, 0, suite.stderr);
  return { registry, reference };
}

async function skopeo(...words: readonly string[]): Promise<string> {
  return (await run("skopeo", [...words])).stdout;
}

const raw = (reference: string) => skopeo("inspect", "--tls-verify=false", "--raw", `docker://${reference}`);

test("skopeo inspects and lists what `pkg publish` pushed", { skip }, async (t) => {
  const { reference } = await published(t);
  const tags = JSON.parse(await skopeo("list-tags", "--tls-verify=false", `docker://${reference}`));
  const expected = ["8", "8.14", VERSION, "latest"].concat(
    ["aarch64-linux", "x86_64-linux", "x86_64-linux-musl"].map((host) => `${VERSION}-${host}`),
  );
  assert.deepEqual(tags.Tags.toSorted(), expected.toSorted());
  const index = JSON.parse(await raw(`${reference}:${VERSION}`));
  assert.equal(index.annotations["vnd.pkg.type"], "application/vnd.pkg.package.v1");
  assert.equal(index.annotations["org.opencontainers.image.version"], VERSION);
  const manifest = JSON.parse(await raw(`${reference}:${VERSION}-x86_64-linux`));
  assert.equal(manifest.artifactType, "application/vnd.pkg.package.v1");
  assert.equal(manifest.config.mediaType, "application/vnd.oci.empty.v1+json");
  // Without --raw it asks for the config of a container image, which no artifact has (containers/skopeo#1933).
  const plain = await skopeo("inspect", "--tls-verify=false", `docker://${reference}:${VERSION}`).catch(String);
  assert.match(plain, /unsupported image-specific operation on artifact|"Name"/);
});

test("skopeo copies what `pkg publish` pushed, through a layout, to another repository, byte for byte", {
  skip,
}, async (t) => {
  const { reference, registry } = await published(t);
  const layout = join(tempDirectory(t), "layout");
  await skopeo("copy", "-q", "--all", "--src-tls-verify=false", `docker://${reference}:${VERSION}`, `oci:${layout}:v`);
  const other = `${registry.host}/copied/trurl`;
  await skopeo("copy", "-q", "--all", "--dest-tls-verify=false", `oci:${layout}:v`, `docker://${other}:${VERSION}`);
  assert.equal(await raw(`${other}:${VERSION}`), await raw(`${reference}:${VERSION}`));
  const home = tempHome(t);
  const installed = await runPkg(["install", `${other}:${VERSION}`], { home });
  assert.equal(installed.code, 0, installed.stderr);
  assert.equal((await run(join(home, "bin/trurl"))).stdout, "trurl\n");
});

const schemas = imageSpecSchemas();

test("what `pkg publish` pushes fits the schemas that the image-spec publishes", {
  skip: skip || (schemas.kind === "absent" && schemas.reason),
}, async (t) => {
  assert.ok(schemas.kind === "had");
  const check = imageSpecCheck(schemas.path);
  assert.notEqual(check("image-manifest", { schemaVersion: 2 }), null, "the schema takes anything");
  const { reference, registry } = await published(t);
  const index = JSON.parse(await raw(`${reference}:${VERSION}`));
  assert.equal(check("image-index", index), null);
  assert.equal(index.manifests.length, 3);
  for (const { digest } of index.manifests) {
    assert.equal(check("image-manifest", JSON.parse(await raw(`${reference}@${digest}`))), null);
  }
  assert.equal(check("image-index", JSON.parse(await raw(`${registry.host}/me/suite:${VERSION}`))), null);
  const suite = JSON.parse(await raw(`${registry.host}/me/suite:${VERSION}-x86_64-linux`));
  assert.equal(check("image-manifest", suite), null);
});
