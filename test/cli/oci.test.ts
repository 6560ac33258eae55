import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { startRegistry } from "../../src/registry/server.ts";
import { type DockerRegistry, skipWithout, startDockerRegistry } from "../support/docker-registry.ts";
import { buildPackage } from "../support/package-builder.ts";
import { writeLayout } from "../support/package-publisher.ts";
import { type ProcessResult, runPkgProcess } from "../support/pkg-process.ts";
import { jsonOf, runPkg } from "../support/run-pkg.ts";
import { tempHome } from "../support/temp-home.ts";

const skip = skipWithout("docker-registry", "curl");
/** The smallest picture there is: one transparent pixel. */
const PICTURE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
  "base64",
);

let docker: DockerRegistry | null = null;
before(async () => {
  if (skip === false) docker = await startDockerRegistry();
});
after(() => docker?.stop());

interface Desk {
  readonly home: string;
  /** An embedded registry, e.g. `127.0.0.1:40123`. */
  readonly host: string;
  /** CNCF Distribution. */
  readonly dockerHost: string;
  readonly pkg: (...args: readonly string[]) => Promise<Pick<ProcessResult, "code" | "stdout" | "stderr">>;
  /** Runs with --json, expects success, gives the document. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads the fields it expects
  readonly json: (...args: readonly string[]) => Promise<any>;
  readonly write: (name: string, content: string | Buffer, mode?: number) => string;
}

/** Those who name layouts and blobs by relative paths need a process that is in their home. */
async function makeDesk(t: TestContext, run: typeof runPkg | typeof runPkgProcess = runPkg): Promise<Desk> {
  const home = tempHome(t);
  const registry = await startRegistry({ root: join(home, "served"), port: 0 });
  t.after(() => registry.close());
  const pkg: Desk["pkg"] = (...args) => run(args, { home });
  return {
    home,
    host: new URL(registry.url).host,
    dockerHost: docker?.host ?? "",
    pkg,
    json: async (...args) => {
      const result = await pkg(...args, "--json");
      assert.equal(result.code, 0, result.stderr);
      return jsonOf(result);
    },
    write: (name, content, mode = 0o644) => {
      const path = join(home, name);
      writeFileSync(path, content);
      chmodSync(path, mode);
      return path;
    },
  };
}

/** Not spawnSync: the registry it asks is in this process. */
async function curl(...args: readonly string[]): Promise<Buffer> {
  const { stdout } = await promisify(execFile)("curl", ["--silent", "--show-error", "--fail", ...args], {
    encoding: "buffer",
    timeout: 60_000,
  });
  return stdout;
}

function sha256(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

suite("pkg oci, the seeds of the project", { skip }, () => {
  test("an OCI layout is pushed with one copy command and its blob fetched by digest with curl", async (t) => {
    const { home, pkg, host, dockerHost } = await makeDesk(t, runPkgProcess);
    const built = buildPackage({ name: "hello", version: "1.0.0" });
    writeLayout([built], join(home, "layout"));
    for (const registry of [host, dockerHost]) {
      const { code, stderr } = await pkg("oci", "copy", `oci:layout:${built.tag}`, `${registry}/seeds/hello:v1`);
      assert.equal(code, 0, stderr);
      for (const [digest, bytes] of built.blobs) {
        const url = `http://${registry}/v2/seeds/hello/blobs/${digest}`;
        assert.deepEqual(await curl("-H", "Authorization: Bearer QQ==", url), bytes);
      }
    }
  });

  test("a file is pushed with a custom config type and read back with curl", async (t) => {
    const { pkg, host, dockerHost, write } = await makeDesk(t);
    write("artifact.txt", "hello\n");
    write("config.json", '{"name":"foo","value":"bar"}');
    for (const registry of [host, dockerHost]) {
      const { code, stderr } = await pkg(
        ...["oci", "push", `${registry}/seeds/config:v1`, "artifact.txt:text/plain"],
        ...["--config", "config.json:application/vnd.acme.rocket.config.v1+json"],
      );
      assert.equal(code, 0, stderr);
      const accept = "Accept: application/vnd.oci.image.manifest.v1+json";
      const url = `http://${registry}/v2/seeds/config`;
      const manifest = JSON.parse((await curl("-H", accept, `${url}/manifests/v1`)).toString());
      assert.equal(manifest.config.mediaType, "application/vnd.acme.rocket.config.v1+json");
      assert.equal(manifest.layers[0].mediaType, "text/plain");
      assert.equal(manifest.layers[0].annotations["org.opencontainers.image.title"], "artifact.txt");
      const blob = async (digest: string) => (await curl(`${url}/blobs/${digest}`)).toString();
      assert.equal(await blob(manifest.config.digest), '{"name":"foo","value":"bar"}');
      assert.equal(await blob(manifest.layers[0].digest), "hello\n");
    }
  });

  test("an image is copied between registries, a text file attached, its references listed", async (t) => {
    const { home, pkg, json, host, dockerHost, write } = await makeDesk(t, runPkgProcess);
    const built = buildPackage({ name: "image", version: "1.0.0" });
    writeLayout([built], join(home, "layout"));
    write("note.txt", "looked at by a person\n");
    assert.equal((await pkg("oci", "copy", `oci:layout:${built.tag}`, `${dockerHost}/seeds/image:v1`)).code, 0);
    for (const [from, to] of [
      [dockerHost, host],
      [host, dockerHost],
    ]) {
      const target = `${to}/seeds/copied:v1`;
      const name = from === host ? "seeds/copied" : "seeds/image";
      const copied = await json("oci", "copy", `${from}/${name}:v1`, target);
      assert.equal(copied.digest, built.manifestDigest);
      const attached = await json("oci", "attach", target, "note.txt:text/plain", "--artifact-type", "doc/example");
      const manifest = JSON.parse(
        (await pkg("oci", "manifest", "fetch", `${to}/seeds/copied@${attached.digest}`)).stdout,
      );
      assert.equal(manifest.subject.digest, built.manifestDigest);
      assert.equal(manifest.artifactType, "doc/example");
      const { referrers } = await json("oci", "referrers", target);
      assert.deepEqual(
        referrers.map(({ digest, artifactType }: Record<string, unknown>) => [digest, artifactType]),
        [[attached.digest, "doc/example"]],
      );
      const tree = await pkg("oci", "referrers", target, "--artifact-type", "doc/example");
      assert.match(tree.stdout, new RegExp(`^${built.manifestDigest}\\n└── doc/example  ${attached.digest}`));
      assert.deepEqual((await json("oci", "referrers", target, "--artifact-type", "other/type")).referrers, []);
    }
  });

  test("a picture is pushed with an artifact type and pulled", async (t) => {
    const { home, pkg, json, host, dockerHost, write } = await makeDesk(t);
    write("picture.png", PICTURE);
    for (const [index, registry] of [host, dockerHost].entries()) {
      const reference = `${registry}/seeds/picture:v1`;
      const pushed = await json("oci", "push", reference, "picture.png:image/png", "--artifact-type", "image/png");
      const manifest = JSON.parse((await pkg("oci", "manifest", "fetch", reference)).stdout);
      assert.equal(manifest.artifactType, "image/png");
      assert.equal((await pkg("oci", "resolve", reference)).stdout, `${pushed.digest}\n`);
      const { code, stderr } = await pkg("oci", "pull", reference, "-o", `out-${index}`);
      assert.equal(code, 0, stderr);
      assert.deepEqual(readFileSync(join(home, `out-${index}`, "picture.png")), PICTURE);
    }
  });
});

suite("pkg oci, other ways", { skip }, () => {
  test("files, a directory and the executable bit survive a push, a copy to a layout and a tar, and a pull", async (t) => {
    const { home, pkg, json, host, write } = await makeDesk(t, runPkgProcess);
    write("tool", "#!/bin/sh\necho hi\n", 0o755);
    write("README", "read me\n");
    mkdirSync(join(home, "share", "deep"), { recursive: true });
    writeFileSync(join(home, "share", "deep", "run"), "data", { mode: 0o755 });
    const { digest } = await json("oci", "push", `${host}/a/tool:v1`, "tool", "README", "share");
    const again = await json("oci", "push", `${host}/a/again:v1`, "tool", "README", "share");
    assert.equal(again.digest, digest, "the same input gives the same digest");
    assert.equal((await json("oci", "copy", `${host}/a/tool:v1`, "oci:layout:v1")).digest, digest);
    assert.equal((await json("oci", "copy", "oci:layout:v1", "oci-archive:tool.tar:v1")).digest, digest);
    assert.equal((await json("oci", "copy", "oci-archive:tool.tar:v1", `${host}/b/tool:v2`)).digest, digest);
    assert.equal((await pkg("oci", "layout", "verify", "layout")).code, 0);
    for (const reference of [`${host}/b/tool:v2`, "oci:layout:v1", "oci-archive:tool.tar:v1"]) {
      const out = `out-${reference.split(":")[0]}`;
      const { code, stderr } = await pkg("oci", "pull", reference, "-o", out);
      assert.equal(code, 0, stderr);
      assert.equal(readFileSync(join(home, out, "README"), "utf8"), "read me\n");
      assert.equal(statSync(join(home, out, "tool")).mode & 0o777, 0o755);
      assert.equal(statSync(join(home, out, "README")).mode & 0o777, 0o644);
      assert.equal(statSync(join(home, out, "share", "deep", "run")).mode & 0o777, 0o755);
    }
  });

  test("blobs are pushed, looked for, fetched and deleted", async (t) => {
    const { home, pkg, json, host, write } = await makeDesk(t, runPkgProcess);
    const bytes = randomBytes(300_000);
    write("blob.bin", bytes);
    const repository = `${host}/a/blobs`;
    assert.equal((await pkg("oci", "blob", "push", repository, "blob.bin")).stdout, `${sha256(bytes)}\n`);
    assert.equal((await json("oci", "blob", "push", repository, "blob.bin")).how, "existed");
    const reference = `${repository}@${sha256(bytes)}`;
    assert.equal((await pkg("oci", "blob", "exists", reference)).code, 0);
    assert.equal((await pkg("oci", "blob", "fetch", reference, "-o", "back.bin")).code, 0);
    assert.deepEqual(readFileSync(join(home, "back.bin")), bytes);
    assert.equal((await pkg("oci", "blob", "delete", reference)).code, 0);
    const gone = await pkg("oci", "blob", "exists", reference);
    assert.deepEqual([gone.code, gone.stdout], [1, "missing\n"]);
    const missing = await pkg("oci", "blob", "fetch", reference, "-o", "not-there.bin");
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /^error: Cannot fetch blob/m);
    assert.ok(!readdirSync(home).includes("not-there.bin"));
    const piped = await runPkg(["oci", "blob", "push", repository, "-"], { home, stdin: "from a pipe" });
    assert.equal(piped.stdout, `${sha256(Buffer.from("from a pipe"))}\n`);
  });

  test("tags are given, listed by version and deleted; the manifest stays until it is deleted by digest", async (t) => {
    const { pkg, json, host, write } = await makeDesk(t);
    write("a.txt", "a");
    const repository = `${host}/a/tags`;
    const { digest } = await json("oci", "push", `${repository}:1.2.0`, "a.txt");
    assert.equal((await pkg("oci", "tag", `${repository}:1.2.0`, "1.10.0", "1.9.0", "latest")).code, 0);
    const sorted = await pkg("oci", "tags", repository, "--sort", "version", "--limit", "2");
    assert.equal(sorted.stdout.split("\n").filter((tag) => tag !== "").length, 2);
    assert.deepEqual((await json("oci", "tags", repository)).tags, ["1.10.0", "1.2.0", "1.9.0", "latest"]);
    assert.deepEqual((await json("oci", "tags", repository, "--last", "1.2.0")).tags, ["1.9.0", "latest"]);
    assert.equal((await pkg("oci", "manifest", "delete", `${repository}:latest`)).code, 0);
    assert.deepEqual((await json("oci", "tags", repository)).tags, ["1.10.0", "1.2.0", "1.9.0"]);
    assert.equal((await pkg("oci", "manifest", "delete", `${repository}@${digest}`)).code, 0);
    assert.equal((await pkg("oci", "resolve", `${repository}:1.2.0`)).code, 1);
    assert.deepEqual((await json("oci", "catalog", host)).repositories, ["a/tags"]);
  });

  test("an image index is made, changed and copied for one platform", async (t) => {
    const { pkg, json, host, write } = await makeDesk(t);
    const repository = `${host}/a/index`;
    const digests: string[] = [];
    for (const platform of ["linux/amd64", "linux/arm64"]) {
      write("tool", `built for ${platform}`, 0o755);
      digests.push((await json("oci", "push", repository, "tool", "--platform", platform)).digest);
    }
    const created = await json("oci", "index", "create", `${repository}:v1`, ...digests.map((digest) => `@${digest}`));
    const { manifests } = await json("oci", "manifest", "inspect", `${repository}:v1`);
    assert.deepEqual(
      manifests.map(({ platform }: Record<string, unknown>) => platform),
      ["linux/amd64", "linux/arm64"],
    );
    const one = await json("oci", "copy", `${repository}:v1`, `${host}/a/one:v1`, "--platform", "linux/arm64");
    assert.equal(one.digest, digests[1]);
    assert.equal((await json("oci", "copy", `${repository}:v1`, `${host}/a/all:v1`)).digest, created.digest);
    assert.equal((await pkg("oci", "index", "remove", `${repository}:v1`, `@${digests[0]}`)).code, 0);
    assert.equal((await json("oci", "manifest", "inspect", `${repository}:v1`)).manifests.length, 1);
    assert.equal((await pkg("oci", "index", "add", `${repository}:v1`, `@${digests[0]}`)).code, 0);
    assert.equal((await json("oci", "manifest", "inspect", `${repository}:v1`)).manifests.length, 2);
    const differs = await pkg("oci", "diff", `${repository}:v1`, `${host}/a/all:v1`);
    assert.equal(differs.code, 0, differs.stderr);
  });
});

suite("pkg oci refuses", () => {
  const cases: readonly (readonly [args: readonly string[], code: number, message: RegExp])[] = [
    [["oci"], 2, /Name a command of "oci"/],
    [["oci", "blob"], 2, /Name a command of "blob"/],
    [["oci", "pul", "x"], 2, /Did you mean pull/],
    [["oci", "blob"], 2, /hint: `pkg oci blob --help` lists the commands/],
    [
      ["oci", "push"],
      2,
      /Cannot run "pkg oci push": <reference> is missing\nhint: Usage: pkg oci push <reference> \[files\.\.\];/,
    ],
    [["oci", "cp", "a"], 2, /Cannot run "pkg oci cp": <target> is missing\nhint: Usage: pkg oci cp <source>/],
    [
      ["oci", "tags", "x", "--sort", "age"],
      2,
      /Cannot use --sort: expected one of "registry", "version", found "age"\n/,
    ],
    [
      ["oci", "tags", "x", "--concurrency"],
      2,
      /Cannot use --concurrency: it has no value\nhint: Usage: pkg oci tags <ref/,
    ],
    [["oci", "resolve", "no-registry"], 2, /expected a registry/],
    [["oci", "resolve", "ghcr.io/UPPER/x:1"], 2, /lower-case/],
    [["oci", "resolve", "127.0.0.1:1/a/b"], 2, /no tag and no digest/],
    [["oci", "resolve", "oci:nowhere:v1"], 1, /nowhere/],
    [["oci", "resolve", "ghcr.io/a/b:1", "--offline"], 1, /--offline is set/],
    [["oci", "blob", "fetch", "127.0.0.1:1/a/b:tag"], 2, /it has no digest/],
    [["oci", "tag", "127.0.0.1:1/a/b:1", "bad tag"], 2, /Cannot use tag "bad tag"/],
    [["oci", "manifest", "push", "127.0.0.1:1/a/b:1", "missing.json"], 1, /Cannot read "missing.json"/],
    [["oci", "blob", "push", "127.0.0.1:1/a/b", "."], 1, /Cannot read "\."/],
    [["oci", "copy", "oci:x:1", "oci:y:1", "--dry-run"], 1, /it has no file "oci-layout"/],
    [["oci", "layout", "verify", "nowhere"], 1, /nowhere/],
  ];
  for (const [args, code, message] of cases) {
    test(`pkg ${args.join(" ")}`, async (t) => {
      const home = tempHome(t);
      const result = await runPkg(args, { home });
      assert.match(result.stderr, message);
      assert.match(result.stderr, /\nhint: |^error: Cannot/);
      assert.doesNotMatch(result.stderr, /This is a bug/);
      assert.equal(result.code, code, result.stderr);
      assert.equal(result.stdout, "");
    });
  }
});
