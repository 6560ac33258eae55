import { lstatSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isSea } from "node:sea";
import { PkgError } from "../errors.ts";
import { expectWritable } from "../fs/writable.ts";

/** Where other package managers keep their programs, and what they are told to do. */
const MANAGED: readonly (readonly [place: RegExp, manager: string])[] = [
  [/^\/(?:usr\/)?s?bin\//, "your system's package manager"],
  [/^\/(?:nix|gnu)\/store\//, "nix or guix"],
  [/^\/snap\//, "snap"],
  [/\/Cellar\//, "brew"],
  [/\/node_modules\//, "npm"],
];

/** The file of the program that runs, with no links in its path; null: it runs from a checkout. */
export function ownProgram(): string | null {
  return isSea() ? process.execPath : null;
}

/** The program before, which `update` keeps and `rollback` puts back: hidden, so that it is no command. */
export function previousProgram(program: string): string {
  return join(dirname(program), `.${basename(program)}.previous`);
}

/**
 * The program, if it may be replaced or removed here.
 *
 * @param packages where installed packages are
 * @throws {PkgError} NOT_INSTALLED in a checkout; PATH_CONFLICT when another package manager has placed it; PERMISSION_DENIED, DISK_FULL, FILE_SYSTEM
 */
export function expectOwn(program: string | null, verb: string, packages: string): string {
  if (program === null) {
    throw new PkgError("NOT_INSTALLED", `Cannot ${verb} pkg: it runs from a checkout, not as a program of its own`, {
      hint: "Update the checkout with `git pull`; `./install.sh` in it installs the program",
    });
  }
  if (program.startsWith(`${packages}/`)) {
    throw new PkgError("PATH_CONFLICT", `Cannot ${verb} pkg: "${program}" is itself an installed package`, {
      hint: "Run `pkg update pkg`, `pkg rollback pkg` or `pkg remove pkg`",
    });
  }
  const manager = MANAGED.find(([place]) => place.test(program))?.[1];
  if (manager !== undefined) {
    throw new PkgError("PATH_CONFLICT", `Cannot ${verb} pkg: "${program}" belongs to ${manager}`, {
      hint: `Let ${manager} do it`,
    });
  }
  if (lstatSync(program, { throwIfNoEntry: false })?.isFile() !== true) {
    throw new PkgError("NOT_INSTALLED", `Cannot ${verb} pkg: "${program}" is gone, or no file`, {
      hint: "Start the program that is there now",
    });
  }
  expectWritable(dirname(program));
  return program;
}
