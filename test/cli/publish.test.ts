import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer, request as forward } from "node:http";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { startRegistry } from "../../src/registry/server.ts";
import { listen } from "../http/local-server.ts";
import { PUBLIC_KEY, SAMPLE_FILES, SECRET_KEY, writeFiles } from "../publish/world.ts";
import { htpasswdFile } from "../registry/htpasswd-file.ts";
import { startDockerRegistry } from "../support/docker-registry.ts";
import { MAIN, runPkgProcess } from "../support/pkg-process.ts";
import { jsonOf, type RunOptions, type RunResult, runPkg } from "../support/run-pkg.ts";
import { NO_DEFAULT_REPOSITORIES } from "../support/sample-config.ts";
import { staticProgram } from "../support/static-program.ts";
import { tempDirectory, tempHome } from "../support/temp-home.ts";

const ENV = { PKG_SIGNING_KEY: SECRET_KEY };

async function localRegistry(t: TestContext, allowHosts: readonly string[] = []): Promise<string> {
  const registry = await startRegistry({ root: tempDirectory(t), port: 0, allowHosts });
  t.after(() => registry.close());
  return new URL(registry.url).host;
}

/** A directory with a program for two platforms. */
function project(t: TestContext): string {
  const directory = tempDirectory(t);
  writeFiles(directory, {
    "dist/linux-x64/trurl": SAMPLE_FILES["x64/trurl"] ?? "",
    "dist/linux-arm64/trurl": SAMPLE_FILES["arm64/trurl"] ?? "",
    LICENSE: "MIT License\n\nCopyright …\n",
  });
  return directory;
}

async function succeed(words: readonly string[], options: RunOptions): Promise<RunResult> {
  const result = await runPkg(words, options);
  assert.equal(result.code, 0, `${words.join(" ")}: ${result.stderr}`);
  return result;
}

/** What the program says of itself with --json. */
async function told(words: readonly string[], options: RunOptions) {
  const value = jsonOf(await succeed([...words, "--json"], options));
  assert.ok(typeof value === "object" && value !== null);
  return new Map(Object.entries(value));
}

function runProgram(home: string): string {
  return spawnSync(join(home, "bin/trurl"), { encoding: "utf8" }).stdout;
}

test("from nothing: a key, pkg init, pkg publish; then pkg install elsewhere, by every tag", async (t) => {
  const [home, cwd, host] = [tempHome(t), project(t), await localRegistry(t)];
  await succeed(["key", "generate", "--no-passphrase"], { home });
  const reference = `${host}/me/tools/trurl`;
  const init = await succeed(["init", reference, "--version", "8.14.1", "--yes"], { home, cwd });
  assert.match(init.stdout, /Wrote pkg\.json\nPublish it with: pkg publish\n/);
  assert.deepEqual(JSON.parse(readFileSync(join(cwd, "pkg.json"), "utf8")), {
    $schema: "urn:pkg:publish:v1",
    reference,
    version: "8.14.1",
    license: "MIT",
    files: [
      { path: "dist/linux-arm64/trurl", platform: "linux/arm64" },
      { path: "dist/linux-x64/trurl", platform: "linux/amd64" },
    ],
    documents: ["LICENSE"],
  });
  const published = await succeed(["publish"], { home, cwd });
  assert.match(published.stdout, /Published trurl 8\.14\.1 .*signed by [0-9A-F]{16}/);
  assert.match(published.stdout, new RegExp(`Install it with: pkg install ${reference}:8\\.14\\.1`));
  for (const tag of ["", ":8.14.1", ":8.14", ":8", ":latest", ":8.14.1-x86_64-linux"]) {
    const other = tempHome(t);
    await succeed(["install", `${reference}${tag}`], { home: other });
    assert.equal(runProgram(other), "trurl\n", tag);
  }
});

test("pkg init never writes over a pkg.json, unless it is forced to, and writes none that is wrong", async (t) => {
  const [home, cwd] = [tempHome(t), project(t)];
  const words = ["init", "ghcr.io/me/trurl", "--yes"];
  const wrong = await runPkg([...words, "--license", "mit"], { home, cwd });
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /license is "mit".*\n.*Did you mean "MIT"/);
  assert.equal(existsSync(join(cwd, "pkg.json")), false);
  writeFileSync(join(cwd, "pkg.json"), "{}");
  const refused = await runPkg(words, { home, cwd });
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /Cannot write "pkg\.json": it exists already/);
  assert.equal(readFileSync(join(cwd, "pkg.json"), "utf8"), "{}");
  const forced = await succeed([...words, "--force"], { home, cwd });
  assert.match(forced.stdout, /Make a key to sign with: pkg key generate/);
  assert.equal(JSON.parse(readFileSync(join(cwd, "pkg.json"), "utf8")).version, "0.1.0");
});

