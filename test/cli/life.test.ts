import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { accessSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type DockerRegistry, skipWithout, startDockerRegistry } from "../support/docker-registry.ts";
import { createSigner } from "../support/minisign-signer.ts";
import { type BuiltPackage, buildPackage, indexDocument } from "../support/package-builder.ts";
import { writeLayout } from "../support/package-publisher.ts";
import { type ProcessResult, runPkgProcess } from "../support/pkg-process.ts";
import { jsonOf, runPkg } from "../support/run-pkg.ts";
import { sampleConfig } from "../support/sample-config.ts";
import { staticProgram } from "../support/static-program.ts";
import { tempHome } from "../support/temp-home.ts";

/** Each command as a process, or in this one for --json, against CNCF Distribution, with packages pushed by skopeo and an index that names ghcr.io. */
const skip = skipWithout("docker-registry", "skopeo");
const signer = createSigner();
const older = trurl("8.13.0");
const newer = trurl("8.14.1");
let registry: DockerRegistry | null = null;

function trurl(version: string): BuiltPackage {
  return buildPackage({ name: "trurl", version, family: "curl", signer, program: staticProgram(`trurl ${version}\n`) });
}

before(async () => {
  if (skip === false) registry = await startDockerRegistry();
});

after(() => registry?.stop());

interface Home {
  readonly path: string;
  readonly publish: (packages: readonly BuiltPackage[]) => void;
  readonly pkg: (...args: readonly string[]) => Promise<ProcessResult>;
}

function makeHome(context: Parameters<typeof tempHome>[0]): Home {
  const path = tempHome(context);
  const index = join(path, "index.json");
  const publish = (packages: readonly BuiltPackage[]) => {
    writeLayout(packages, join(path, "layout"));
    for (const built of packages) push(built, join(path, "layout"));
    writeFileSync(index, indexDocument(packages.slice(-1)));
  };
  writeFileSync(
    join(path, "config.toml"),
    `sync_interval = "never"\n${sampleConfig({ indexUrl: `file://${index}`, key: signer.publicKey, registryUrl: registry?.url ?? "" })}`,
  );
  return { path, publish, pkg: (...args) => runPkgProcess(args, { home: path }) };
}

function push(built: BuiltPackage, layout: string): void {
  const target = built.reference.replace("ghcr.io", registry?.host ?? "");
  const result = spawnSync(
    "skopeo",
    ["copy", "--dest-tls-verify=false", `oci:${layout}:${built.tag}`, `docker://${target}`],
    { encoding: "utf8" },
  );
  assert.equal(result.status, 0, result.stderr);
}

function done(result: ProcessResult): ProcessResult {
  assert.equal(result.code, 0, `${result.stdout}\n${result.stderr}`);
  return result;
}

/** Runs a command with --json and gives its document; stdout must hold nothing else. */
async function json(home: Home, ...args: readonly string[]): Promise<Record<string, unknown>> {
  const document = jsonOf(done({ ...(await runPkg([...args, "--json"], { home: home.path })), signal: null }));
  assert.ok(typeof document === "object" && document !== null);
  return { ...document };
}

test("pkg installs, updates, inspects and removes a static program, in text", { skip }, async (context) => {
  const home = makeHome(context);
  home.publish([older]);
  const program = join(home.path, "bin", "trurl");

  assert.match(done(await home.pkg("sync")).stdout, /tools +updated +1 package /);
  assert.match(done(await home.pkg("search", "trurl")).stdout, /trurl +8\.13\.0 +tools/);
  const dryRun = done(await home.pkg("install", "trurl", "--dry-run"));
  assert.match(dryRun.stdout, /would install trurl 8\.13\.0/);
  assert.equal(existsSync(program), false);

  assert.match(done(await home.pkg("install", "trurl")).stdout, /^\+ trurl 8\.13\.0 .*signed RW/m);
  assert.equal(runProgram(program), "trurl 8.13.0\n");
  assert.match(done(await home.pkg("install", "trurl")).stdout, /trurl 8\.13\.0 is up to date/);

  home.publish([older, newer]);
  assert.match(done(await home.pkg("update", "--check")).stdout, /trurl +8\.13\.0 → 8\.14\.1/);
  assert.match(done(await home.pkg("outdated")).stdout, /trurl +8\.13\.0 → 8\.14\.1/);
  assert.match(done(await home.pkg("update")).stdout, /trurl 8\.13\.0 → 8\.14\.1/);
  assert.equal(runProgram(program), "trurl 8.14.1\n");

  assert.match(
    done(await home.pkg("files", "trurl")).stdout,
    new RegExp(`^${program} -> ${home.path}/packages/trurl/`, "m"),
  );
  assert.equal(done(await home.pkg("owns", program)).stdout, "trurl 8.14.1\n");
  assert.equal(done(await home.pkg("owns", "trurl")).stdout, "trurl 8.14.1\n");
  assert.equal(done(await home.pkg("verify", "trurl")).stdout, "ok trurl 8.14.1\n");
  assert.match(done(await home.pkg("list")).stdout, /^trurl +8\.14\.1 +tools/);
  assert.match(done(await home.pkg("info", "trurl")).stdout, /signed by +[0-9A-F]{16}/);

  assert.match(done(await home.pkg("remove", "trurl")).stdout, /^- trurl 8\.14\.1$/m);
  assert.equal(done(await home.pkg("list")).stdout, "");
  done(await home.pkg("clean", "--all"));
  assert.deepEqual(placed(home), []);
});

