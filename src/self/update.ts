import { realpathSync } from "node:fs";
import { join } from "node:path";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { PARTS } from "../environments/environment-place.ts";
import { makeEnvironment } from "../environments/make-environment.ts";
import { planEnvironment } from "../environments/plan-environment.ts";
import { PkgError } from "../errors.ts";
import { compareVersions } from "../package/version.ts";
import type { Resolution } from "../plan/resolution.ts";
import { expectOwn, previousProgram } from "./own-program.ts";
import { SELF_KEY, SELF_REFERENCE } from "./publisher.ts";
import { replaceProgram } from "./replace-program.ts";

/** How `pkg` is called as a program and as a package. */
const NAME = "pkg";

export interface SelfUpdateRequest {
  /** The program that runs; null: a checkout. */
  readonly program: string | null;
  /** Its version. */
  readonly version: string;
  /** Where its package is; null: what the config says, else SELF_REFERENCE. */
  readonly from: string | null;
  /** The publisher's public key; null: what the config says, else SELF_KEY. */
  readonly key: string | null;
  /** Whether an older version, or the same one, may take its place. */
  readonly force: boolean;
  /** Whether nothing is changed. */
  readonly dryRun: boolean;
  /** Where relative paths begin. */
  readonly directory: string;
}

export interface SelfUpdateOutcome {
  readonly dryRun: boolean;
  readonly action: "update" | "downgrade" | "reinstall" | "keep";
  readonly path: string;
  readonly previousVersion: string;
  /** What is there. */
  readonly version: string;
  readonly reference: string;
  /** Where the program before is; null: it is still in use. */
  readonly previousPath: string | null;
}

/**
 * Replaces the program that runs by the one of its package, verified as any other package, with a signature.
 *
 * @throws {PkgError} KEY_MISSING when no key is known; DOWNGRADE_REFUSED; as expectOwn, planEnvironment, makeEnvironment, replaceProgram
 */
export async function updateSelf(cap: Capabilities, request: SelfUpdateRequest): Promise<SelfUpdateOutcome> {
  const { force, dryRun } = request;
  const program = expectOwn(request.program, "update", cap.config.paths.packages);
  const { reference, key } = publisherOf(cap, request);
  const wanted = { specs: [reference], skip: [], key, directory: request.directory, isRefreshed: false };
  const planned = await planEnvironment(cap, wanted);
  const [failed] = planned.errors;
  if (failed !== undefined) throw failed;
  const resolution = resolutionOf(planned.plan.steps[0], reference);
  const action = actionFor(resolution.version, request);
  const outcome = {
    dryRun,
    action,
    path: program,
    previousVersion: request.version,
    version: resolution.version,
    reference,
  };
  if (action === "keep" || dryRun) return { ...outcome, previousPath: null };
  const consent = { replace: [], names: [NAME], downgrade: force, signedAs: [] };
  const made = await makeEnvironment(cap, planned, consent);
  if (made.kind === "failed") throw made.errors[0] ?? new Error("There is neither an environment nor an error");
  const version = replaceProgram(program, realpathSync(join(made.environment.directory, PARTS.bin, NAME)));
  return { ...outcome, version, previousPath: previousProgram(program) };
}

function publisherOf({ config }: Capabilities, request: SelfUpdateRequest) {
  const reference = request.from ?? config.self.from ?? SELF_REFERENCE;
  const key = request.key ?? config.self.key ?? SELF_KEY;
  if (reference === null) {
    throw new PkgError("PACKAGE_NOT_FOUND", "Cannot update pkg: this build knows no registry that it comes from", {
      hint: "Name one with --from REGISTRY/NAME, or as `from` in the table [self] of config.toml",
    });
  }
  if (key === null) {
    throw new PkgError("KEY_MISSING", "Cannot update pkg: this build knows no key by which its releases are signed", {
      hint: "Give the publisher's public key with --key, or as `key` in the table [self] of config.toml",
    });
  }
  return { reference, key };
}

function resolutionOf(step: { readonly resolution: Resolution } | undefined, reference: string): Resolution {
  if (step?.resolution.name === NAME) return step.resolution;
  throw new PkgError("PACKAGE_NOT_FOUND", `Cannot update pkg: "${reference}" is not a package of pkg`, {
    hint: "Check the reference in --from, or in the table [self] of config.toml",
  });
}

function actionFor(version: string, request: SelfUpdateRequest): SelfUpdateOutcome["action"] {
  const order = compareVersions(version, request.version);
  if (order > 0) return "update";
  if (order === 0) return request.force ? "reinstall" : "keep";
  if (request.force) return "downgrade";
  throw new PkgError(
    "DOWNGRADE_REFUSED",
    `Cannot update pkg: ${version} is offered, which is lower than ${request.version}, the version in use`,
    { hint: "Add --force if you mean to go back; `pkg self rollback` takes the program before" },
  );
}
