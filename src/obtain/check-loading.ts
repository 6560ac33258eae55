import { PkgError } from "../errors.ts";
import { readLocalFile } from "../fs/read-file.ts";
import type { ImageOrigin } from "../plan/origin.ts";
import { machineLibraries } from "../programs/machine-libraries.ts";
import { type MissingLibrary, missingLibraries } from "../programs/missing-libraries.ts";
import { readLinking } from "../relocate/elf-linking.ts";
import { RelocationFault } from "../relocate/fault.ts";

/** A program out of an image, as it was judged by itself. */
export interface JudgedProgram {
  readonly title: string;
  readonly path: string;
  /** What it lacks here in order to start; null: nothing. */
  readonly lacks: string | null;
}

/** What to do about a program that this machine cannot load. */
export const LIBRARIES_HINT = "--with-libraries places the dynamic linker and the libraries of the image beside it";

/**
 * Refuses a program out of an image that could not start here: the image has what it needs, and the rest of the image stays
 * behind.
 *
 * @throws {PkgError} PACKAGE_UNINSTALLABLE; FILE_SYSTEM, PERMISSION_DENIED
 */
export async function checkLoading(origin: ImageOrigin, { title, path, lacks }: JudgedProgram): Promise<void> {
  const { text } = origin;
  const bytes = await readLocalFile(path);
  const isScript = bytes.toString("latin1", 0, 2) === "#!";
  const refuse = (problem: string, hint: string) =>
    new PkgError("PACKAGE_UNINSTALLABLE", `Cannot install "${text}": "${title}" ${problem}`, { hint });
  if (lacks !== null) throw refuse(`could not start here: ${lacks}`, isScript ? SCRIPT_HINT : LIBRARIES_HINT);
  const missing = isScript ? [] : missingOf(bytes);
  if (missing.length > 0)
    throw refuse(`could not start here: it needs ${missing.map(tell).join(", ")}`, LIBRARIES_HINT);
}

const SCRIPT_HINT = "Install what runs it";

/** A file whose ELF tables contradict each other was judged to be a program all the same: the machine's dynamic linker decides. */
function missingOf(bytes: Buffer): readonly MissingLibrary[] {
  try {
    const linking = readLinking(bytes);
    return linking.interpreter === null ? [] : missingLibraries(linking, machineLibraries(linking.interpreter));
  } catch (error) {
    if (error instanceof RelocationFault) return [];
    throw error;
  }
}

function tell({ library, versions }: MissingLibrary): string {
  const version = versions.at(-1);
  return version === undefined
    ? `"${library}", which this machine does not have`
    : `${version} of "${library}", which is older here`;
}
