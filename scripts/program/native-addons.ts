import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Plugin } from "esbuild";
import type { AddonAsset } from "./addon-loader.ts";

/** A native addon. */
export interface NativeAddon {
  readonly asset: AddonAsset;
  readonly path: string;
  /** Which import is replaced, and the CommonJS that replaces it, given an expression that loads the addon. */
  readonly specifier: RegExp;
  readonly importer: RegExp;
  readonly replacement: (load: string) => string;
}

/** What `src/base/hashes.ts` imports from the hash library. */
const BLAKE_CLASSES = ["Blake2BHasher", "Blake2BParam", "Blake3Hasher"];

const LOADER = join(import.meta.dirname, "addon-loader.ts");
const require = createRequire(import.meta.url);

/** What `src/archive/unxz.ts` imports from the xz library. */
const XZ_NAMES = ["xz"];

/** Where the addons of another machine are, by the packages that they belong to. */
export type AddonFiles = Readonly<Record<"better-sqlite3" | "blake-hash" | "lzma", string>>;

/**
 * The addons of the native packages. Their own loaders choose the file, so musl and glibc are handled correctly.
 *
 * @param files those of another machine; absent: of this one
 */
export function nativeAddons(files?: AddonFiles): readonly NativeAddon[] {
  const describe = (name: keyof AddonFiles, load: () => unknown) =>
    describeFile(name, files?.[name] ?? loadedBy(name, load));
  return [
    {
      ...describe("better-sqlite3", () => openOnce("better-sqlite3")),
      specifier: /^\.\/binding$/,
      importer: /better-sqlite3[\\/]lib[\\/]/,
      replacement: (load) => `let addon; exports.getBinding = () => (addon ??= ${load});`,
    },
    {
      ...describe("blake-hash", () => require("@napi-rs/blake-hash")),
      specifier: /^@napi-rs\/blake-hash$/,
      importer: /./,
      // Most commands hash nothing with BLAKE: the addon is loaded when a class of it is first asked for.
      replacement: (load) => lazyClasses(BLAKE_CLASSES, load),
    },
    {
      ...describe("lzma", () => require("@napi-rs/lzma")),
      specifier: /^@napi-rs\/lzma$/,
      importer: /./,
      replacement: (load) => lazyClasses(XZ_NAMES, load),
    },
  ];
}

/** CommonJS that exports `names` of an addon, which is loaded when one of them is first asked for. */
function lazyClasses(names: readonly string[], load: string): string {
  return `let addon; for (const name of ${JSON.stringify(names)}) Object.defineProperty(exports, name, { enumerable: true, get: () => (addon ??= ${load})[name] });`;
}

/** Makes the bundle load `addons` from the executable's assets. */
export function replaceAddons(addons: readonly NativeAddon[]): Plugin {
  return {
    name: "native-addons",
    setup(build) {
      for (const addon of addons) {
        build.onResolve({ filter: addon.specifier }, ({ importer }) =>
          addon.importer.test(importer) ? { path: addon.asset.name, namespace: "native-addon" } : undefined,
        );
      }
      build.onLoad({ filter: /./, namespace: "native-addon" }, ({ path }) => {
        const addon = addons.find(({ asset }) => asset.name === path);
        if (addon === undefined) throw new Error(`There is no addon "${path}"`);
        return { contents: replacementSource(addon), resolveDir: import.meta.dirname };
      });
    },
  };
}

function replacementSource(addon: NativeAddon): string {
  const load = `loadAddon(${JSON.stringify(addon.asset)})`;
  return `const { loadAddon } = require(${JSON.stringify(LOADER)});\n${addon.replacement(load)}\n`;
}

function openOnce(packageName: string): void {
  const Database: new (path: string) => { close(): void } = require(packageName);
  new Database(":memory:").close();
}

/** `load` makes the package load its addon, which then shows among the modules that were not there before. */
function loadedBy(name: string, load: () => unknown): string {
  const before = new Set(Object.keys(require.cache));
  load();
  const path = Object.keys(require.cache).find((key) => key.endsWith(".node") && !before.has(key));
  if (path === undefined) throw new Error(`Cannot build: "${name}" loaded no addon on this platform`);
  return path;
}

function describeFile(name: string, path: string): Pick<NativeAddon, "asset" | "path"> {
  const bytes = readFileSync(path);
  return { path, asset: { name, size: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") } };
}
