/**
 * Builds the library into `packages/oci`; `npm pack ./packages/oci` calls this script first. The result is JavaScript in
 * one readable bundle without its dependencies, and the declarations that it needs.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, normalize } from "node:path";
import { build, type Metafile, type Plugin } from "esbuild";

const ROOT = dirname(import.meta.dirname);
const PACKAGE = join(ROOT, "packages", "oci");
const OUTPUT = join(PACKAGE, "dist");
const NODE_TARGET = "node24";

/** The relative modules that a declaration file names, in `from "./x.ts"` and `import("./x.ts")`. */
const NAMED_MODULE = /(?<=\bfrom |\bimport\()"(\.[^"]+)\.ts"/g;

/** Digests in registries are SHA-2: a native addon for BLAKE would be installed in vain. */
const withoutBlake: Plugin = {
  name: "without-blake",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@napi-rs\/blake-hash$/ }, ({ path }) => ({ path, namespace: "left-out" }));
    onLoad({ filter: /./, namespace: "left-out" }, () => ({
      contents: "export const Blake2BHasher = null, Blake2BParam = null, Blake3Hasher = null;",
    }));
  },
};

rmSync(OUTPUT, { recursive: true, force: true });
await bundleCode();
emitDeclarations();
finishDeclarations();
copyFileSync(join(ROOT, "LICENSE"), join(PACKAGE, "LICENSE"));

async function bundleCode(): Promise<void> {
  const { metafile } = await build({
    entryPoints: [join(ROOT, "src", "library.ts")],
    outdir: OUTPUT,
    absWorkingDir: ROOT,
    bundle: true,
    // Modules that are imported dynamically stay files of their own.
    splitting: true,
    platform: "node",
    format: "esm",
    target: NODE_TARGET,
    packages: "external",
    logLevel: "warning",
    plugins: [withoutBlake],
    metafile: true,
  });
  checkDependencies(Object.values(metafile.outputs).flatMap(({ imports }) => imports));
}

/** Whoever installs the package gets what its package.json names, and nothing else of this repository. */
function checkDependencies(imports: Metafile["outputs"][string]["imports"]): void {
  const { dependencies } = JSON.parse(readFileSync(join(PACKAGE, "package.json"), "utf8"));
  const used = new Set(imports.filter(({ external }) => external).map(({ path }) => packageOf(path)));
  const missing = [...used].filter((name) => !isBuiltin(name) && !Object.hasOwn(dependencies, name));
  const unused = Object.keys(dependencies).filter((name) => !used.has(name));
  const problems = [
    ...missing.map((name) => `"${name}" is missing from them`),
    ...unused.map((name) => `"${name}" is one of them and is not used`),
  ];
  if (problems.length === 0) return;
  throw new Error(
    `Cannot build the library: its dependencies in packages/oci/package.json are wrong: ${problems.join("; ")}`,
  );
}

function packageOf(path: string): string {
  return path
    .split("/")
    .slice(0, path.startsWith("@") ? 2 : 1)
    .join("/");
}

function emitDeclarations(): void {
  const tsc = join(ROOT, "node_modules", ".bin", "tsc");
  const { status, stdout } = spawnSync(tsc, ["-p", PACKAGE], { encoding: "utf8" });
  if (status !== 0) throw new Error(`Cannot build the library: its declarations have errors:\n${stdout}`);
}

/** Keeps the declarations that the entry leads to; they name each other as the JavaScript does, without our sources. */
function finishDeclarations(): void {
  const kept = new Set<string>();
  keep("library.d.ts", kept);
  for (const file of globSync("**/*.d.ts", { cwd: OUTPUT })) if (!kept.has(file)) rmSync(join(OUTPUT, file));
}

function keep(file: string, kept: Set<string>): void {
  if (kept.has(file)) return;
  kept.add(file);
  const path = join(OUTPUT, file);
  const text = readFileSync(path, "utf8");
  writeFileSync(path, text.replaceAll(NAMED_MODULE, '"$1.js"'));
  for (const [, module = ""] of text.matchAll(NAMED_MODULE))
    keep(normalize(join(dirname(file), `${module}.d.ts`)), kept);
}
