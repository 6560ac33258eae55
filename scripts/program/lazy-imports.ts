import { createRequire, isBuiltin } from "node:module";
import type { Plugin } from "esbuild";

const require = createRequire(import.meta.url);

/** Modules of Node that are loaded before the program is. */
const LOADED_ANYWAY: ReadonlySet<string> = new Set(
  ["buffer", "events", "fs", "module", "path", "process", "sea", "url", "util"].flatMap((name) => [
    name,
    `node:${name}`,
  ]),
);
/** Packages that few commands need. */
const PACKAGES: ReadonlySet<string> = new Set(["semver", "smol-toml"]);
const NAMESPACE = "lazy-import";

/**
 * Makes the bundle load what it imports of Node, and some packages, when one of their exports is first used: an `import`
 * loads it at once, and cryptography, streams or sockets take as long to load as a short command takes to run. A class
 * that extends an export still needs it where the class is defined.
 */
export function lazyImports(): Plugin {
  return {
    name: "lazy-imports",
    setup(build) {
      build.onResolve({ filter: /^[a-z]/ }, ({ path, kind }) =>
        kind === "import-statement" && isLazy(path) ? { path, namespace: NAMESPACE } : undefined,
      );
      build.onLoad({ filter: /./, namespace: NAMESPACE }, ({ path }) => ({
        contents: lazySource(path),
        resolveDir: import.meta.dirname,
      }));
    },
  };
}

function isLazy(specifier: string): boolean {
  return isBuiltin(specifier) ? !LOADED_ANYWAY.has(specifier) : PACKAGES.has(specifier);
}

/** CommonJS with the exports of a module as getters; a default import is then all of them. */
function lazySource(specifier: string): string {
  const names = Object.keys(require(specifier)).filter((name) => name !== "default" && name !== "__esModule");
  return `let loaded;
for (const name of ${JSON.stringify(names)})
  Object.defineProperty(exports, name, {
    enumerable: true,
    get: () => (loaded ??= require(${JSON.stringify(specifier)}))[name],
  });
`;
}
