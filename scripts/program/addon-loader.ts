/**
 * Runs inside the built program, never in the checkout: it replaces the native modules' own loaders.
 * An executable cannot load a shared library from its own inside, so each addon is unpacked once per user.
 */
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { getRawAsset } from "node:sea";

/** An addon among the executable's assets, as the build saw it. */
export interface AddonAsset {
  readonly name: string;
  /** SHA-256 of the addon, hex. */
  readonly sha256: string;
  readonly size: number;
}

/**
 * The exports of a native addon. A cache that cannot be used (read-only, mounted noexec, owned by somebody else)
 * only costs time: the addon then goes through a directory that is removed again at once.
 */
export function loadAddon(asset: AddonAsset): unknown {
  try {
    return open(cachedAddon(asset));
  } catch {
    return openOnce(asset);
  }
}

function open(path: string): unknown {
  const module = { exports: {} };
  process.dlopen(module, path);
  return module.exports;
}

/** A loaded library stays mapped when its file is gone. */
function openOnce(asset: AddonAsset): unknown {
  const failures: unknown[] = [];
  const places = [...temporaryPlaces()];
  for (const place of places) {
    try {
      return openIn(place, asset);
    } catch (error) {
      failures.push(error);
    }
  }
  throw notLoaded(asset.name, places, failures);
}

/** With the code of what the system refused, so that it has words for people (src/base/foreign-words.ts) and is no bug. */
export function notLoaded(name: string, places: readonly string[], failures: readonly unknown[]): Error {
  const codeOf = (failure: unknown) => (failure instanceof Error && "code" in failure ? failure.code : undefined);
  const told = failures.find((failure) => codeOf(failure) === "ERR_DLOPEN_FAILED") ?? failures[0];
  const { code, errno } = {
    code: codeOf(told),
    errno: told instanceof Error && "errno" in told ? told.errno : undefined,
  };
  const error = new Error(`library "${name}", tried in ${places.join(", ")}`, { cause: told });
  return Object.assign(error, { code }, errno === undefined ? {} : { errno });
}

/** One of them may be full, read-only, or mounted noexec. */
function temporaryPlaces(): ReadonlySet<string> {
  const { XDG_RUNTIME_DIR: runtime } = process.env;
  const own = runtime !== undefined && isAbsolute(runtime) ? [runtime] : [];
  return new Set([tmpdir(), ...own, "/dev/shm", "/var/tmp", ...knownHome()]);
}

/** The system has no home directory for a user whom it does not know, such as one in a container, and throws. */
function knownHome(): readonly string[] {
  try {
    return [homedir()];
  } catch {
    return [];
  }
}

function openIn(place: string, asset: AddonAsset): unknown {
  const directory = mkdtempSync(join(place, "pkg-"));
  const path = join(directory, `${asset.name}.node`);
  try {
    unpack(asset, path);
    return open(path);
  } finally {
    // Not recursively, which needs a free file descriptor: there may be none.
    rmSync(path, { force: true });
    rmdirSync(directory);
  }
}

/** The path of the unpacked addon; unpacks it first if it is missing or has changed. */
function cachedAddon(asset: AddonAsset): string {
  const directory = cacheDirectory();
  const path = join(directory, `${asset.name}-${asset.sha256}.node`);
  claimDirectory(directory);
  if (isIntact(path, asset)) return path;
  const temporary = join(directory, `.${asset.name}-${randomBytes(8).toString("hex")}`);
  try {
    unpack(asset, temporary);
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
  removeOlder(directory, asset);
  return path;
}

/** Under PKG_HOME if that is set, else in the user's cache (XDG Base Directory Specification). */
function cacheDirectory(): string {
  const { PKG_HOME: home, XDG_CACHE_HOME: cache } = process.env;
  if (home !== undefined && isAbsolute(home)) return join(home, "cache", "native");
  return join(cache !== undefined && isAbsolute(cache) ? cache : join(homedir(), ".cache"), "pkg", "native");
}

/** Code is loaded from here: the directory must be ours alone. */
function claimDirectory(directory: string): void {
  makePrivate(directory);
  const found = lstatSync(directory);
  if (!found.isDirectory() || found.uid !== process.getuid?.()) throw new Error("The addon cache is not ours");
  if ((found.mode & 0o077) !== 0) chmodSync(directory, 0o700);
}

/** Node's own `recursive` never ends where a directory can have no entries made in it, as in /proc. */
function makePrivate(directory: string): void {
  if (existsSync(directory)) return;
  makePrivate(dirname(directory));
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    // Another process may have made it since.
    if (!existsSync(directory)) throw error;
  }
}

/** The name holds the hash and the directory is private, so owner, kind, mode and size are enough to recognise a damaged file. */
function isIntact(path: string, asset: AddonAsset): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return false;
  return found.isFile() && found.uid === process.getuid?.() && found.size === asset.size && (found.mode & 0o022) === 0;
}

function unpack(asset: AddonAsset, path: string): void {
  const bytes = new Uint8Array(getRawAsset(asset.name));
  const file = openSync(path, "wx", 0o600);
  try {
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

const LEFTOVER_AGE_MS = 3_600_000;

/** Addons of older builds and what a killed process left half-written. A program that runs keeps its addon mapped. */
function removeOlder(directory: string, asset: AddonAsset): void {
  for (const name of readdirSync(directory)) {
    const isOther = name.includes(`${asset.name}-`) && !name.includes(asset.sha256);
    const path = join(directory, name);
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (isOther && found !== undefined && Date.now() - found.mtimeMs > LEFTOVER_AGE_MS) rmSync(path, { force: true });
  }
}
