import { basename, parse } from "node:path";
import { build, type OutputFile, transform } from "esbuild";
import { assertKnownEnvironment, ENVIRONMENT_DEFINES } from "./bundle-environment.ts";
import { entryFunction } from "./entry-function.ts";
import { type LazyEntry, lazyImports } from "./lazy-imports.ts";
import { type NativeAddon, replaceAddons } from "./native-addons.ts";
import { fillOptionTable } from "./option-table.ts";

/** Modules that are always loaded together, as the body of a CommonJS module in ASCII. */
export interface Chunk {
  /** As other chunks require it: "./MAIN.js". */
  readonly name: string;
  readonly code: string;
}

/** What both steps have in common. */
const SHARED = {
  platform: "node",
  target: `node${process.versions.node}`,
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  logLevel: "warning",
} as const;

/**
 * The program in chunks, the entry's first: what is imported dynamically, and what several of those share, becomes a
 * chunk of its own, so that a command evaluates no more than its own modules. Only the entry may await at its top level.
 */
export async function programChunks(entry: string, addons: readonly NativeAddon[]): Promise<readonly Chunk[]> {
  const outputFiles = await bundledWith(entry, addons, []);
  const chunks = await Promise.all(
    outputFiles.map(async ({ path, text }) => ({ name: `./${basename(path)}`, code: await asCommonJs(text) })),
  );
  for (const { code } of chunks) assertKnownEnvironment(code);
  const own = `./${parse(entry).name}.js`;
  return chunks.toSorted((a, b) => Number(b.name === own) - Number(a.name === own));
}

/** The modules in chunks: the entry's, and those of what is imported lazily, each of which may import more so. */
async function bundledWith(
  entry: string,
  addons: readonly NativeAddon[],
  lazy: readonly LazyEntry[],
): Promise<readonly OutputFile[]> {
  const found = new Map<string, LazyEntry>();
  const { outputFiles } = await build({
    ...SHARED,
    entryPoints: [{ in: entry, out: parse(entry).name }, ...lazy],
    outdir: "/",
    write: false,
    bundle: true,
    splitting: true,
    chunkNames: "[hash]",
    format: "esm",
    // Only what never happens in the built program asks where a module's file is.
    define: { "import.meta.url": '"file:///"', ...ENVIRONMENT_DEFINES },
    plugins: [
      entryFunction(entry),
      fillOptionTable(),
      replaceAddons(addons),
      lazyImports((one) => found.set(one.out, one)),
    ],
  });
  return found.size > lazy.length ? bundledWith(entry, addons, [...found.values()]) : outputFiles;
}

/** Code with a cache cannot import(); those left after bundling name chunks and Node's own modules. */
async function asCommonJs(module: string): Promise<string> {
  const supported = { "dynamic-import": false };
  const { code } = await transform(withoutShebang(module), { ...SHARED, format: "cjs", supported });
  return inAscii(code);
}

function withoutShebang(module: string): string {
  return module.replace(/^#!.*\n/, "");
}

/**
 * esbuild escapes what is not ASCII in strings, but not in regular expressions and tagged templates. A single such
 * character would make V8 hold the whole script in two bytes for each character.
 */
function inAscii(code: string): string {
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

interface WorkerBundle {
  readonly outfile: string;
  readonly addons: readonly NativeAddon[];
}

/** A thread's code, in one script. Gives `outfile`. */
export async function bundleWorker(entry: string, { outfile, addons }: WorkerBundle): Promise<string> {
  await build({
    ...SHARED,
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: "cjs",
    define: { "import.meta.url": '"file:///"', ...ENVIRONMENT_DEFINES },
    plugins: [replaceAddons(addons)],
  });
  return outfile;
}
