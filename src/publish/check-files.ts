import { readdirSync, realpathSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import type { EmitEvent } from "../base/events.ts";
import { PkgError, systemCode } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import type { ProgramFacts } from "../package/elf.ts";
import { archiveTitle } from "../package/file-names.ts";
import { isSafeName } from "../package/names.ts";
import type { ProgramFile, Publication, PublicationFile } from "../package/publication.ts";
import { checkBuilds, checkProgram, checkProvides, libcOfAll } from "../package-format/check-program.ts";
import { readFacts } from "../programs/program-facts.ts";

/** A program, or a directory of programs, that matches what the publication says about it; not hashed yet. */
export interface CheckedFile extends Pick<ProgramFile, "platform" | "libc" | "type" | "programs" | "title"> {
  /** Absolute. */
  readonly path: string;
}

/** The programs of a directory that is published. */
const PROGRAMS_DIRECTORY = "bin";

/**
 * Compares what the publication says about each program with the program itself.
 *
 * @param emit told of programs that other machines may be unable to start
 * @throws {PkgError} PUBLISH_INVALID; FILE_SYSTEM, PERMISSION_DENIED
 */
export async function checkFiles(publication: Publication, emit: EmitEvent): Promise<readonly CheckedFile[]> {
  const checked = await Promise.all(publication.files.map((file) => checkFile(publication.name, file, emit)));
  checkBuilds(checked);
  for (const file of checked) checkProvides(publication, file);
  return checked;
}

async function checkFile(name: string, file: PublicationFile, emit: EmitEvent): Promise<CheckedFile> {
  const { path, platform } = file;
  const facts = await readFacts(path);
  if (facts === null) return checkDirectory(name, file, emit);
  warnOfInterpreter(path, facts, emit);
  return { path, platform, ...checkProgram(file, facts), title: name, programs: [] };
}

async function checkDirectory(name: string, file: PublicationFile, emit: EmitEvent): Promise<CheckedFile> {
  const { path, platform } = file;
  const programs = listPrograms(path);
  const libcs: CheckedFile["libc"][] = [];
  for (const program of programs) {
    const place = join(path, PROGRAMS_DIRECTORY, program);
    const facts = (await readFacts(place)) ?? { kind: "other", what: "a directory" };
    warnOfInterpreter(place, facts, emit);
    libcs.push(checkProgram({ ...file, path: place }, facts).libc);
  }
  return { path, platform, libc: libcOfAll(path, libcs), type: "archive", title: archiveTitle(name), programs };
}

/** Warns of a dynamic loader in a place where only one distribution keeps it. */
function warnOfInterpreter(path: string, facts: ProgramFacts, emit: EmitEvent): void {
  if (facts.kind !== "elf" || facts.interpreter === null) return;
  if (/^\/(?:usr\/)?lib(?:32|64|x32)?\//.test(facts.interpreter) || facts.libc === null) return;
  const message = `"${path}" is linked to "${facts.interpreter}", which other machines do not have`;
  emit({ kind: "warning", message });
}

/** The names of the executable files in a directory's `bin`, sorted. */
function listPrograms(directory: string): readonly string[] {
  const place = join(directory, PROGRAMS_DIRECTORY);
  const root = realpathSync(directory) + sep;
  const names = namesIn(place).filter((name) => isSafeName(name) && isProgram(root, join(place, name)));
  if (names.length > 0) return names.sort();
  throw new PkgError("PUBLISH_INVALID", `Cannot publish "${directory}": expected programs in "${place}", found none`, {
    hint: `A directory has its programs in "${PROGRAMS_DIRECTORY}", executable: chmod +x ${place}/*`,
  });
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(systemCode(error) ?? "")) return [];
    throw fileSystemError(error, `read "${directory}"`);
  }
}

function isProgram(root: string, path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats?.isFile() === true && (stats.mode & 0o111) !== 0 && realpathSync(path).startsWith(root);
}
