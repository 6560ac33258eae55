import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { skipWithout } from "../support/docker-registry.ts";

const execute = promisify(execFile);

/** The reason to skip tests that need bottles, or false. */
export const SKIP_BOTTLES = skipWithout("gcc", "g++", "patchelf");

/** A program or a library. */
export interface Source {
  readonly file: string;
  readonly code: string;
  /** What else the compiler is told. */
  readonly flags?: readonly string[];
  /** Libraries that it is linked with, by the file that was made of them. */
  readonly needs?: readonly string[];
  /** The name by which others ask for it; only libraries have one. */
  readonly soname?: string;
  /** In the order in which they are looked in; absent: it names none. */
  readonly runPath?: readonly string[];
}

/** Compiles into a directory, and puts in the placeholders, as Homebrew does when it packs a bottle. */
export async function compile(directory: string, source: Source): Promise<void> {
  const { file, code, flags = [], needs = [], soname } = source;
  const isCpp = code.includes("#include <string>");
  const input = join(directory, `${file}.${isCpp ? "cc" : "c"}`);
  writeFileSync(input, code);
  const shared = soname === undefined ? [] : ["-shared", "-fPIC", `-Wl,-soname,${soname}`];
  const libraries = needs.map((library) => join(directory, library));
  const options = ["-O1", "-s", "-o", join(directory, file), ...shared, ...flags];
  await execute(isCpp ? "g++" : "gcc", [input, ...options, ...libraries, "-Wl,--allow-shlib-undefined"]);
  await putPlaceholders(directory, source);
}

/** `patchelf` takes what begins with `@` as a file to read it from. */
async function putPlaceholders(directory: string, { file, soname, runPath }: Source): Promise<void> {
  const set = async (option: string, value: string) => {
    const words = join(directory, `${file}${option}`);
    writeFileSync(words, value);
    await execute("patchelf", [option, `@${words}`, join(directory, file)]);
  };
  if (soname === undefined) await set("--set-interpreter", "@@HOMEBREW_PREFIX@@/lib/ld.so");
  if (runPath !== undefined) await set("--set-rpath", runPath.join(":"));
}

export function compiled(directory: string, file: string): Buffer {
  return readFileSync(join(directory, file));
}
