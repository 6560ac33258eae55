import { existsSync, lstatSync } from "node:fs";
import type { Config } from "../config/config.ts";
import { PkgError, systemCode } from "../errors.ts";
import type { Installation } from "../package/installation.ts";
import { programLinks } from "../package/place.ts";
import { packagePath, placesOf } from "../profile/places.ts";
import { judgeProgram, type ProgramProblem } from "../programs/judge-program.ts";

/** A command of an installation that is no program of this machine: earlier versions of `pkg` placed anything. */
export interface UnusableProgram {
  /** Absolute. */
  readonly path: string;
  readonly problem: ProgramProblem;
}

/**
 * The files that commands lead to and that cannot be run here; one that is missing is damage, and no program at all.
 *
 * @throws {PkgError} FILE_SYSTEM, PERMISSION_DENIED
 */
export async function unusablePrograms(
  config: Config,
  { directory, links, keg }: Installation,
): Promise<readonly UnusableProgram[]> {
  const place = { machine: config, searchPath: config.searchPath };
  const targets = new Set(programLinks(links).map(({ target }) => target));
  const unusable: UnusableProgram[] = [];
  for (const target of targets) {
    const path = packagePath(placesOf(config.paths, keg?.prefix), `${directory}/${target}`);
    if (isMissing(path)) continue;
    const { problem } = leadsNowhere(path) ? NOWHERE : await judgeProgram(path, place);
    if (problem !== null) unusable.push({ path, problem });
  }
  return unusable;
}

const NOWHERE = {
  problem: { code: "PACKAGE_UNINSTALLABLE", found: "a link that leads nowhere", expected: "a program", hint: null },
} as const;

function isMissing(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) === undefined;
  } catch (error) {
    // Something else is where one of its directories was.
    if (["ENOTDIR", "ELOOP"].includes(systemCode(error) ?? "")) return true;
    throw error;
  }
}

/** What a link of a keg leads to may have been in another one, which is gone. */
function leadsNowhere(path: string): boolean {
  return !existsSync(path);
}

/** The error about an installation with such commands. */
export function cannotRun({ name, version, reference }: Installation, unusable: readonly UnusableProgram[]): PkgError {
  const list = unusable.map(({ path, problem }) => `"${path}" is ${problem.found}, expected ${problem.expected}`);
  const code = unusable[0]?.problem.code ?? "PACKAGE_UNINSTALLABLE";
  return new PkgError(code, `Cannot run "${name}" ${version}: ${list.join("; ")}`, {
    hint: `Run \`pkg remove ${name}\`; to get its files, \`pkg pull ${reference} -o ${name}\``,
  });
}