test("pkg init guesses from git's own files", async (t) => {
  const [home, cwd] = [tempHome(t), project(t)];
  mkdirSync(join(cwd, ".git/refs/tags"), { recursive: true });
  writeFileSync(join(cwd, ".git/config"), '[remote "origin"]\n\turl = git@github.com:Me/trurl.git\n');
  writeFileSync(join(cwd, ".git/packed-refs"), `${"0".repeat(40)} refs/tags/v8.9.0\n`);
  for (const tag of ["v8.14.1", "v9.0.0-rc1", "other"]) writeFileSync(join(cwd, ".git/refs/tags", tag), "");
  await succeed(["init", "--yes"], { home, cwd });
  const written = JSON.parse(readFileSync(join(cwd, "pkg.json"), "utf8"));
  assert.equal(written.reference, "ghcr.io/me/trurl");
  assert.equal(written.version, "8.14.1");
  assert.equal(written.source, "https://github.com/Me/trurl");
});

test("pkg publish reads paths in pkg.json relative to it, typed ones relative to the working directory; typed values win", async (t) => {
  const [home, cwd, host] = [tempHome(t), project(t), await localRegistry(t)];
  const reference = `${host}/me/trurl`;
  const file = { path: "../dist/linux-x64/trurl", platform: "linux/amd64" };
  mkdirSync(join(cwd, "release"));
  writeFileSync(
    join(cwd, "release/pkg.json"),
    JSON.stringify({ reference, version: "1.0", license: "MIT", files: [file] }),
  );
  const words = [
    "publish",
    "--manifest",
    "release/pkg.json",
    "--version",
    "1.10",
    "--document",
    "LICENSE",
    "--dry-run",
  ];
  const plan = await told(words, { home, cwd, env: ENV });
  assert.equal(plan.get("version"), "1.10");
  assert.equal(plan.get("reference"), `${reference}:1.10`);
  assert.equal(plan.get("state"), "planned");
});

test("--version is the publication's for pkg publish and pkg init alone, and must be given", async (t) => {
  const home = tempHome(t);
  const missing = await runPkg(["publish", "ghcr.io/me/trurl", "--file", "x", "--version"], { home });
  assert.equal(missing.code, 2);
  assert.match(missing.stderr, /version/);
  const own = await runPkgProcess(["install", "--version"], { home });
  assert.equal(own.code, 0, own.stderr);
  assert.match(own.stdout + own.stderr, /\d+\.\d+\.\d+/);
});

test("pkg publish says what is missing when nothing is named", async (t) => {
  const home = tempHome(t);
  const nothing = await runPkg(["publish"], { home });
  assert.equal(nothing.code, 2);
  assert.match(nothing.stderr, /there is no "pkg\.json" here\n.*pkg init/);
  writeFileSync(join(home, "x"), staticProgram("x\n"));
  const keyless = await runPkg(["publish", "ghcr.io/me/trurl", "--version", "1", "--file", "x@linux/amd64"], { home });
  assert.equal(keyless.code, 1);
  assert.match(keyless.stderr, /there is no key\n.*pkg key generate/);
});

/** Makes every program that is run with it see another date. */
const OTHER_DAY = `
const RealDate = Date;
const shift = 400 * 86_400_000;
globalThis.Date = class extends RealDate {
  constructor(...args) { super(...(args.length === 0 ? [RealDate.now() + shift] : args)); }
  static now() { return RealDate.now() + shift; }
};
`;

test("pkg publish gives the same digests on another machine: directory, clock, umask, locale, time zone", async (t) => {
  const host = await localRegistry(t);
  const machine = (umask: string, env: Readonly<Record<string, string>>) => {
    const [home, cwd] = [tempHome(t), tempDirectory(t)];
    // Made under that umask, as a checkout would be.
    const make = [
      "mkdir -p suite/bin suite/share",
      "printf '#!/bin/sh\\n' > suite/bin/b",
      "printf '#!/bin/sh\\n' > suite/bin/Z",
      "chmod +x suite/bin/*",
      "echo text > suite/share/ä",
      "echo text > suite/share/z",
    ];
    const words = [
      `publish ${host}/me/suite --version 1.0 --file suite@linux/amd64 --dry-run --json`,
      `exec ${process.execPath} ${MAIN} "$@"`,
    ];
    const script = `umask ${umask}; ${make.join("; ")}; set -- ${words.join("; ")}`;
    const result = spawnSync("sh", ["-e", "-c", script], {
      cwd,
      encoding: "utf8",
      env: { ...ENV, HOME: home, PKG_HOME: home, PATH: "/usr/bin:/bin", ...env },
    });
    assert.equal(result.status, 0, result.stderr);
    return result.stdout;
  };
  const day = join(tempDirectory(t), "day.mjs");
  writeFileSync(day, OTHER_DAY);
  const temporary = tempDirectory(t);
  const one = machine("022", { LC_ALL: "C", TZ: "UTC" });
  const elsewhere = { LC_ALL: "sv_SE.UTF-8", TZ: "Asia/Tokyo", TMPDIR: temporary, NODE_OPTIONS: `--import=${day}` };
  assert.equal(machine("077", elsewhere), one);
  assert.match(one, /"state": ?"planned"/);
});