test("pkg installs, updates, inspects and removes a static program, in JSON", { skip }, async (context) => {
  const home = makeHome(context);
  home.publish([older]);
  const program = join(home.path, "bin", "trurl");

  const synced = await json(home, "sync");
  assert.partialDeepStrictEqual(synced, {
    repositories: [{ name: "tools", state: "updated", entryCount: 1, skippedCount: 0 }],
  });
  assert.partialDeepStrictEqual(await json(home, "search", "trurl"), {
    packages: [{ name: "trurl", version: "8.13.0", match: "name" }],
  });
  const plan = await json(home, "install", "trurl", "--dry-run");
  assert.partialDeepStrictEqual(plan, {
    dryRun: true,
    packages: [{ action: "plan", step: "install", reference: older.reference }],
  });
  const installed = await json(home, "install", "trurl");
  assert.partialDeepStrictEqual(installed, {
    packages: [
      {
        action: "install",
        name: "trurl",
        signedBy: signer.keyId,
        checks: ["digest", "checksum", "signature"],
        links: ["trurl"],
      },
    ],
  });
  home.publish([older, newer]);
  assert.partialDeepStrictEqual(await json(home, "update", "--check"), {
    packages: [{ name: "trurl", state: "outdated", version: "8.13.0", availableVersion: "8.14.1" }],
  });
  const updated = await json(home, "update");
  assert.partialDeepStrictEqual(updated, {
    packages: [{ action: "change", previousVersion: "8.13.0", version: "8.14.1" }],
  });
  assert.equal(runProgram(program), "trurl 8.14.1\n");
  assert.partialDeepStrictEqual(await json(home, "files", "trurl"), { packages: [{ links: [{ path: program }] }] });
  assert.partialDeepStrictEqual(await json(home, "owns", program), {
    paths: [{ path: program, name: "trurl", version: "8.14.1" }],
  });
  assert.partialDeepStrictEqual(await json(home, "verify"), { packages: [{ name: "trurl", state: "ok" }] });
  assert.partialDeepStrictEqual(await json(home, "list"), {
    packages: [{ name: "trurl", programDigest: newer.programDigest }],
  });
  assert.partialDeepStrictEqual(await json(home, "info", "trurl"), {
    packages: [{ name: "trurl", available: [{ repository: "tools" }], installed: { version: "8.14.1" } }],
  });
  assert.partialDeepStrictEqual(await json(home, "remove", "trurl"), {
    packages: [{ action: "remove", name: "trurl", links: ["trurl"] }],
  });
  assert.deepEqual(await json(home, "list"), { packages: [] });
});

test("pkg pull fetches every file of a package, and one blob, through the mirror", { skip }, async (context) => {
  const home = makeHome(context);
  home.publish([newer]);
  done(await home.pkg("pull", newer.reference, "-o", join(home.path, "out")));
  for (const [title, bytes] of newer.files) assert.deepEqual(readFileSync(join(home.path, "out", title)), bytes, title);
  assert.equal(runProgram(join(home.path, "out", "trurl")), "trurl 8.14.1\n");

  const blob = `ghcr.io/${newer.repository}@${newer.programDigest}`;
  const pulled = await json(home, "pull", blob);
  assert.partialDeepStrictEqual(pulled, {
    kind: "blob",
    files: [{ path: join(home.path, "trurl"), digest: newer.programDigest }],
  });
  assert.equal(runProgram(join(home.path, "trurl")), "trurl 8.14.1\n");

  const again = await home.pkg("pull", blob);
  assert.equal(again.code, 1);
  assert.match(again.stderr, /Cannot write ".*trurl": it exists/);
  const both = await json(home, "pull", `${newer.reference}@${newer.manifestDigest}`, "-o", join(home.path, "again"));
  assert.partialDeepStrictEqual(both, { kind: "package", digest: newer.manifestDigest });
});

test("pkg installs a direct reference by tag, by the manifest's digest and by the blob's", {
  skip,
}, async (context) => {
  const home = makeHome(context);
  home.publish([newer]);
  const direct = newer.reference.replace("ghcr.io", registry?.host ?? "");
  assert.partialDeepStrictEqual(await json(home, "install", direct), {
    packages: [{ action: "install", name: "trurl", version: "8.14.1", repository: null }],
  });
  assert.equal(runProgram(join(home.path, "bin", "trurl")), "trurl 8.14.1\n");
  const path = direct.slice(0, direct.lastIndexOf(":"));
  for (const digest of [newer.manifestDigest, newer.programDigest]) {
    done(await home.pkg("remove", "trurl"));
    assert.partialDeepStrictEqual(await json(home, "install", `${path}@${digest}`), {
      packages: [{ action: "install", name: "trurl" }],
    });
    assert.equal(runProgram(join(home.path, "bin", "trurl")), "trurl 8.14.1\n");
  }
});

function runProgram(path: string): string {
  accessSync(path);
  return spawnSync(path, { encoding: "utf8" }).stdout;
}

/** Everything a removed package must not leave behind. */
function placed(home: Home): readonly string[] {
  return ["bin", "packages", "blobs"].flatMap((directory) =>
    readdirSync(join(home.path, directory), { recursive: true, withFileTypes: true })
      .filter((item) => !item.isDirectory())
      .map((item) => join(item.parentPath, item.name)),
  );
}
