import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { delimiter, dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { startRegistry } from "../../src/registry/server.ts";
import { writeImages } from "../image/image-builder.ts";
import { createSigner } from "../support/minisign-signer.ts";
import { type BuiltPackage, buildPackage, indexDocument } from "../support/package-builder.ts";
import { pushPackage } from "../support/package-publisher.ts";
import { COMPILE_CACHE, MAIN } from "../support/pkg-process.ts";
import { runPkg } from "../support/run-pkg.ts";
import { staticProgram } from "../support/static-program.ts";
import { type Cleanup, tempDirectory } from "../support/temp-home.ts";
import { startGuardedRegistry } from "../support/token-server.ts";

/** What a line of shell did. */
export interface LineResult {
  readonly status: number;
  /** What it wrote to stdout, then what it wrote to stderr. */
  readonly output: string;
  readonly stdout: string;
}

/** A machine on which the examples of `--help` and of the README can be typed. */
export interface HelpWorld {
  /** Makes the home what it was at the beginning. */
  restore(): void;
  /** Runs a line of shell in it; the program itself runs in this process, unless the line needs a shell. */
  run(line: string): Promise<LineResult>;
  /** The registry that stands in for every other one. */
  readonly host: string;
  /** One that asks for the password `secret` of `NAME`. */
  readonly guardedHost: string;
  /** The public key of this machine, which signs the index at `indexUrl`. */
  readonly key: string;
  readonly indexUrl: string;
  /** The directories of the home and of that registry. */
  readonly directories: readonly string[];
}

/** Makes that machine: packages in repositories and registries, keys, files, layouts. */
export async function helpWorld(test: Cleanup): Promise<HelpWorld> {
  const [base, root] = [tempDirectory(test), tempDirectory(test)];
  const [home, kept, tools] = [join(base, "home"), join(base, "kept"), join(base, "tools")];
  const registry = await startRegistry({ root, port: 0 });
  test.after(() => registry.close());
  const guarded = await startGuardedRegistry({
    upstream: registry.url,
    users: { NAME: { password: "secret", rights: { "*": ["pull"] } } },
  });
  test.after(() => guarded.close());
  const { host } = new URL(registry.url);
  const signer = createSigner();
  const indexes = packagesOf(host, signer);
  mkdirSync(join(root, "index"));
  for (const [name, packages] of Object.entries(indexes)) {
    for (const built of packages) await pushPackage(built, registry.url);
    writeFileSync(join(root, "index", `${name}.json`), indexDocument(packages));
  }
  await pushImage(test, `${host}/astral-sh/uv:latest`);
  mkdirSync(tools);
  writeFileSync(join(tools, "pkg"), `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`);
  chmodSync(join(tools, "pkg"), 0o755);
  const indexUrl = `${registry.url}/index/index.json.zst`;
  writeFiles(home, { indexes: `${registry.url}/index`, key: signer.publicKey });
  // Nothing else, so that no program of this machine is hidden by what is installed.
  for (const name of ["cat", "cp", "mkdir", "rm", "sha256sum", "sh", "tar", "timeout"]) linkTo(tools, name);
  const PATH = [tools, join(home, ".local/bin")].join(delimiter);
  const env = {
    HOME: home,
    PATH,
    NO_COLOR: "1",
    LANG: "C.UTF-8",
    TOKEN: "secret",
    PKG_PASSPHRASE: "open",
    ...COMPILE_CACHE,
  };
  process.chdir(home);
  const run = (line: string) => (isPlain(line) ? runHere(line, { home, env }) : shell(line, { home, env }));
  for (const line of PREPARATION.replaceAll("ghcr.io", host).trim().split("\n")) {
    const { status, output } = await run(line);
    if (status !== 0) throw new Error(`${line}: ${output}`);
  }
  cpSync(home, kept, { recursive: true, verbatimSymlinks: true });
  cpSync(join(home, "index"), join(root, "index"), { recursive: true });
  return {
    host,
    guardedHost: new URL(guarded.url).host,
    key: readFileSync(join(home, "default.pub"), "utf8").trim().split("\n").at(-1) ?? "",
    indexUrl,
    directories: [home, root],
    restore: () => {
      for (const name of readdirSync(home)) rmSync(join(home, name), { recursive: true });
      cpSync(kept, home, { recursive: true, verbatimSymlinks: true });
    },
    run,
  };
}

/** An image of two programs. */
async function pushImage(test: Cleanup, reference: string): Promise<void> {
  const directory = tempDirectory(test);
  const files = { uv: staticProgram("uv\n"), uvx: staticProgram("uvx\n") };
  writeImages(directory, { latest: { layers: [{ files }], config: { Entrypoint: ["/uv"] } } });
  const { code, stderr } = await runPkg(["oci", "copy", `oci:${directory}:latest`, reference], { home: directory });
  if (code !== 0) throw new Error(stderr);
}

/** True for a line that needs no shell. */
function isPlain(line: string): boolean {
  return /^pkg [^|<>$&;"]*$/.test(line);
}

interface Place {
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A server is stopped once it says where it is. */
async function runHere(line: string, { home, env }: Place): Promise<LineResult> {
  const words = line.split(" ").map((word) => word.replace(/^~/, home).replaceAll("'", ""));
  const stop = new AbortController();
  const onOutput = (text: string) => {
    if (words[1] === "registry" && text.includes("http://")) stop.abort();
  };
  const { code, stdout, stderr } = await runPkg(words.slice(1), {
    ...{ home, env: { ...env, PKG_HOME: "" }, signal: stop.signal },
    onOutput,
  });
  return { status: code, output: `${stdout}${stderr}`, stdout };
}

function linkTo(directory: string, program: string): void {
  const found = ["/usr/bin", "/bin"].map((place) => join(place, program)).find((path) => existsSync(path));
  if (found !== undefined) symlinkSync(found, join(directory, program));
}

function packagesOf(registry: string, signer: ReturnType<typeof createSigner>) {
  const build = (name: string, version: string, more: Partial<Parameters<typeof buildPackage>[0]> = {}) =>
    buildPackage({ name, version, registry, signer, ...more });
  const trurl = { family: "curl", entry: { description: "A URL parser" } };
  const bundle = { namespace: "pkgforge/pkgcache", entry: { pkg_id: "ppkg.bundle.git.stable" } };
  return {
    bincache: [
      build("trurl", "8.14.1", trurl),
      build("trurl", "8.13.0", trurl),
      build("trurl", "8.13", trurl),
      build("git", "2.50.0", { entry: { pkg_id: "git-scm.git" } }),
    ],
    pkgcache: [build("git", "2.49.0", bundle)],
    tools: [build("tool", "1.0.0")],
  } satisfies Record<string, readonly BuiltPackage[]>;
}

/** What a person has at hand: a config, and files to publish. */
function writeFiles(home: string, { indexes, key }: { readonly indexes: string; readonly key: string }): void {
  const repository = (name: string) =>
    `[repositories.${name}]\nurl = "${indexes}/${name}.json"\nkeys = ["${key}"]\nsigned_index = false\n`;
  const files: Readonly<Record<string, string | Buffer>> = {
    ".config/pkg/config.toml": `${["homebrew", "soarpkgs"].map((name) => `[repositories.${name}]\nenabled = false\n`).join("")}${["bincache", "pkgcache", "tools"].map(repository).join("")}`,
    "packages.toml": '[packages]\ntrurl = "8.13.0" # the version that we use\n',
    Brewfile: 'brew "trurl"\n',
    "dist/trurl": staticProgram("trurl"),
    "dist/x64/trurl": staticProgram("trurl"),
    "dist/arm64/trurl": armProgram(),
    hello: staticProgram("hello"),
    "notes.md": "notes",
    "docs/a.md": "a",
    "sbom.spdx": "SPDXVersion: SPDX-2.3",
    "sbom.json": '{"spdxVersion":"SPDX-2.3"}',
    "file.bin": "file",
    "layer.txt": "layer",
    FILE: "open\n",
  };
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), content);
  }
  for (const path of ["dist/trurl", "dist/x64/trurl", "dist/arm64/trurl", "hello"]) chmodSync(join(home, path), 0o755);
}

