import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Cleanup, tempDirectory } from "../support/temp-home.ts";

const SOURCE = `
#include <stdio.h>
#include <string.h>
#include <stdlib.h>
__thread int counter = 40;
int main(int count, char **words) {
  counter += count;
  FILE *own = fopen(words[0], "rb");
  char tail[5] = "";
  if (own != NULL && fseek(own, -4, SEEK_END) == 0) { fread(tail, 1, 4, own); fclose(own); }
  printf("it works %d %s\\n", counter, strcmp(tail, "tail") == 0 ? "with its tail" : "alone");
  return EXIT_SUCCESS;
}
`;

/** The dynamic linker of this machine's own programs. */
const INTERPRETER = /interpreter: (\S+)\]/.exec(run("readelf", ["-lW", process.execPath]))?.[1] ?? "";

/** Compiles a program that prints `it works 41 alone`, or `… with its tail` when its file ends with `tail`. */
export function compile(test: Cleanup, ...flags: readonly string[]): string {
  const directory = tempDirectory(test);
  const [source, program] = [join(directory, "program.c"), join(directory, "program")];
  writeFileSync(source, SOURCE);
  run("gcc", [source, "-o", program, ...flags]);
  return program;
}

/** A prefix of so many bytes, in which `lib/ld.so` leads to this machine's dynamic linker. */
export function prefixOf(test: Cleanup, bytes: number): string {
  const base = publicDirectory(test, "p");
  const path = bytes <= base.length ? base : join(base, longName(bytes - base.length - 1));
  mkdirSync(join(path, "lib"), { recursive: true });
  symlinkSync(INTERPRETER, join(path, "lib/ld.so"));
  return path;
}

/** One that everybody may look into: some programs are run as nobody. */
export function publicDirectory(test: Cleanup, prefix?: string): string {
  const path = tempDirectory(test, prefix);
  chmodSync(path, 0o755);
  return path;
}

/** A program that loads the library which is its one argument, with all of its symbols. */
export function compileLoader(test: Cleanup): string {
  const directory = publicDirectory(test);
  const [source, program] = [join(directory, "loader.c"), join(directory, "loader")];
  writeFileSync(source, "#include <dlfcn.h>\nint main(int c, char **w) { return !dlopen(w[1], RTLD_NOW); }\n");
  run("gcc", [source, "-o", program]);
  return program;
}

/** Of so many bytes, with a directory in each hundred. */
function longName(bytes: number): string {
  return "x".repeat(bytes).replaceAll(/x{99}x(?=x)/g, `${"x".repeat(99)}/`);
}

/** Puts in the placeholders, as a bottle has them. `patchelf` takes what begins with `@` as a file to read it from. */
export function patch(
  test: Cleanup,
  file: string,
  values: { readonly interpreter?: string; readonly path?: string },
): void {
  const options = { interpreter: "--set-interpreter", path: "--set-rpath" } as const;
  for (const [name, option] of Object.entries(options)) {
    const value = values[name as keyof typeof options];
    if (value === undefined) continue;
    const words = join(tempDirectory(test), "words");
    writeFileSync(words, value);
    run("patchelf", [option, `@${words}`, file]);
  }
}

/** What a program prints; it has to end with 0 and to write nothing to stderr. */
export function run(program: string, args: readonly string[] = []): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: "utf8", maxBuffer: 1e9 });
  if (error !== undefined) throw error;
  if (status !== 0 || stderr !== "") throw new Error(`${program} ${args.join(" ")}: ${status} ${stderr}`);
  return stdout;
}

/** Interpreter and search path, as `patchelf` reads them; null where there is none. */
export function readBack(file: string): { readonly interpreter: string | null; readonly path: string } {
  const { status, stdout } = spawnSync("patchelf", ["--print-interpreter", file], { encoding: "utf8" });
  return { interpreter: status === 0 ? stdout.trim() : null, path: run("patchelf", ["--print-rpath", file]).trim() };
}

/** Writes it beside the original, executable. */
export function writeProgram(original: string, bytes: Uint8Array): string {
  const path = `${original}.relocated`;
  writeFileSync(path, bytes, { mode: 0o755 });
  return path;
}
