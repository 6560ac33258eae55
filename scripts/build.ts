/**
 * Builds the program: `node scripts/build.ts [--entry FILE] [--output FILE] [--arch x64|arm64]`.
 *
 * One bundle, where a dynamic import still evaluates nothing before it is reached, then one executable: Node itself,
 * the bundle with V8's code cache, and the native addons as assets. For another processor than this machine's, Node and the addons come
 * from npm; there is no code cache then, as only that processor can make it, and nobody here can try the result.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { assertKnownEnvironment, ENVIRONMENT_DEFINES } from "./bundle-environment.ts";
import { deafenNode } from "./deaf-node.ts";
import { entryFunction } from "./entry-function.ts";
import { type ForeignParts, foreignParts } from "./foreign-parts.ts";
import { lazyImports } from "./lazy-imports.ts";
import { type NativeAddon, nativeAddons, replaceAddons } from "./native-addons.ts";
import { fillOptionTable } from "./option-table.ts";
import { readPinnedNode } from "./pinned-node.ts";
import { trimIcu } from "./trim-icu.ts";

const ROOT = dirname(import.meta.dirname);
const KEG_WORKER = join(ROOT, "src", "pour", "keg-worker.ts");

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
  const bundle = await bundleProgram({ entry: paths.entry, outfile: join(paths.work, "pkg.cjs") }, addons);
  const worker = await bundleProgram({ entry: KEG_WORKER, outfile: join(paths.work, "keg-worker.cjs") }, addons);
  const executable = join(paths.work, "pkg");
  const node = prepareNode(paths.work, foreign);
  embed({ bundle, worker, executable, node, work: paths.work, isForeign: foreign !== null }, addons);
  if (foreign === null && !runs(executable, ["--version"]))
    throw new Error("Cannot build: the executable does not run");
  renameSync(executable, paths.output);
}

interface Bundle {
  readonly entry: string;
  readonly outfile: string;
}

/**
 * CommonJS, because V8's code cache covers all of such a script but little of a module: a start takes 1.1 times
 * `node -e 0` rather than 1.6. So only the entry may await at its top level; esbuild reports any other.
 */
async function bundleProgram({ entry, outfile }: Bundle, addons: readonly NativeAddon[]): Promise<string> {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: `node${process.versions.node}`,
    // Code with a cache cannot import(); those left after bundling name Node's own modules.
    supported: { "dynamic-import": false },
    banner: { js: 'const programUrl = require("node:url").pathToFileURL(process.execPath).href;' },
    define: { "import.meta.url": "programUrl", ...ENVIRONMENT_DEFINES },
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "eof",
    logLevel: "warning",
    plugins: [entryFunction(entry), fillOptionTable(), replaceAddons(addons), lazyImports()],
  });
  assertKnownEnvironment(readFileSync(outfile, "utf8"));
  return outfile;
}

interface Embedding {
  readonly bundle: string;
  /** The code of the threads that unpack bottles, an asset: `pour/keg-threads.ts` starts them. */
  readonly worker: string;
  readonly node: string;
  readonly executable: string;
  readonly work: string;
  /** Whether it is for another processor. */
  readonly isForeign: boolean;
}

function embed({ bundle, worker, node, executable, work, isForeign }: Embedding, addons: readonly NativeAddon[]): void {
  const config = join(work, "sea.json");
  const settings = {
    main: bundle,
    mainFormat: "commonjs",
    executable: node,
    output: executable,
    disableExperimentalSEAWarning: true,
    useCodeCache: !isForeign,
    // The chunks of a large blob are garbage at once; a small nursery is collected every few megabytes, where the
    // usual one lets them pile up to tens of megabytes. Long transfers are quicker too.
    execArgv: ["--max-semi-space-size=1"],
    // NODE_OPTIONS is meant for programs that people run with Node; deafenNode() turns off the other variables.
    execArgvExtension: "none",
    assets: Object.fromEntries([
      ["keg-worker.cjs", worker],
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
