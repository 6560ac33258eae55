import { readFileSync } from "node:fs";
import type { Plugin } from "esbuild";

/** The import declarations at the top of a module, blank lines and comments between them included. */
const IMPORTS = /^(?:#![^\n]*\n)?(?:\s*(?:import\b[^;]*;|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/))*/;

/** Lets the entry module, and it alone, use top-level await in a CommonJS bundle: its body becomes a function. */
export function entryFunction(entry: string): Plugin {
  return {
    name: "entry-function",
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        if (path !== entry) return undefined;
        const source = readFileSync(path, "utf8");
        const [imports = ""] = IMPORTS.exec(source) ?? [];
        return { loader: "ts", contents: `${imports}\n(async () => {${source.slice(imports.length)}})();\n` };
      });
    },
  };
}
