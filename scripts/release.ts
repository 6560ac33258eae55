/**
 * Releases pkg with pkg: `node scripts/release.ts REGISTRY/NAME [--arch x64]… [--key NAME|FILE] [--output DIR] [--dry-run]`.
 *
 * Builds the program for each processor, writes its SBOM, and publishes it with the sources themselves: as a package for `pkg`, and
 * with a gzip of each program for install.sh, which has no zstd. Without a key nothing is published.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import manifest from "../package.json" with { type: "json" };
import { programSbom } from "./program-sbom.ts";

const ROOT = join(import.meta.dirname, "..");
/** What the program as it is shipped may have, compressed. */
const MAX_SHIPPED_BYTES = 40_000_000;
/** Processors as Node names them, and as OCI does. */
const MACHINES: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

try {
  release();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

function release(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      arch: { type: "string", multiple: true, default: Object.keys(MACHINES) },
      key: { type: "string" },
      output: { type: "string" },
      "dry-run": { type: "boolean", default: false },
    },
  });
  const [reference] = positionals;
  if (reference === undefined || positionals.length > 1) throw new Error("Expected one REGISTRY/NAME to publish to");
  for (const arch of values.arch)
    if (!Object.hasOwn(MACHINES, arch)) throw new Error(`Expected x64 or arm64, found "${arch}"`);
  const directory = values.output === undefined ? mkdtempSync(join(tmpdir(), "pkg-release-")) : resolve(values.output);
  try {
    mkdirSync(directory, { recursive: true });
    const words = values.arch.flatMap((arch) => buildFor(arch, directory));
    const documents = ["LICENSE", join(directory, "pkg.1")].flatMap((path) => ["--document", path]);
    node([
      "src/main.ts",
      "publish",
      reference,
      "--version",
      manifest.version,
      "--name",
      "pkg",
      "--license",
      manifest.license,
      "--description",
      manifest.description,
      ...words,
      ...documents,
      ...(values.key === undefined ? [] : ["--key", values.key]),
      ...(values["dry-run"] ? ["--dry-run"] : []),
    ]);
  } finally {
    if (values.output === undefined) rmSync(directory, { recursive: true, force: true });
  }
}

/** Builds for one processor, and gives what `pkg publish` is told of it. */
function buildFor(arch: string, directory: string): readonly string[] {
  const machine = MACHINES[arch];
  const tree = join(directory, arch);
  const program = join(tree, "bin/pkg");
  rmSync(tree, { recursive: true, force: true });
  mkdirSync(join(tree, "bin"), { recursive: true });
  node(["scripts/build.ts", "--arch", arch, "--output", program]);
  node(["scripts/man.ts", join(directory, "pkg.1")]);
  mkdirSync(join(tree, "share/man/man1"), { recursive: true });
  cpSync(join(directory, "pkg.1"), join(tree, "share/man/man1/pkg.1"));
  const small = join(directory, `pkg-linux-${machine}.gz`);
  writeFileSync(small, gzipSync(readFileSync(program), { level: 9 }));
  const { size } = statSync(small);
  console.error(`${small}: ${(size / 1e6).toFixed(1)} MB`);
  if (size > MAX_SHIPPED_BYTES)
    throw new Error(`Cannot release: the program for ${arch} has ${size} bytes, at most ${MAX_SHIPPED_BYTES} allowed`);
  const sbom = join(directory, `sbom-${arch}.json`);
  writeFileSync(sbom, `${JSON.stringify(programSbom(arch), null, 1)}\n`);
  const platform = `linux/${machine}`;
  return ["--file", `${tree}@${platform}`, "--sbom", `${sbom}@${platform}`, "--document", small];
}

function node(words: readonly string[]): void {
  const { status, error } = spawnSync(process.execPath, words, { cwd: ROOT, stdio: "inherit" });
  if (status !== 0)
    throw new Error(
      `Cannot release: "${words.slice(0, 2).join(" ")}" failed${error === undefined ? "" : `: ${error.message}`}`,
    );
}
