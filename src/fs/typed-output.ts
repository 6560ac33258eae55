import { PkgError } from "../errors.ts";

/** What every command calls standard output where it takes that. */
export const STANDARD_OUTPUT = "-";

/** True for a path that can only be a directory, whether it exists or not: `new/`, `.`, `a/..`. */
export function namesDirectory(text: string): boolean {
  return /(?:^|\/)\.{0,2}$/.test(text);
}

/**
 * Refuses what a person typed for a file to write where it means something else: a directory (`new/`), or standard output where
 * that is not taken. A file that is called `-` is typed as `./-`.
 *
 * @returns `text`
 * @throws {PkgError} USAGE
 */
export function typedOutputFile(text: string): string {
  if (text === STANDARD_OUTPUT) throw noStandardOutput("file");
  if (!namesDirectory(text)) return text;
  throw new PkgError("USAGE", `Cannot write "${text}": it names a directory, expected a file`, {
    hint: `Name a file in it, such as "${text.endsWith("/") ? text : `${text}/`}NAME"`,
  });
}

/** As typedOutputFile(), for a directory. @throws {PkgError} USAGE */
export function typedOutputDirectory(text: string): string {
  if (text === STANDARD_OUTPUT) throw noStandardOutput("directory");
  return text;
}

function noStandardOutput(expected: "file" | "directory"): PkgError {
  return new PkgError("USAGE", `Cannot write to "-": standard output is not taken here, expected a ${expected}`, {
    hint:
      expected === "file"
        ? 'Name a file: /dev/stdout is the standard output, and "./-" a file called "-"'
        : 'Name a directory: "./-" is one called "-"',
  });
}
