import { closeSync, readdirSync, readSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { PkgError, systemCode } from "../errors.ts";
import { openForReadingSync, readLocalFileSync } from "../fs/read-file.ts";
import { formatPlatform } from "../oci/platform.ts";
import { isSafeName } from "../package/names.ts";
import { newestOf } from "../package/version.ts";
import { platformOf } from "../package-format/check-program.ts";
import { readFacts } from "../programs/program-facts.ts";

/** What a directory seems to hold; null for what cannot be guessed. */
export interface PublicationGuesses {
  readonly reference: string | null;
  readonly version: string;
  readonly license: string | null;
  /** Address of the source code. */
  readonly source: string | null;
  /** Paths relative to the directory. */
  readonly documents: readonly string[];
}

const FIRST_VERSION = "0.1.0";
const MAX_GIT_FILE_BYTES = 4 * 1024 * 1024;
/** The name of a licence is in its first lines. */
const LICENSE_START_BYTES = 512;
const LICENSE_FILES: readonly string[] = ["LICENSE", "LICENSE.md", "LICENSE.txt", "COPYING"];
/** Where builds put programs; directories directly below these are searched as well. */
const BUILD_DIRECTORIES: readonly string[] = ["dist", "build", "out", "bin", "target/release", "zig-out/bin"];
const MAX_LISTED = 256;

/** Words that identify a licence beyond doubt. */
const LICENSES: readonly (readonly [words: RegExp, license: string])[] = [
  [/MIT License/i, "MIT"],
  [/Apache License\s+Version 2\.0/i, "Apache-2.0"],
  [/Mozilla Public License,? Version 2\.0/i, "MPL-2.0"],
  [/ISC License/i, "ISC"],
  [/BSD 3-Clause/i, "BSD-3-Clause"],
  [/BSD 2-Clause/i, "BSD-2-Clause"],
  [/This is free and unencumbered software released into the public domain/i, "Unlicense"],
];

/**
 * Guesses from git's files and the licence in a directory. Reads a few known files, and runs nothing.
 *
 * @throws {PkgError} FILE_SYSTEM, PERMISSION_DENIED for a file that exists and cannot be read
 */
export function guessPublication(directory: string): PublicationGuesses {
  const source = githubAddress(readText(join(directory, ".git/config")));
  const document = LICENSE_FILES.find((file) => isFile(join(directory, file)));
  return {
    reference: source === null ? null : source.replace("https://github.com/", "ghcr.io/").toLowerCase(),
    version: newestTag(directory) ?? FIRST_VERSION,
    license: document === undefined ? null : licenseIn(join(directory, document)),
    source,
    documents: document === undefined ? [] : [document],
  };
}

/** The address `https://github.com/OWNER/NAME` of the remote called origin; null when it is not on GitHub. */
function githubAddress(config: string): string | null {
  const origin = /\[remote "origin"\][^[]*?\burl\s*=\s*(\S+)/.exec(config)?.[1] ?? "";
  const path = /github\.com[:/]([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(origin)?.[1];
  return path === undefined ? null : `https://github.com/${path}`;
}

function newestTag(directory: string): string | null {
  const packed = readText(join(directory, ".git/packed-refs")).matchAll(/ refs\/tags\/(\S+)$/gm);
  const loose = namesIn(join(directory, ".git/refs/tags"));
  const versions = [...packed]
    .map(([, tag = ""]) => tag)
    .concat(loose)
    .map((tag) => tag.replace(/^v(?=\d)/, ""))
    .filter((tag) => /^\d[A-Za-z0-9._+-]*$/.test(tag));
  return newestOf(versions, (version) => version);
}

function licenseIn(path: string): string | null {
  const text = readStart(path, LICENSE_START_BYTES).replaceAll(/\s+/g, " ");
  return LICENSES.find(([words]) => words.test(text))?.[1] ?? null;
}

/**
 * Finds programs of that name where builds put them, the first for each platform: `FILE@os/arch`, relative to the directory.
 *
 * @throws {PkgError} FILE_SYSTEM, PERMISSION_DENIED for a file that exists and cannot be read
 */
export async function findPrograms(directory: string, name: string): Promise<readonly string[]> {
  const found = new Map<string, string>();
  for (const path of placesFor(directory, name)) {
    if (!isFile(join(directory, path))) continue;
    const facts = await readFacts(join(directory, path));
    if (facts?.kind !== "elf" || !facts.isProgram) continue;
    const key = `${formatPlatform(platformOf(facts))} ${facts.libc}`;
    if (!found.has(key)) found.set(key, `${path}@${formatPlatform(platformOf(facts))}`);
  }
  return [...found.values()];
}

function placesFor(directory: string, name: string): readonly string[] {
  if (!isSafeName(name)) return [];
  const inside = BUILD_DIRECTORIES.flatMap((place) => {
    const below = namesIn(join(directory, place)).map((inner) => `${place}/${inner}`);
    // `dist/trurl-linux-amd64` as well as `dist/linux-amd64/trurl`.
    const named = below.filter(
      (path) => basename(path).startsWith(`${name}-`) || basename(path).startsWith(`${name}_`),
    );
    return [`${place}/${name}`, ...below.map((path) => `${path}/${name}`), ...named];
  });
  return [name, ...inside];
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory).sort().slice(0, MAX_LISTED);
  } catch (error) {
    return absent(error, []);
  }
}

function readText(path: string): string {
  try {
    return readLocalFileSync(path, { maxBytes: MAX_GIT_FILE_BYTES }).toString("utf8");
  } catch (error) {
    // Too large, or a FIFO: nothing is guessed from it.
    if (error instanceof PkgError) return "";
    return absent(error, "");
  }
}

function readStart(path: string, bytes: number): string {
  const file = openForReadingSync(path);
  try {
    const buffer = Buffer.alloc(bytes);
    return buffer.subarray(0, readSync(file, buffer, 0, bytes, 0)).toString("utf8");
  } finally {
    closeSync(file);
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch (error) {
    return absent(error, false);
  }
}

/** `nothing` for a file that is missing or may not be read: a failed guess is not an error. */
function absent<T>(error: unknown, nothing: T): T {
  if (["ENOENT", "ENOTDIR", "EACCES", "EISDIR", "ELOOP", "EPERM"].includes(systemCode(error) ?? "")) return nothing;
  throw error;
}