test("pkg publish to a registry that requires a login is refused, and accepted after pkg login; the package installs", async (t) => {
  const { path } = htpasswdFile(t, { alice: "s3cret" });
  const registry = await startDockerRegistry({ htpasswd: path });
  if (registry === null) return t.skip("docker-registry is not installed");
  t.after(() => registry.stop());
  const [home, cwd] = [tempHome(t), project(t)];
  const words = ["publish", `${registry.host}/me/trurl`, "--version", "1.0", "--file", "dist/linux-x64/trurl"];
  const refused = await runPkg(words, { home, cwd, env: ENV });
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /pkg login/);
  await succeed(["login", registry.host, "-u", "alice", "--password-stdin"], { home, stdin: "s3cret" });
  const published = await succeed(words, { home, cwd, env: ENV });
  assert.doesNotMatch(published.stdout + published.stderr, /s3cret/);
  await succeed(["install", `${registry.host}/me/trurl`], { home });
  assert.equal(runProgram(home), "trurl\n");
});

/**
 * A proxy that leads every request to one registry, and answers like GitHub's: private content is shown to nobody.
 */
async function fakeGithub(t: TestContext, upstream: string) {
  const state = { isPublic: false };
  const proxy = createServer((request, response) => {
    const { authorization } = request.headers;
    const isAnonymous = authorization === undefined || authorization === "Bearer QQ==";
    if (isAnonymous && !state.isPublic) {
      response.writeHead(401, { "www-authenticate": 'Bearer realm="http://ghcr.io/token",service="ghcr.io"' });
      response.end();
      return;
    }
    const url = new URL(request.url ?? "");
    const onward = forward(
      new URL(url.pathname + url.search, upstream),
      { method: request.method ?? "GET", headers: { ...request.headers, host: "ghcr.io" } },
      (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      },
    );
    request.pipe(onward);
  });
  return { ...(await listen(t, proxy)), state };
}

test("pkg publish says where to make a package public that ghcr.io keeps private, and nothing once it is public", async (t) => {
  const host = await localRegistry(t, ["ghcr.io"]);
  const github = await fakeGithub(t, `http://${host}`);
  const [home, cwd] = [tempHome(t), project(t)];
  mkdirSync(join(home, ".docker"));
  const auth = Buffer.from("me:token").toString("base64");
  writeFileSync(join(home, ".docker/config.json"), JSON.stringify({ auths: { "ghcr.io": { auth } } }));
  writeFileSync(join(home, "config.toml"), '[registries."ghcr.io"]\nplain_http = true\n');
  const env = { ...ENV, HTTP_PROXY: github.origin, PKG_CONFIG: join(home, "config.toml") };
  const words = ["publish", "ghcr.io/me/tools/trurl", "--version", "1.0", "--file", "dist/linux-x64/trurl"];
  const closed = await succeed(words, { home, cwd, env });
  assert.match(closed.stderr, /is private: nobody else can install it/);
  assert.match(closed.stderr, /https:\/\/github\.com\/users\/me\/packages\/container\/tools%2Ftrurl\/settings\n/);
  assert.match(closed.stderr, /Change visibility/);
  github.state.isPublic = true;
  const open = await succeed(words, { home, cwd, env });
  assert.doesNotMatch(open.stderr, /private/);
  const again = await told(words, { home, cwd, env });
  assert.equal(again.get("isPublic"), true);
  assert.equal(again.get("state"), "existed");
});

