import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import type { Chunk } from "./chunks.ts";

/** The program as its executable holds it. */
export interface ProgramScripts {
  readonly entry: string;
  readonly scriptOf: Readonly<Record<string, string>>;
  /** The scripts that have a code cache. */
  readonly cached: readonly string[];
  /** Files of the scripts and their caches. */
  readonly assets: Readonly<Record<string, string>>;
}

/** One script, without a code cache. */
export function plainScript(chunks: readonly Chunk[], directory: string): ProgramScripts {
  mkdirSync(directory, { recursive: true });
  return { ...writeScripts(chunks, () => "program.js", directory), cached: [] };
}

/** Puts each chunk into the script that `nameOf` gives, in `directory`. */
export function writeScripts(
  chunks: readonly Chunk[],
  nameOf: (chunk: Chunk) => string,
  directory: string,
): Omit<ProgramScripts, "cached"> {
  const scripts = Map.groupBy(chunks, nameOf);
  for (const [name, own] of scripts) writeFileSync(join(directory, name), scriptSource(own));
  return {
    entry: chunks[0]?.name ?? "",
    scriptOf: Object.fromEntries(chunks.map((chunk) => [chunk.name, nameOf(chunk)])),
    assets: Object.fromEntries([...scripts.keys()].map((name) => [name, join(directory, name)])),
  };
}

/** An expression: the functions of the chunks by their names. */
function scriptSource(chunks: readonly Chunk[]): string {
  const methods = chunks.map(
    ({ name, code }) => `${JSON.stringify(name)}(require,module,exports,{later,exportAll,__toESM}){${code}}`,
  );
  return `({${methods.join(",\n")}})`;
}

/** Bundles one of the scripts that start the program. `constants` are put in the place of what it declares. */
export function bundleBoot(name: string, outfile: string, constants: Readonly<Record<string, unknown>> = {}): void {
  buildSync({
    entryPoints: [join(import.meta.dirname, name)],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: `node${process.versions.node}`,
    minify: true,
    logLevel: "warning",
    define: Object.fromEntries(Object.entries(constants).map(([key, value]) => [key, JSON.stringify(value)])),
  });
}
