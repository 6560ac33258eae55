import { readFileSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { basename, dirname, join, parse } from "node:path";
import type { Plugin } from "esbuild";

const ROOT = dirname(dirname(import.meta.dirname));
const require = createRequire(import.meta.url);

/** Modules of Node that are loaded before the program is. */
const LOADED_ANYWAY: ReadonlySet<string> = new Set(
  ["buffer", "events", "fs", "module", "path", "process", "sea", "url", "util"].flatMap((name) => [
    name,
    `node:${name}`,
  ]),
);
/** Packages that few commands need, though what all of them need imports these. */
const PACKAGES: ReadonlySet<string> = new Set(["semver", "smol-toml"]);
/**
 * Modules of our own of which that is true: what changes a profile is beside what reads it, and what obtains packages
 * and indexes beside what finds that there is nothing to obtain.
 */
const OWN: ReadonlySet<string> = new Set(
  [
    "blobs/blob-store.ts",
    "obtain/check-linking.ts",
    "obtain/obtain-package.ts",
    "obtain/obtain-plan.ts",
    "pour/keg-links.ts",
    "profile/apply-changes.ts",
    "profile/damage.ts",
    "profile/edited.ts",
    "profile/in-place.ts",
    "profile/link-plan.ts",
    "profile/old-versions.ts",
    "profile/purge.ts",
    "profile/recover.ts",
    "profile/restore.ts",
    "profile/stored-installation.ts",
    "profile/unrecorded.ts",
    "profile/verify.ts",
    "repositories/take-index.ts",
    "resolve/image-facts.ts",
    "resolve/read-reference.ts",
    "sources/warm-sources.ts",
    "state/lock.ts",
    "state/migration-steps.ts",
    "state/readable-copies.ts",
  ].map((path) => join(ROOT, "src", path)),
);
const NAMESPACE = "lazy-import";

/** A module with a chunk of its own, for esbuild's `entryPoints`. */
export interface LazyEntry {
  readonly in: string;
  /** The name of the chunk, without ".js". */
  readonly out: string;
}

/**
 * Makes the program load some of what it imports when an export of that is first used: modules of Node and packages, of which an
 * `import` loads all at once, though cryptography, streams or sockets take as long to load as a short command takes
 * to run; and modules of our own that are seldom used. A class that extends such an export needs it where the class is defined.
 *
 * @param onEntry called with each module that has to be an entry point besides, so that there is a chunk to load
 */
export function lazyImports(onEntry: (entry: LazyEntry) => void): Plugin {
  return {
    name: "lazy-imports",
    setup(build) {
      build.onResolve({ filter: /./ }, ({ path, kind, importer, resolveDir }) => {
        if (kind !== "import-statement" || importer.includes("node_modules")) return undefined;
        const found = path.startsWith(".") ? join(resolveDir, path) : path;
        if (!isLazy(found)) return undefined;
        // By their paths: names of packages would be looked for where the build is run.
        if (!isBuiltin(found)) onEntry({ in: require.resolve(found), out: chunkOf(found) });
        const names = importedNames(readFileSync(importer, "utf8"), path);
        return { path: `${found} ${names.join(",")}`, namespace: NAMESPACE, pluginData: { found, names } };
      });
      build.onResolve({ filter: /^\.\/lazy-.*\.js$/ }, ({ path }) => ({ path, external: true }));
      build.onLoad({ filter: /./, namespace: NAMESPACE }, ({ pluginData: { found, names } }) => ({
        contents: lazySource(found, names),
      }));
    },
  };
}

function isLazy(path: string): boolean {
  return isBuiltin(path) ? !LOADED_ANYWAY.has(path) : PACKAGES.has(path) || OWN.has(path);
}

function chunkOf(path: string): string {
  return OWN.has(path) ? `lazy-${basename(dirname(path))}-${parse(path).name}` : `lazy-${path}`;
}

/** The names that a module imports of another one, and those that it hands on. A default import of a package has them all. */
function importedNames(source: string, specifier: string): readonly string[] {
  const clauses = source.matchAll(/^(?:import|export)\s+(?!type\b)([^;"']*?)\s*from\s+["']([^"']+)["']/gm);
  return [...clauses].flatMap(([, clause = "", from]) => (from === specifier ? namesIn(clause, specifier) : []));
}

function namesIn(clause: string, specifier: string): readonly string[] {
  const [, list] = /^\{([^}]*)\}$/.exec(clause) ?? [];
  if (list === undefined) return Object.keys(require(specifier)).filter((name) => name !== "default");
  const parts = list.split(",").map((part) => part.trim());
  return parts.filter((part) => part !== "" && !part.startsWith("type ")).map((part) => part.replace(/\s+as\s.*/, ""));
}

/** CommonJS with the exports of a module as getters; a default import is then all of them. */
function lazySource(path: string, names: readonly string[]): string {
  const source = JSON.stringify(isBuiltin(path) ? path : `./${chunkOf(path)}.js`);
  // A package that is CommonJS is the default export of its chunk.
  const load = isBuiltin(path) ? `require(${source})` : `((found) => found.default ?? found)(require(${source}))`;
  return `let loaded;
for (const name of ${JSON.stringify(names)})
  Object.defineProperty(exports, name, { enumerable: true, get: () => (loaded ??= ${load})[name] });
`;
}
