import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import type { Chunk } from "./chunks.ts";

/** The program as its executable holds it. */
export interface ProgramScripts {
  readonly entry: string;
  /** The script that the entry is in. */
  readonly first: string;
  /** The scripts' code caches. */
  readonly cached: readonly string[];
  /** Files of the scripts and their caches, and PLACES. */
  readonly assets: Readonly<Record<string, string>>;
}

/** The asset that says where each chunk is, as JSON: its script, and from which byte to which. */
const PLACES = "chunks.json";

/** One script, without a code cache. */
export function plainScript(chunks: readonly Chunk[], directory: string): ProgramScripts {
  mkdirSync(directory, { recursive: true });
  return writeScripts(chunks, () => "program.js", directory);
}

/** Puts each chunk into the script that `nameOf` gives, in `directory`. */
export function writeScripts(
  chunks: readonly Chunk[],
  nameOf: (chunk: Chunk) => string,
  directory: string,
): ProgramScripts {
  const places: Record<string, readonly [script: string, from: number, to: number]> = {};
  const scripts = Map.groupBy(chunks, nameOf);
  for (const [script, own] of scripts) {
    let source = "({";
    for (const { name, code } of own) {
      const method = `${JSON.stringify(name)}(require,module,exports,{later,exportAll,__toESM}){${code}}`;
      places[name] = [script, source.length, source.length + method.length];
      source += `${method},\n`;
    }
    writeFileSync(join(directory, script), `${source}})`);
  }
  writeFileSync(join(directory, PLACES), JSON.stringify(places));
  const entry = chunks[0]?.name ?? "";
  const files = [...scripts.keys(), PLACES].map((name) => [name, join(directory, name)] as const);
  return { entry, first: places[entry]?.[0] ?? "", cached: [], assets: Object.fromEntries(files) };
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
