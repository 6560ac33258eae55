import { posix } from "node:path";
import type { EmitEvent } from "../base/events.ts";
import { listSome } from "../base/lists.ts";
import { glibcInterpreter } from "../base/machines.ts";
import { PkgError } from "../errors.ts";
import { COMPILER, COMPILER_LIBRARIES } from "../package/compiler.ts";
import { nameInRepository } from "../package/install-name.ts";
import type { Installation } from "../package/installation.ts";
import type { Resolution } from "../plan/resolution.ts";
import { isGlibc } from "../pour/glibc-keg.ts";
import type { LinkedFile } from "../pour/take-keg.ts";
import { type MachineLibraries, machineLibraries } from "../programs/machine-libraries.ts";
import { type MissingLibrary, missingLibraries } from "../programs/missing-libraries.ts";
import type { ObtainedStep } from "./obtain-plan.ts";
import type { ObtainedKeg } from "./obtained-package.ts";

/** What judging how bottles are linked takes. */
export interface LinkingContext {
  /** What is installed already. */
  readonly installed: () => readonly Pick<Installation, "name" | "files" | "keg">[];
  /** e.g. `x86_64-linux`. */
  readonly host: string;
  readonly emit: EmitEvent;
  /** A directory that stands for `/`, for tests. */
  readonly root?: string;
  /** What this machine has, some of which may have been looked up; absent: nothing was. */
  readonly libraries?: MachineLibraries;
}

/** The libraries of this machine; nothing is read before one is asked for. */
export function hostLibraries({ host, root }: Pick<LinkingContext, "host" | "root">): MachineLibraries {
  let libraries: MachineLibraries | null = null;
  return {
    find(name) {
      libraries ??= machineLibraries(glibcInterpreter(host) ?? "", root);
      return libraries.find(name);
    },
  };
}

/** Looks up what files need, so that it is known when they are judged: while they become durable, there is nothing else to do. */
export function lookUpNeeded(libraries: MachineLibraries, linked: readonly LinkedFile[]): void {
  const own = new Set(linked.map(({ path }) => posix.basename(path)));
  const needed = new Set(linked.flatMap(({ linking }) => linking.needed));
  for (const name of needed) if (!own.has(posix.basename(name))) libraries.find(name);
}

const C_LIBRARY = /^(?:libc\.so\.|ld-linux)/;
const MAX_LISTED = 5;

/**
 * Compares what the programs and libraries of all bottles need with what they bring along, what is poured already, and what this
 * machine has. A program that could not start fails, before anything is placed; what only other files lack is a warning.
 *
 * @returns the steps, those among them failed with PLATFORM_UNSUPPORTED that could not start
 */
export function checkLinking(context: LinkingContext, steps: readonly ObtainedStep[]): readonly ObtainedStep[] {
  const kegs = steps.filter((step) => step.kind === "obtained" && step.package.keg !== null);
  if (kegs.length === 0) return steps;
  const brought = librariesIn([
    ...kegs.flatMap((step) =>
      step.kind === "obtained" ? [{ name: step.package.resolution.name, files: step.package.verified.files }] : [],
    ),
    ...context.installed().filter(({ keg }) => keg !== null),
  ]);
  const { libraries = hostLibraries(context) } = context;
  const isWhole = steps.every(({ kind }) => kind !== "failed");
  return steps.map((step) => {
    if (step.kind !== "obtained" || step.package.keg === null) return step;
    const { name } = step.package.resolution;
    const error = judge(context, { name, keg: step.package.keg }, { libraries, brought, isWhole });
    return error === null ? step : { kind: "failed", step: step.step, error };
  });
}

const OF_COMPILER: ReadonlySet<string> = new Set(COMPILER_LIBRARIES);

/** What needs libraries of the compiler that this machine does not have, or has in an older version, and does not say so. */
export function compilerNeeders(
  context: Pick<LinkingContext, "host" | "root" | "libraries">,
  steps: readonly ObtainedStep[],
): readonly Resolution[] {
  const { libraries = hostLibraries(context) } = context;
  return steps.flatMap((step) => {
    if (step.kind !== "obtained" || step.package.keg === null) return [];
    const { resolution, keg, verified } = step.package;
    const name = resolution.packageName;
    const isSaid = resolution.dependencies.some(
      (needed) => nameInRepository({ ...resolution, name: needed }) === COMPILER,
    );
    if (name === COMPILER || isGlibc(name) || isSaid) return [];
    const own = librariesIn([{ name, files: verified.files }]);
    // Others are not looked for, which would read all of them.
    const isOfNoInterest = (library: string) => !OF_COMPILER.has(library) || own.has(posix.basename(library));
    const needs = ({ linking }: LinkedFile) => missingLibraries(linking, libraries, isOfNoInterest).length > 0;
    return keg.linked.some(needs) ? [resolution] : [];
  });
}

