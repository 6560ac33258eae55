import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { NodePlatform } from "./pinned-node.ts";
import type { AddonFiles } from "./program/native-addons.ts";

const ROOT = join(import.meta.dirname, "..");

/** What the program for another processor is made of. */
export interface ForeignParts {
  readonly platform: NodePlatform;
  /** The Node that it runs on; its own digest is checked when it is read. */
  readonly node: string;
  readonly addons: AddonFiles;
}

/**
 * Fetches Node and the addons for another processor with npm, as package-lock.json has them: each package has to have the digest
 * that is written there.
 *
 * @throws {Error} for a processor that there is no release for, or when a package cannot be had
 */
export function foreignParts(arch: string, directory: string): ForeignParts {
  if (!["x64", "arm64"].includes(arch) || process.platform !== "linux") {
    throw new Error(`Cannot build for ${process.platform}-${arch}: expected x64 or arm64, on Linux`);
  }
  const fetched = (name: string, file: string) => join(fetchPackage(name, directory), file);
  return {
    platform: { platform: process.platform, arch },
    node: fetched(`node-linux-${arch}`, "bin/node"),
    addons: {
      "better-sqlite3": join(ROOT, "node_modules/better-sqlite3/prebuilds", `linux-${arch}.node`),
      "blake-hash": fetched(`@napi-rs/blake-hash-linux-${arch}-gnu`, `blake.linux-${arch}-gnu.node`),
      lzma: fetched(`@napi-rs/lzma-linux-${arch}-gnu`, `lzma.linux-${arch}-gnu.node`),
    },
  };
}

/** Unpacks a package of the lock file into a directory of its own, and gives that. */
function fetchPackage(name: string, directory: string): string {
  const { version, integrity } = lockedPackage(name);
  const target = join(directory, name.replaceAll("/", "-"));
  mkdirSync(target, { recursive: true });
  const words = ["pack", `${name}@${version}`, "--silent", "--pack-destination", target];
  const packed = spawnSync("npm", words, { encoding: "utf8", cwd: ROOT });
  if (packed.status !== 0) throw new Error(`Cannot fetch ${name} ${version}: npm pack failed: ${packed.stderr.trim()}`);
  const archive = join(target, packed.stdout.trim());
  const found = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
  if (found !== integrity)
    throw new Error(`Cannot use ${name} ${version}: its digest is ${found}, expected ${integrity}`);
  const { status, stderr } = spawnSync("tar", ["-xzf", archive, "-C", target], { encoding: "utf8" });
  if (status !== 0) throw new Error(`Cannot unpack ${name} ${version}: ${stderr.trim()}`);
  return join(target, "package");
}

function lockedPackage(name: string): { readonly version: string; readonly integrity: string } {
  const lock: {
    readonly packages: Readonly<Record<string, { readonly version?: string; readonly integrity?: string }>>;
  } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8"));
  const { version, integrity } = lock.packages[`node_modules/${name}`] ?? {};
  if (version !== undefined && integrity !== undefined) return { version, integrity };
  throw new Error(`Cannot fetch ${name}: package-lock.json has no digest for it`);
}