test("pkg publish signs with several keys, and each of them vouches for what is installed", async (t) => {
  const [home, cwd, host] = [tempHome(t), project(t), await localRegistry(t)];
  await succeed(["key", "generate", "other", "--no-passphrase"], { home });
  const file = join(home, "first.key");
  writeFileSync(file, SECRET_KEY, { mode: 0o600 });
  const reference = `${host}/me/trurl`;
  const words = ["publish", reference, "--version", "1.0", "--file", "dist/linux-x64/trurl"];
  const published = await told([...words, "--key", "other", "--key", file], { home, cwd });
  const ids = published.get("signerIds");
  assert.ok(Array.isArray(ids) && ids.length === 2);
  const other = (await succeed(["key", "export", "other"], { home })).stdout.trim().split("\n").at(-1) ?? "";
  for (const key of [PUBLIC_KEY, other]) {
    const place = tempHome(t);
    await succeed(["install", reference, "--key", key], { home: place });
    assert.equal(runProgram(place), "trurl\n");
  }
  const output = join(home, "pulled");
  await succeed(["oci", "pull", `${reference}:1.0-x86_64-linux`, "-o", output], { home });
  const signatures = readdirSync(output).filter((title) => title.endsWith(".sig"));
  assert.equal(signatures.length, 6, "two of each of the three files");
  for (const title of signatures) {
    assert.equal(readFileSync(join(output, title), "utf8").trimEnd().split("\n").length, 4, title);
  }
});

test("pkg publish of a directory: its programs are linked when it is installed", async (t) => {
  const [home, cwd, host] = [tempHome(t), mkdtempSync(join(tempDirectory(t), "suite-")), await localRegistry(t)];
  writeFiles(cwd, {
    "out/bin/trurl": SAMPLE_FILES["x64/trurl"] ?? "",
    "out/bin/say": '#!/bin/sh\ncat "$(dirname "$(realpath "$0")")/../share/word"\n',
  });
  writeFiles(cwd, { "out/share/word": "hello\n" });
  chmodSync(join(cwd, "out/share/word"), 0o644);
  await succeed(["publish", `${host}/me/suite`, "--version", "1.0", "--file", "out@linux/amd64"], {
    home,
    cwd,
    env: ENV,
  });
  await succeed(["install", `${host}/me/suite`, "--key", PUBLIC_KEY], { home });
  assert.equal(runProgram(home), "trurl\n");
  assert.equal(spawnSync(join(home, "bin/say"), { encoding: "utf8" }).stdout, "hello\n");
});

/** An index of the first generation, where all scalars are texts, of what a registry holds. */
async function firstGenerationIndex(home: string, references: readonly string[]): Promise<string> {
  const entries: unknown[] = [];
  for (const [index, reference] of references.entries()) {
    const output = join(home, `pulled-${index}`);
    await succeed(["oci", "pull", reference, "-o", output], { home });
    const entry: unknown = JSON.parse(readFileSync(join(output, "trurl.json"), "utf8"));
    assert.ok(typeof entry === "object" && entry !== null);
    const sizes = readdirSync(output).map((title) => statSync(join(output, title)).size);
    const added = { ghcr_files: readdirSync(output), ghcr_size_raw: sizes.reduce((sum, size) => sum + size, 0) };
    const fields = Object.entries({ ...entry, ...added });
    entries.push(Object.fromEntries(fields.map(([key, value]) => [key, Array.isArray(value) ? value : String(value)])));
  }
  return JSON.stringify(entries);
}

test("a reader of first-generation indexes finds, verifies and installs what was published", async (t) => {
  const [home, cwd, host] = [tempHome(t), project(t), await localRegistry(t)];
  const reference = `${host}/me/tools/trurl`;
  const files = ["dist/linux-x64/trurl", "dist/linux-arm64/trurl"].flatMap((file) => ["--file", file]);
  const words = ["publish", reference, "--version", "8.14.1", "--description", "Reads URLs", ...files];
  await succeed(words, { home, cwd, env: ENV });
  const tags = ["8.14.1-x86_64-linux", "8.14.1-aarch64-linux"].map((tag) => `${reference}:${tag}`);
  writeFileSync(join(home, "index.json"), await firstGenerationIndex(home, tags));
  const config = [
    NO_DEFAULT_REPOSITORIES,
    "[repositories.mine]",
    `url = "file://${join(home, "index.json")}"`,
    `keys = ["${PUBLIC_KEY}"]`,
    "signed_index = false",
    `[registries."${host}"]`,
    "plain_http = true",
  ];
  writeFileSync(join(home, "config.toml"), `${config.join("\n")}\n`);
  const options = { home, env: { PKG_CONFIG: join(home, "config.toml") } };
  await succeed(["sync"], options);
  assert.match((await succeed(["search", "url"], options)).stdout, /trurl.*8\.14\.1.*Reads URLs/);
  const installed = await succeed(["install", "trurl"], options);
  assert.match(installed.stdout, /trurl 8\.14\.1 .*signed RWQH/);
  assert.doesNotMatch(installed.stdout, /unchecked/);
  assert.equal(runProgram(home), "trurl\n");
});
