import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { addAll } from "../base/many.ts";
import { PkgError, systemCode } from "../errors.ts";
import { isOnNoexec, NOEXEC, NOEXEC_CURE } from "../fs/noexec.ts";
import { unusablePrograms } from "../inspect/installed-programs.ts";
import type { Installation } from "../package/installation.ts";
import { programLinks } from "../package/place.ts";
import { packagePath } from "../profile/places.ts";
import { judgeProgram } from "../programs/judge-program.ts";
import { type MachineLibraries, machineLibraries } from "../programs/machine-libraries.ts";
import { missingLibraries } from "../programs/missing-libraries.ts";
import { readLinkingOf } from "../programs/read-linking-of.ts";
import { RelocationFault } from "../relocate/fault.ts";
import type { Found } from "./finding.ts";
import type { Patient } from "./patient.ts";

/** Programs that cannot be run here, and what others lack in order to start. */
export async function checkPrograms(patient: Patient): Promise<readonly Found[]> {
  const { cap, records } = patient;
  const found: Found[] = [];
  const librariesOf = librariesByLinker();
  for (const item of records?.installed ?? []) {
    for (const { path, problem } of await unusablePrograms(cap.config, item)) {
      if (!existsSync(path)) continue;
      const message = `it is ${problem.found}, expected ${problem.expected}`;
      const cure = problem.hint ?? `Run \`pkg remove ${item.name}\``;
      found.push({ code: "program-unusable", subject: path, message, cure, mend: null });
    }
    for (const path of programsOf(patient, item)) addAll(found, await lacks({ ...patient, librariesOf }, item, path));
  }
  return found;
}

/** Absolute paths; damage is told elsewhere. */
function programsOf({ records }: Patient, { directory, links }: Installation): readonly string[] {
  if (records === null) return [];
  const targets = new Set(programLinks(links).map(({ target }) => target));
  return [...targets]
    .map((target) => packagePath(records.places, join(directory, target)))
    .filter((path) => existsSync(path));
}

type LibrariesOf = (interpreter: string) => MachineLibraries;

/** What each dynamic linker finds, which is looked up once for all programs. */
function librariesByLinker(): LibrariesOf {
  const known = new Map<string, MachineLibraries>();
  return (interpreter) => {
    const libraries = known.get(interpreter) ?? machineLibraries(interpreter);
    known.set(interpreter, libraries);
    return libraries;
  };
}

async function lacks(
  { cap, librariesOf }: Patient & { readonly librariesOf: LibrariesOf },
  item: Installation,
  path: string,
): Promise<readonly Found[]> {
  if (isOnNoexec(path)) {
    const message = `it cannot be started: ${NOEXEC}`;
    return [{ code: "program-unusable", subject: path, message, cure: NOEXEC_CURE, mend: null }];
  }
  const verdict = await judgeProgram(path, { machine: cap.config, searchPath: cap.config.searchPath });
  if (verdict.problem !== null) return [];
  if (verdict.lacks !== null) {
    const cure = "Install that with this machine's own package manager, or with `pkg install`";
    return [{ code: "interpreter-missing", subject: path, message: verdict.lacks, cure, mend: null }];
  }
  // Bottles find theirs in the prefix, which was judged when they were poured.
  const missing = item.keg === null ? missingFor(item, { path, librariesOf }) : [];
  if (missing.length === 0) return [];
  return [
    {
      code: "library-missing",
      subject: path,
      message: `it needs ${missing.map((name) => `"${name}"`).join(", ")}, which this machine does not have`,
      cure: "Install what has it with this machine's own package manager",
      mend: null,
    },
  ];
}

function missingFor(
  { files }: Installation,
  { path, librariesOf }: { readonly path: string; readonly librariesOf: LibrariesOf },
): readonly string[] {
  try {
    const linking = readLinkingOf(path);
    if (linking.interpreter === null) return [];
    const own = new Set(files.map((file) => basename(file.path)));
    const libraries = librariesOf(linking.interpreter);
    return missingLibraries(linking, libraries, (library) => own.has(basename(library))).map(({ library }) => library);
  } catch (error) {
    // What is no ELF file has no libraries.
    if (error instanceof RelocationFault || error instanceof PkgError || systemCode(error) !== undefined) return [];
    throw error;
  }
}