/** The same file for another machine: `e_machine` is EM_AARCH64. */
function armProgram(): Buffer {
  const program = Buffer.from(staticProgram("trurl"));
  program.writeUInt16LE(183, 18);
  return program;
}

const PREPARATION = `pkg sync
pkg key generate --no-passphrase
pkg key generate release --no-passphrase
pkg key export release --secret -o release.key
mkdir -p .minisign && cp release.key .minisign/minisign.key
pkg publish ghcr.io/me/tools/trurl --version 8.14.1 --file dist/x64/trurl@linux/amd64 --file dist/arm64/trurl@linux/arm64
pkg publish ghcr.io/tools/trurl --version 8.14.1 --file dist/trurl@linux/amd64
pkg index publish ghcr.io/me/index --from ghcr.io/me/tools/trurl
pkg index build --previous ghcr.io/me/index --output index
pkg index sign index
pkg init ghcr.io/me/tools/new --version 1.0.0 --file dist/trurl@linux/amd64 --license MIT --yes
pkg oci copy ghcr.io/me/tools/trurl:8.14.1 oci:layout
pkg oci copy ghcr.io/me/tools/trurl:8.14.1 oci-archive:tools.tar:8.14.1
pkg oci push ghcr.io/owner/name:1.0,1.1,1.2.3,tag notes.md docs
pkg oci push ghcr.io/owner/name:v1-amd64,v1-riscv64 notes.md --platform linux/amd64
pkg oci push ghcr.io/owner/name:v1-arm64 docs/a.md --platform linux/arm64
pkg oci index create ghcr.io/owner/name:v1 v1-amd64 v1-riscv64=linux/riscv64
pkg oci push ghcr.io/pkgforge/bincache/7z/official/7z:24.09-x86_64-linux layer.txt
pkg oci push ghcr.io/a/b:old layer.txt
pkg oci push ghcr.io/a/b:older notes.md
pkg oci blob push ghcr.io/a/b file.bin
pkg oci blob push ghcr.io/owner/name file.bin
pkg oci copy ghcr.io/owner/name:1.0 oci:images
pkg oci copy ghcr.io/owner/name:1.0 oci:layout:1.0
tar c docs | pkg oci push oci:layout:v1 - --name all.tar
pkg oci copy ghcr.io/owner/name:1.0 oci-archive:name.tar:1.0
pkg oci manifest fetch ghcr.io/owner/name:tag > manifest.json
mkdir registry
pkg key export > default.pub
`;

async function shell(lines: string, { home, env }: Place): Promise<LineResult> {
  const child = spawn("sh", ["-c", lines], { cwd: home, env, stdio: ["ignore", "pipe", "pipe"] });
  const [stdout, stderr] = [collected(child.stdout), collected(child.stderr)];
  const [status]: unknown[] = await once(child, "close");
  return { status: typeof status === "number" ? status : -1, output: `${stdout()}${stderr()}`, stdout: stdout() };
}

function collected(stream: Readable): () => string {
  let text = "";
  stream.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  return () => text;
}
