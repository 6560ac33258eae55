import { existsSync } from "node:fs";
import { basename, dirname, isAbsolute, join } from "node:path";
import { PkgError, systemCode } from "../errors.ts";
import { canonicalPath } from "../fs/canonical-path.ts";
import { readLocalFileSync } from "../fs/read-file.ts";
import { readStartSync } from "../fs/read-start.ts";
import { ElfBytes, type ElfReader } from "../relocate/elf-bytes.ts";
import { readLinking } from "../relocate/elf-linking.ts";
import { RelocationFault } from "../relocate/fault.ts";
import { type LibraryCache, readLibraryCache } from "./library-cache.ts";
import { withElf } from "./read-linking-of.ts";

/** A library of this machine. */
export interface MachineLibrary {
  /** Absolute. */
  readonly path: string;
  /** Versions that it provides: `GLIBC_2.39`, `GLIBCXX_3.4.33`. Null: it has none, or its linker does not ask for any. */
  readonly versions: ReadonlySet<string> | null;
}

/** What a dynamic linker of this machine finds. */
export interface MachineLibraries {
  /** A library by the name that a program needs it by, or by its path; null: it is not here. */
  find(name: string): MachineLibrary | null;
}

const CACHE = "/etc/ld.so.cache";
const DIRECTORIES = ["/lib64", "/usr/lib64", "/lib", "/usr/lib"];
const MUSL_DIRECTORIES = ["/lib", "/usr/local/lib", "/usr/lib"];
/** Names that musl's linker answers itself, whatever version follows. */
const IN_MUSL = /^lib(?:c|pthread|rt|m|dl|util|xnet)\./;
const MAX_LIST_BYTES = 64 * 1024 * 1024;

/**
 * The libraries that a dynamic linker of this machine finds for a program that names no directories of its own. They are
 * read when they are asked for, once each.
 *
 * @param interpreter the path of the dynamic linker, such as `/lib64/ld-linux-x86-64.so.2`
 * @param root a directory that stands for `/`, for tests
 * @see ld.so(8), musl's ldso/dynlink.c
 */
export function machineLibraries(interpreter: string, root = "/"): MachineLibraries {
  const machine = machineOf(join(root, interpreter));
  if (machine === null) return { find: () => null };
  const linker = { interpreter, root, machine };
  const look = isMuslLinker(interpreter) ? muslLinker(linker) : glibcLinker(linker);
  const known = new Map<string, MachineLibrary | null>();
  return {
    find(name) {
      const found = known.has(name) ? (known.get(name) ?? null) : look(name);
      known.set(name, found);
      return found;
    },
  };
}

/** True for the path of musl's dynamic linker. */
export function isMuslLinker(interpreter: string): boolean {
  return basename(interpreter).startsWith("ld-musl-");
}

/** True for libraries that are in musl's dynamic linker itself. */
export function isInMusl(library: string): boolean {
  return IN_MUSL.test(library);
}

interface Linker {
  readonly interpreter: string;
  readonly root: string;
  /** As machineOf() gives it: libraries for another machine are passed over. */
  readonly machine: string;
}

type Look = (name: string) => MachineLibrary | null;

function glibcLinker({ interpreter, root, machine }: Linker): Look {
  let cached: LibraryCache | undefined;
  const own = dirname(canonicalPath(join(root, interpreter)));
  const directories = [...DIRECTORIES.map((directory) => join(root, directory)), own];
  function* paths(name: string): Generator<string, void, void> {
    if (name.includes("/")) return yield name;
    cached ??= readLibraryCache(readOrNothing(join(root, CACHE), MAX_LIST_BYTES));
    for (const path of cached.pathsOf(name)) yield join(root, path);
    // To open what is not there takes an error each time.
    for (const directory of directories) if (existsSync(join(directory, name))) yield join(directory, name);
  }
  return (name) => firstOf(paths(name), machine);
}

function firstOf(paths: Iterable<string>, machine: string): MachineLibrary | null {
  for (const path of paths) {
    const versions = definedVersions(path, machine);
    if (versions !== null) return { path, versions: versions.length === 0 ? null : new Set(versions) };
  }
  return null;
}

/** musl's linker does not compare versions. */
function muslLinker({ interpreter, root, machine }: Linker): Look {
  const [, name = ""] = /^(ld-musl-.*)\.so/.exec(basename(interpreter)) ?? [];
  const written = readOrNothing(join(root, `/etc/${name}.path`), MAX_LIST_BYTES)
    .toString("utf8")
    .split(/[:\n]/);
  const directories = written.some(isAbsolute) ? written.filter(isAbsolute) : MUSL_DIRECTORIES;
  return (library) => {
    if (isInMusl(library)) return { path: join(root, interpreter), versions: null };
    const paths = library.includes("/") ? [library] : directories.map((directory) => join(root, directory, library));
    const path = paths.find((one) => machineOf(one) === machine);
    return path === undefined ? null : { path, versions: null };
  };
}

const HEADER_BYTES = 20;

/** What an ELF file is for: its class, byte order and machine; null for anything else. */
function machineOf(path: string): string | null {
  const bytes = attempt(() => readStartSync(path, HEADER_BYTES));
  return bytes === null ? null : machineIn(new ElfBytes(bytes));
}

function machineIn(elf: ElfReader): string | null {
  if (elf.length < HEADER_BYTES || elf.text(0, 4) !== "\x7fELF") return null;
  return `${elf.byte(4)} ${elf.byte(5)} ${elf.half(18)}`;
}

/** Null for what cannot be loaded. */
function definedVersions(path: string, machine: string): readonly string[] | null {
  const read = (elf: ElfReader) => (machineIn(elf) === machine ? readLinking(elf).definedVersions : null);
  return attempt(() => withElf(path, read));
}

function readOrNothing(path: string, maxBytes: number): Buffer {
  return attempt(() => readLocalFileSync(path, { maxBytes })) ?? Buffer.alloc(0);
}

/** Null for what is not there, cannot be read, or contradicts itself: a dynamic linker passes it over. */
function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof RelocationFault || error instanceof PkgError || systemCode(error) !== undefined) return null;
    throw error;
  }
}
