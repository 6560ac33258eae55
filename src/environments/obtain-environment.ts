import { join } from "node:path";
import type { Capabilities } from "../capabilities/capabilities.ts";
import type { PkgError } from "../errors.ts";
import type { Consent, Question } from "../install/name-concerns.ts";
import { chooseProgram } from "./choose-program.ts";
import type { Environment } from "./environment.ts";
import { PARTS } from "./environment-place.ts";
import { installedProgram } from "./installed-program.ts";
import { type Made, makeEnvironment } from "./make-environment.ts";
import { type EnvironmentRequest, planEnvironment } from "./plan-environment.ts";

/** An environment to obtain. */
export interface ObtainRequest extends EnvironmentRequest {
  /** Answers the questions that the packages raise. */
  readonly consentTo: (questions: readonly Question[]) => Promise<Consent>;
}

/** The environment that words mean, made if it is not there. @throws {PkgError} as planEnvironment, makeEnvironment */
export async function obtainEnvironment(cap: Capabilities, request: ObtainRequest): Promise<Made> {
  const plan = await planEnvironment(cap, request);
  const consent = await request.consentTo(plan.questions);
  return await makeEnvironment(cap, plan, consent);
}

/** A program to run, or why there is none. */
export type Runnable =
  | { readonly kind: "program"; readonly file: string; readonly environment: Environment | null }
  | { readonly kind: "failed"; readonly errors: readonly PkgError[] };

/** A program of one package. */
export interface ProgramRequest extends Omit<ObtainRequest, "specs"> {
  readonly spec: string;
  /** Its name; null: the package's own. */
  readonly program: string | null;
  /** Whether what is installed will do. */
  readonly mayBeInstalled: boolean;
}

/**
 * The program that words mean: as it is installed, if it is, else in an environment of its own.
 *
 * @throws {PkgError} USAGE when it has several, and none is named; as obtainEnvironment
 */
export async function obtainProgram(cap: Capabilities, request: ProgramRequest): Promise<Runnable> {
  const { spec, program: wanted } = request;
  const installed = request.mayBeInstalled ? await installedProgram(cap, request) : null;
  if (installed !== null) return { kind: "program", file: installed, environment: null };
  const made = await obtainEnvironment(cap, { ...request, specs: [spec] });
  if (made.kind === "failed") return made;
  const { environment } = made;
  return { kind: "program", file: programIn(environment, { spec, wanted }), environment };
}

interface Wanted {
  readonly spec: string;
  readonly wanted: string | null;
}

function programIn({ directory, packages }: Environment, { spec, wanted }: Wanted): string {
  const asked = packages.filter(({ isDependency }) => !isDependency);
  const programs = asked.flatMap((item) => item.programs);
  const program = chooseProgram({ typed: spec, name: asked[0]?.name ?? spec, programs, wanted });
  return join(directory, PARTS.bin, program);
}
