import { PkgError } from "../errors.ts";

/** Programs of a package, and which of them is wanted. */
export interface ProgramChoice {
  /** The package, as it was typed. */
  readonly typed: string;
  /** Its name. */
  readonly name: string;
  readonly programs: readonly string[];
  /** As it was typed; null: the one that is named like the package, or the only one. */
  readonly wanted: string | null;
}

/**
 * The program of a package that is run.
 *
 * @throws {PkgError} USAGE with the list when none, or several, could be meant; PACKAGE_UNINSTALLABLE when it has none
 */
export function chooseProgram({ typed, name, programs, wanted }: ProgramChoice): string {
  const [only, ...others] = programs;
  if (only === undefined) {
    throw new PkgError("PACKAGE_UNINSTALLABLE", `Cannot run "${typed}": it has no program`, {
      hint: `\`pkg info ${typed}\` shows what it has`,
    });
  }
  // What was typed may be the name of a program, by which its package was found.
  const meant = wanted === null ? [typedName(typed), baseName(name)] : [wanted];
  const found = meant.find((program) => programs.includes(program));
  if (found !== undefined) return found;
  if (wanted === null && others.length === 0) return only;
  const listed = programs.map((program) => `"${program}"`).join(", ");
  const problem = wanted === null ? "it has several programs" : `it has no program "${wanted}"`;
  throw new PkgError("USAGE", `Cannot run "${typed}": ${problem}: ${listed}`, {
    hint: `Name one of them, as with \`pkg run --program ${only} ${typed}\``,
  });
}

/** The name in a reference, or in what narrows a name down: `family/name#id@version:repository`. */
function typedName(typed: string): string {
  return /([^/@#:]+)(?:[@#:][^/]*)?$/.exec(typed)?.[1] ?? typed;
}

/** What a package beside another of the same name is called is `NAME:REPOSITORY`. */
function baseName(name: string): string {
  return name.split(":", 1)[0] ?? name;
}
