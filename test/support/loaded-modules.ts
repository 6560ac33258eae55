import assert from "node:assert/strict";
import { runPkgProcess } from "./pkg-process.ts";

/** Tells on stderr each module that is loaded, once, and which module imported it. */
const TELL = `import { registerHooks } from "node:module";
const told = new Set();
registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    if (!told.has(found.url)) process.stderr.write("loaded " + found.url + " by " + context.parentURL + "\\n");
    told.add(found.url);
    return found;
  },
});`;

/** The modules that a run of the program loads, as paths from its root; of a package in node_modules, its directory. */
export interface LoadedModules {
  readonly paths: readonly string[];
  /** How the program comes to load it: `src/main.ts → src/cli/run.ts → …`. */
  chainOf(path: string): string;
}

/** Runs the program from its sources, which must succeed, and tells what it loads. */
export async function loadedModules(home: string, args: readonly string[]): Promise<LoadedModules> {
  const hook = `data:text/javascript,${encodeURIComponent(TELL)}`;
  const { code, stderr } = await runPkgProcess(args, { home, env: { NODE_OPTIONS: `--import=${hook}` } });
  assert.equal(code, 0, stderr);
  const importers = new Map<string, string>();
  for (const [, url = "", parent = ""] of stderr.matchAll(/^loaded file:(\S+) by (?:file:)?(\S+)$/gm)) {
    const [path, importer] = [pathIn(url), pathIn(parent)];
    if (path !== importer && !importers.has(path)) importers.set(path, importer);
  }
  return { paths: [...importers.keys()], chainOf: (path) => chain(importers, path).join(" → ") };
}

function pathIn(url: string): string {
  // Of a package for one platform, the one that chooses it.
  const library = /.*\/(node_modules\/(?:@[^/]+\/)?[^/]+?)(?:-(?:linux|darwin)-[^/]+)?\//.exec(url)?.[1];
  return library ?? /\bsrc\/.*/.exec(url)?.[0] ?? url.split("/").at(-1) ?? url;
}

function chain(importers: ReadonlyMap<string, string>, path: string): readonly string[] {
  const importer = importers.get(path);
  // Nothing imported the entry.
  return importer === undefined || importer === "undefined" ? [path] : [...chain(importers, importer), path];
}
