/**
 * Builds the program: `node scripts/build.ts [--entry FILE] [--output FILE] [--arch x64|arm64]`.
 *
 * A few scripts, where a dynamic import still evaluates nothing before it is reached, then one executable: Node itself,
 * the scripts with V8's code caches, and the native addons as assets. For another processor than this machine's, Node and
 * the addons come from npm; there is no code cache then, as only that processor can make it, and nobody here can try the result.
 */
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { deafenNode } from "./deaf-node.ts";
import { withoutZeros } from "./drop-zeros.ts";
import { type ForeignParts, foreignParts } from "./foreign-parts.ts";
import { readPinnedNode } from "./pinned-node.ts";
import { bundleWorker, programChunks } from "./program/chunks.ts";
import { type NativeAddon, nativeAddons } from "./program/native-addons.ts";
import { bundleBoot, type ProgramScripts, plainScript } from "./program/scripts.ts";
import { trainedScripts } from "./program/trained-scripts.ts";
import { trimIcu } from "./trim-icu.ts";

const ROOT = dirname(import.meta.dirname);
// The chunks of a large blob are garbage at once; a small nursery is collected every few megabytes, where the usual one
// lets them pile up to tens of megabytes. Few options can be here: with most, V8 refuses the code cache of Node's own modules.
const V8_OPTIONS = ["--max-semi-space-size=1"];

interface Paths {
  readonly entry: string;
  readonly output: string;
  /** Working files; beside the output, so that the result is renamed into place. */
  readonly work: string;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const option = { type: "string" } as const;
  const { values } = parseArgs({ options: { entry: option, output: option, arch: option } });
  const output = resolve(values.output ?? join(ROOT, "dist", "pkg"));
  mkdirSync(dirname(output), { recursive: true });
  const work = mkdtempSync(join(dirname(output), ".build-"));
  try {
    const arch = values.arch ?? process.arch;
    const foreign = arch === process.arch ? null : foreignParts(arch, work);
    await buildExecutable({ entry: resolve(values.entry ?? join(ROOT, "src", "main.ts")), output, work }, foreign);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  console.log(`Built ${output} (${(statSync(output).size / 1e6).toFixed(0)} MB)`);
}

async function buildExecutable(paths: Paths, foreign: ForeignParts | null): Promise<void> {
  const addons = nativeAddons(foreign?.addons);
  const node = prepareNode(paths.work, foreign);
  const chunks = await programChunks(paths.entry, addons);
  const directory = join(paths.work, "scripts");
  const scripts =
    foreign === null
      ? await trainedScripts({ chunks, addons, node: [node, ...V8_OPTIONS], directory })
      : plainScript(chunks, directory);
  const workers = await Promise.all(
    workerFiles().map(async (entry) => {
      const name = `${basename(entry, ".ts")}.cjs`;
      return [name, await bundleWorker(entry, { outfile: join(paths.work, name), addons })] as const;
    }),
  );
  const executable = join(paths.work, "pkg");
  embed({ scripts, workers, executable, node, work: paths.work }, addons);
  if (foreign === null && !runs(executable, ["--version"]))
    throw new Error("Cannot build: the executable does not run");
  // Written in one go, it is in the page cache in large pieces, of which each start then maps twice what it needs.
  const copy = join(paths.work, "pkg-copy");
  copyFileSync(foreign === null ? smaller(executable) : executable, copy);
  renameSync(copy, paths.output);
}

/** The same program with less of nothing in it, where such a one is found to run. */
function smaller(executable: string): string {
  const bytes = withoutZeros(readFileSync(executable));
  if (bytes === null) return executable;
  const small = `${executable}-small`;
  writeFileSync(small, bytes, { mode: 0o755 });
  return runs(small, ["--version"]) ? small : executable;
}

/** The code of the program's threads, which thread.ts looks for by the names of these files. */
function workerFiles(): readonly string[] {
  return globSync("src/**/*-worker.ts", { cwd: ROOT }).map((file) => join(ROOT, file));
}

interface Embedding {
  readonly scripts: ProgramScripts;
  /** The files of the threads, and what their assets are called. */
  readonly workers: readonly (readonly [string, string])[];
  readonly node: string;
  readonly executable: string;
  readonly work: string;
}

function embed({ scripts, workers, node, executable, work }: Embedding, addons: readonly NativeAddon[]): void {
  const config = join(work, "sea.json");
  const { assets, ...program } = scripts;
  const main = join(work, "boot.cjs");
  bundleBoot("boot-built.ts", main, { PROGRAM: program });
  const settings = {
    main,
    mainFormat: "commonjs",
    executable: node,
    output: executable,
    disableExperimentalSEAWarning: true,
    execArgv: V8_OPTIONS,
    // NODE_OPTIONS is meant for programs that people run with Node; deafenNode() turns off the other variables.
    execArgvExtension: "none",
    assets: Object.fromEntries([
      ...workers,
      ...Object.entries(assets),
      ...addons.map(({ asset, path }) => [asset.name, path] as const),
    ]),
  };
  writeFileSync(config, JSON.stringify(settings));
  const { status, stderr } = spawnSync(process.execPath, ["--build-sea", config], { encoding: "utf8" });
  if (status !== 0) throw new Error(`Cannot build: "node --build-sea" failed: ${stderr.trim()}`);
}

/** The Node that is embedded: the recorded one, deaf to the environment, without other languages, and without its symbols, a quarter smaller. */
function prepareNode(work: string, foreign: ForeignParts | null): string {
  const node = readPinnedNode(foreign?.node ?? process.execPath, foreign?.platform ?? process);
  deafenNode(node);
  trimIcu(node);
  const [whole, stripped] = [join(work, "node"), join(work, "node-stripped")];
  for (const path of [whole, stripped]) writeFileSync(path, node, { mode: 0o755 });
  // There may be no `strip`, or one that does not know this format.
  const isStripped = ["strip", "llvm-strip"].some(
    (tool) => spawnSync(tool, [stripped], { stdio: "ignore" }).status === 0,
  );
  return isStripped && (foreign !== null || runs(stripped, ["-e", "0"])) ? stripped : whole;
}

function runs(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: "ignore" }).status === 0;
}