/** The names of all files in kegs that may be libraries. */
function librariesIn(kegs: readonly Pick<Installation, "name" | "files">[]): ReadonlySet<string> {
  const paths = kegs.filter(({ name }) => !isGlibc(name)).flatMap(({ files }) => files.map(({ path }) => path));
  return new Set(paths.map((path) => posix.basename(path)).filter((name) => name.includes(".so")));
}

interface Found {
  readonly libraries: MachineLibraries;
  readonly brought: ReadonlySet<string>;
  /** False when something else has failed already, which may be what brings a library. */
  readonly isWhole: boolean;
}

function judge(
  { emit }: LinkingContext,
  { name, keg }: { readonly name: string; readonly keg: ObtainedKeg },
  { libraries, brought, isWhole }: Found,
): PkgError | null {
  const absent = new Map<LinkedFile, readonly string[]>();
  for (const file of keg.linked) {
    // Where a library has no name of its own, its path is what it is needed by.
    const isBrought = (library: string) => brought.has(posix.basename(library));
    const missing = missingLibraries(file.linking, libraries, isBrought);
    const old = missing.find(({ versions }) => versions.length > 0);
    if (old !== undefined) return tooOld(name, { file, missing: old }, libraries);
    const names = missing.map(({ library }) => library);
    if (names.some((library) => C_LIBRARY.test(library))) return noGlibc(name, file);
    if (names.length > 0) absent.set(file, names);
  }
  if (absent.size === 0 || !isWhole) return null;
  const lacking = keg.linked.find((file) => isProgram(file) && lackedBy(file, keg, absent).length > 0);
  if (lacking !== undefined) return nowhere(name, lacking, lackedBy(lacking, keg, absent));
  const message = `${name}: ${listed([...absent.values()].flat())} is needed, and neither a bottle nor this machine has it`;
  emit({ kind: "warning", message });
  return null;
}

function isProgram({ path, linking }: LinkedFile): boolean {
  return /^s?bin\//.test(path) && linking.interpreter !== null;
}

/** What a program, or a library of its keg that it is loaded with, needs and nothing has. */
function lackedBy(
  program: LinkedFile,
  { linked }: ObtainedKeg,
  absent: ReadonlyMap<LinkedFile, readonly string[]>,
): readonly string[] {
  const byName = new Map(linked.map((file) => [posix.basename(file.path), file]));
  const loaded = new Set([program]);
  // A set's iterator also visits what is added meanwhile.
  for (const { linking } of loaded) {
    for (const library of linking.needed) {
      const own = byName.get(posix.basename(library));
      if (own !== undefined) loaded.add(own);
    }
  }
  return [...loaded].flatMap((file) => absent.get(file) ?? []);
}

function listed(libraries: readonly string[]): string {
  const names = [...new Set(libraries)].map((library) => `"${library}"`);
  return listSome(names, MAX_LISTED);
}

function nowhere(name: string, { path }: LinkedFile, libraries: readonly string[]): PkgError {
  return new PkgError(
    "PLATFORM_UNSUPPORTED",
    `Cannot install "${name}": "${path}" needs ${listed(libraries)}, and neither a bottle nor this machine has it`,
    { hint: "Install what has it with this machine's own package manager, then try again" },
  );
}

function tooOld(
  name: string,
  { file, missing }: { readonly file: LinkedFile; readonly missing: MissingLibrary },
  libraries: MachineLibraries,
): PkgError {
  const { library, versions } = missing;
  const wanted = versions.at(-1) ?? "";
  const have = highestLike(wanted, [...(libraries.find(library)?.versions ?? [])]);
  const found = have === null ? "has none of that kind" : `has ${have}`;
  return new PkgError(
    "PLATFORM_UNSUPPORTED",
    `Cannot install "${name}": "${file.path}" needs ${wanted} of ${library}, and this machine ${found}`,
    { hint: hintFor(wanted) },
  );
}

function noGlibc(name: string, { path }: LinkedFile): PkgError {
  return new PkgError(
    "PLATFORM_UNSUPPORTED",
    `Cannot install "${name}": "${path}" needs glibc, which this machine does not have`,
    { hint: "Bottles are for systems with glibc, such as Debian or Fedora; look for a static build instead" },
  );
}

/** The compiler's libraries can be brought along; a C library cannot, as all programs of the prefix have the machine's linker. */
function hintFor(version: string): string {
  const isOfCompiler = /^(?:GLIBCXX|CXXABI|GCC)_/.test(version);
  return isOfCompiler
    ? "Its repository has no compiler that could be had; newer ones come with a newer system"
    : "Look for a static build of it, or use a newer system";
}

/** The highest of the versions that count the same, such as `GLIBC_2.36` for `GLIBC_2.39`. */
function highestLike(wanted: string, versions: readonly string[]): string | null {
  const family = /^\w+?_(?=\d)/.exec(wanted)?.[0];
  if (family === undefined) return null;
  const alike = versions.filter(
    (version) => version.startsWith(family) && /^[\d.]+$/.test(version.slice(family.length)),
  );
  return alike.toSorted((a, b) => a.localeCompare(b, "en", { numeric: true })).at(-1) ?? null;
}
