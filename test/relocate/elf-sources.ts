import { closeSync, existsSync, lstatSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Cleanup } from "../support/temp-home.ts";
import { publicDirectory, run } from "./built.ts";

/** Where a Linux has programs and libraries. */
const DIRECTORIES = [
  "/usr/bin",
  "/usr/sbin",
  "/usr/libexec",
  `/usr/lib/${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux-gnu`,
];
const MAX_BYTES = 30_000_000;

/** So many of this machine's programs and libraries, of all places alike. */
export function machineFiles(count: number): readonly string[] {
  const found = DIRECTORIES.flatMap((directory) => elfFilesIn(directory));
  const step = Math.max(1, found.length / count);
  return Array.from({ length: Math.min(count, found.length) }, (_, index) => found[Math.floor(index * step)] ?? "");
}

/** All below a directory, or in a Debian package. */
export function filesOf(test: Cleanup, place: string): readonly string[] {
  if (statSync(place).isDirectory()) return elfFilesIn(place, true);
  const directory = publicDirectory(test);
  run("dpkg-deb", ["--extract", place, directory]);
  return elfFilesIn(directory, true);
}

/** In the order of their names. */
function elfFilesIn(directory: string, recursive = false): readonly string[] {
  if (!existsSync(directory)) return [];
  const paths = readdirSync(directory, { recursive, encoding: "utf8" })
    .toSorted()
    .map((name) => join(directory, name));
  return paths.filter((path) => isSmallFile(path) && isLoadable(path));
}

function isSmallFile(path: string): boolean {
  const facts = lstatSync(path);
  return facts.isFile() && facts.size < MAX_BYTES;
}

/** An ELF file of the types EXEC and DYN: no object file, and no memory of a program that crashed. */
function isLoadable(path: string): boolean {
  const start = Buffer.alloc(18);
  const file = openSync(path, "r");
  readSync(file, start);
  closeSync(file);
  return start.toString("latin1", 0, 4) === "\x7fELF" && [2, 3].includes(start.readUInt16LE(16));
}
