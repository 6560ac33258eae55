import { installedProgram } from "../../environments/installed-program.ts";
import { type FoundBefore, type LookupRequest, rememberFound } from "../../environments/lookup.ts";
import { obtainProgram } from "../../environments/obtain-environment.ts";
import { isReference } from "../../resolve/spec.ts";
import { type CommandEnd, finishWith } from "../command.ts";
import type { Context } from "../context.ts";
import { program } from "../program.ts";
import { type EnvironmentArguments, isLatest, mayBeFoundBefore } from "./environment-options.ts";
import { atWritablePlace, environmentRequest } from "./environment-request.ts";
import { foretell } from "./foretell-environment.ts";

/** What was typed for `pkg run`. */
export interface RunArguments extends EnvironmentArguments {
  readonly spec: string;
  readonly program: string | undefined;
  /** What the program is given. */
  readonly args: readonly string[];
  readonly lookup: LookupRequest;
}

/** Finds the program out, and remembers what it found for the next run. */
export async function runPackage(context: Context, typed: RunArguments): Promise<CommandEnd> {
  const { spec, lookup, args } = typed;
  const wanted = typed.program ?? null;
  // Of an image, the program is what is taken from it.
  const programs = wanted !== null && isReference(spec) ? [wanted] : [];
  const request = {
    ...environmentRequest(context, [spec], { ...typed, programs, isOnPath: false }),
    spec,
    program: wanted,
  };
  const mayBeInstalled = request.skip.length === 0 && request.key === null && !typed.refresh && !isLatest(spec);
  const installed = mayBeInstalled ? await installedProgram(context, request) : null;
  if (context.dryRun) return foretell(context, request, installed);
  const isRemembered = mayBeFoundBefore([spec], typed);
  // Closing a database changes its files, by which what is remembered is judged.
  const remember = (found: FoundBefore) => (isRemembered ? () => rememberFound(lookup, found) : null);
  if (installed !== null) {
    return program(installed, args, { beforehand: remember({ environment: null, program: installed }) });
  }
  return await atWritablePlace(
    context,
    (at) => obtainProgram(at, { ...request, mayBeInstalled: false }),
    (found, { afterwards }) => {
      if (found.kind === "failed") return finishWith(context, found.errors);
      const { file, environment } = found;
      const kept = remember({ environment: environment?.directory ?? null, program: file });
      return program(file, args, { beforehand: afterwards === null ? kept : null, afterwards });
    },
  );
}
