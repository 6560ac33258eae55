import { basename, dirname, resolve } from "node:path";
import { build, transform } from "esbuild";
import { assertKnownEnvironment, ENVIRONMENT_DEFINES } from "./bundle-environment.ts";
import { entryFunction } from "./entry-function.ts";
import { evaluatedWhenUsed } from "./evaluated-when-used.ts";
import { type NativeAddon, replaceAddons } from "./native-addons.ts";
import { fillOptionTable } from "./option-table.ts";
import { seldomRequired } from "./seldom-required.ts";

/** Modules that are always loaded together, as the body of a CommonJS module in ASCII. */
export interface Chunk {
  /** As other chunks require it: "./MAIN.js". */
  readonly name: string;
  readonly code: string;
}

const ROOT = dirname(dirname(import.meta.dirname));

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
 * The program in chunks, the entry's first. Each module of our own is one, evaluated when something of it is used, so that a
 * command evaluates no more than it calls. Only the entry may await at its top level.
 */
export async function programChunks(entry: string, addons: readonly NativeAddon[]): Promise<readonly Chunk[]> {
  const whole = await bundled(entry, [], addons);
  const own = Object.keys(whole.metafile.inputs).filter(
    (path) => !path.includes(":") && !path.includes("node_modules/"),
  );
  const { outputFiles, metafile } = await bundled(entry, own, addons);
  const [main = ""] = Object.entries(metafile.outputs).flatMap(([path, { entryPoint }]) =>
    entryPoint !== undefined && resolve(ROOT, entryPoint) === entry ? [nameOf(path)] : [],
  );
  const codes = await Promise.all(outputFiles.map(({ path, text }) => asCommonJs(nameOf(path), text)));
  const chunks = reachable(codes, main);
  for (const { code } of chunks) assertKnownEnvironment(code);
  return chunks;
}

function nameOf(output: string): string {
  return `./${basename(output)}`;
}

/** Bundled with each of the modules as an entry point besides, which makes it a chunk. */
function bundled(entry: string, modules: readonly string[], addons: readonly NativeAddon[]) {
  const others = modules.map((path) => resolve(ROOT, path)).filter((path) => path !== entry);
  return build({
    ...SHARED,
    absWorkingDir: ROOT,
    entryPoints: [entry, ...others],
    outdir: "/",
    entryNames: "[hash]",
    chunkNames: "[hash]",
    write: false,
    bundle: true,
    splitting: true,
    metafile: true,
    format: "esm",
    // Only what never happens in the built program asks where a module's file is.
    define: { "import.meta.url": '"file:///"', ...ENVIRONMENT_DEFINES },
    plugins: [entryFunction(entry), fillOptionTable(), seldomRequired(), replaceAddons(addons)],
  });
}

/** The chunk of this name, and those that it may require, and so on; of some modules there is one that nobody needs. */
function reachable(chunks: readonly Chunk[], entry: string): readonly Chunk[] {
  const byName = new Map(chunks.map((chunk) => [chunk.name, chunk]));
  const names = new Set([entry]);
  // Grows while it is gone through.
  for (const name of names)
    for (const [, required = ""] of byName.get(name)?.code.matchAll(/"(\.\/[A-Z0-9]+\.js)"/g) ?? [])
      names.add(required);
  return [...names].flatMap((name) => byName.get(name) ?? []);
}

/** Code with a cache cannot import(); those left after bundling name chunks and Node's own modules. */
async function asCommonJs(name: string, module: string): Promise<Chunk> {
  const supported = { "dynamic-import": false };
  const { code } = await transform(withoutShebang(module), { ...SHARED, format: "cjs", supported });
  return { name, code: inAscii(evaluatedWhenUsed(code)) };
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
