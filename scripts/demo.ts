/**
 * The whole life of a package, with no network: a registry and a signed sample repository are made in a
 * throw-away home, then every command is run as a person would type it.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createSigner } from "../test/support/minisign-signer.ts";
import { type BuiltPackage, buildPackage, indexDocument } from "../test/support/package-builder.ts";
import { pushPackage } from "../test/support/package-publisher.ts";

const MAIN = join(import.meta.dirname, "../src/main.ts");
const home = mkdtempSync(join(tmpdir(), "pkg-demo-"));
const bin = join(home, "bin");
const env: NodeJS.ProcessEnv = {
  ...process.env,
  HOME: home,
  PKG_HOME: home,
  PATH: [bin, process.env["PATH"]].join(delimiter),
};

const signer = createSigner();

function trurl(version: string): BuiltPackage {
  const program = `case "$1" in
--version) echo "trurl ${version}" ;;
*) echo "$1" | sed 's|^[a-z]*://||; s|/.*||' ;;
esac`;
  return sample("trurl", version, {
    program,
    family: "curl",
    entry: { description: "Command line tool for URL parsing and manipulation" },
  });
}

function sample(name: string, version: string, options: Partial<Parameters<typeof buildPackage>[0]>): BuiltPackage {
  return buildPackage({ name, version, signer, namespace: "demo/tools", ...options });
}

const GREET = sample("greet", "1.0.0", {
  program: 'echo "Hello, $1"',
  entry: { description: "Says hello" },
});

/** Starts `pkg registry serve` and waits until it says where it listens. */
async function startRegistry() {
  const root = join(home, "registry");
  console.log(`$ pkg registry serve --root ${root} --port 0 &`);
  const child = spawn(process.execPath, [MAIN, "registry", "serve", "--root", root, "--port", "0"], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line]: unknown[] = await once(child.stdout.setEncoding("utf8"), "data");
  const url = /http:\/\/[\d.:]+/.exec(String(line))?.[0];
  if (url === undefined) throw new Error(`The registry did not start: ${line}`);
  console.log(String(line).trim());
  return { url, root, stop: () => child.kill("SIGINT") };
}

type Registry = Awaited<ReturnType<typeof startRegistry>>;

/** What a publisher does: push what is new, then the index that names it. */
async function publish(
  registry: Registry,
  packages: readonly BuiltPackage[],
  pushed: readonly BuiltPackage[],
): Promise<void> {
  for (const built of pushed) {
    console.log(`# the publisher pushes ${built.reference}`);
    await pushPackage(built, registry.url);
  }
  mkdirSync(join(registry.root, "index"), { recursive: true });
  writeFileSync(join(registry.root, "index", "tools.json"), indexDocument(packages));
}

/** Runs one command line and shows it; anything but the expected exit code ends the demo. */
function type(program: string, ...args: readonly string[]): void {
  console.log(`\n$ ${[program, ...args].join(" ")}`);
  const [command, prefix] = program === "pkg" ? [process.execPath, [MAIN]] : [join(bin, program), []];
  const { status } = spawnSync(command, [...prefix, ...args], { env, stdio: "inherit" });
  if (status !== 0) throw new Error(`"${program} ${args.join(" ")}" ended with ${status}`);
}

async function main(): Promise<void> {
  const registry = await startRegistry();
  try {
    const older = trurl("8.13.0");
    const newer = trurl("8.14.1");
    writeFileSync(
      join(home, "config.toml"),
      `[repositories.bincache]\nenabled = false\n[repositories.pkgcache]\nenabled = false\n\n# The sample index names ghcr.io; the demo's registry stands in for it.\n[registries."ghcr.io"]\nmirrors = ["${registry.url}"]\nmirror_only = true\n`,
    );
    await publish(registry, [older, GREET], [older, GREET]);
    type("pkg", "repo", "add", "tools", `${registry.url}/index/tools.json`, "--key", signer.publicKey);
    type("pkg", "sync");
    type("pkg", "search", "url");
    type("pkg", "install", "trurl", "--dry-run");
    type("pkg", "install", "trurl", "greet");
    type("trurl", "--version");
    type("trurl", "https://example.com/path");
    type("pkg", "info", "trurl");
    type("pkg", "files", "trurl");
    type("pkg", "owns", join(bin, "trurl"));
    console.log("");
    await publish(registry, [newer, GREET], [newer]);
    type("pkg", "update", "--check");
    type("pkg", "update");
    type("trurl", "--version");
    type("pkg", "verify");
    type("pkg", "list");
    type("pkg", "remove", "trurl");
    type("pkg", "list");
  } finally {
    registry.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

await main();
