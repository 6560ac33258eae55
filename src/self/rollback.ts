import { lstatSync } from "node:fs";
import { PkgError } from "../errors.ts";
import { expectOwn, previousProgram } from "./own-program.ts";
import { replaceProgram, versionOf } from "./replace-program.ts";

export interface SelfRollbackOutcome {
  readonly dryRun: boolean;
  readonly path: string;
  readonly previousVersion: string;
  readonly version: string;
}

/**
 * Puts back the program that was in use before the last update, and keeps the present one in its place.
 *
 * @throws {PkgError} NOT_INSTALLED when there is none; as expectOwn, replaceProgram
 */
export function rollbackSelf(
  { paths }: { readonly paths: { readonly packages: string } },
  request: { readonly program: string | null; readonly version: string; readonly dryRun: boolean },
): SelfRollbackOutcome {
  const program = expectOwn(request.program, "roll back", paths.packages);
  const previous = previousProgram(program);
  if (lstatSync(previous, { throwIfNoEntry: false })?.isFile() !== true) {
    throw new PkgError("NOT_INSTALLED", `Cannot roll back pkg: there is no program before this one, "${previous}"`, {
      hint: "`pkg self update` keeps one from now on",
    });
  }
  const version = request.dryRun ? versionOf(previous) : replaceProgram(program, previous);
  return { dryRun: request.dryRun, path: program, previousVersion: request.version, version };
}
