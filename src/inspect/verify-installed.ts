import { listSome } from "../base/lists.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { describeFailure, type FailedName, type Failure, type WithErrors } from "../capabilities/outcome.ts";
import type { Config } from "../config/config.ts";
import { PkgError } from "../errors.ts";
import { reinstallHint } from "../install/reinstall-hint.ts";
import { listPaths } from "../install/tell-kept.ts";
import type { Installation } from "../package/installation.ts";
import type { Damage } from "../profile/profile.ts";
import { describeMissing, findAllInstalled } from "../resolve/find-installed.ts";
import { cannotRun, type UnusableProgram, unusablePrograms } from "./installed-programs.ts";

/** What was found for each package. */
export interface VerifyOutcome {
  readonly packages: readonly (VerifiedInstallation | FailedName)[];
  /** Directories of packages that nothing records, if all were to be verified: absolute paths. */
  readonly unrecorded: readonly string[];
}

/** Whether an installation is as it was placed. */
export interface VerifiedInstallation {
  readonly name: string;
  readonly version: string;
  /** `unusable`: as it was placed, but a command of it is no program of this machine. */
  readonly state: "ok" | "damaged" | "unusable";
  readonly files: readonly VerifiedFile[];
  /** What is in its directory and was not placed there, such as what the program wrote: absolute paths. */
  readonly unrecorded: readonly string[];
  /** Why nobody can vouch for it, unless it is as it should be. */
  readonly error?: Failure;
}

interface VerifiedFile {
  readonly path: string;
  readonly state: "ok" | "missing" | "changed" | "unusable";
  readonly expected?: string;
  readonly found?: string;
}

type VerifyCapabilities = Pick<Capabilities, "config" | "records" | "signal" | "emit">;

/**
 * Hashes again what is installed; a package is damaged if any of its files or links is not as it was placed, and unusable if
 * a command of it is no program. NOT_INSTALLED for what is not installed.
 */
export async function verifyInstalled(
  cap: VerifyCapabilities,
  { texts, directory }: { readonly texts: readonly string[]; readonly directory: string },
): Promise<WithErrors<VerifyOutcome>> {
  const { installations, profile } = await cap.records();
  const { found, missing } = findAllInstalled({ installations, directory }, texts);
  const chosen = texts.length === 0 ? installations.list() : found.map(({ installation }) => installation);
  const totalBytes = chosen.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  cap.emit({ kind: "tasks-planned", tasks: chosen.length, totalBytes });
  const moved = await movedBottles(cap);
  const packages: (VerifiedInstallation | FailedName)[] = [];
  const errors: PkgError[] = [];
  for (const installation of chosen) {
    const { problem, ...verified } = await verify(cap, installation, moved);
    packages.push(problem === null ? verified : { ...verified, error: describeFailure(problem) });
    if (problem !== null) errors.push(problem);
  }
  const unrecorded = texts.length === 0 ? profile.strays() : [];
  const lost = installations.isEmpty() && unrecorded.length > 0 ? [recordLost(unrecorded)] : [];
  return {
    outcome: { packages: [...packages, ...missing.map(describeMissing)], unrecorded },
    errors: [...errors, ...missing.map(({ error }) => error), ...lost],
  };
}

function recordLost(paths: readonly string[]): PkgError {
  return new PkgError("INTEGRITY", `Cannot vouch for ${listPaths(paths)}: nothing is recorded as installed`, {
    hint: "Install those packages again: that takes over what is there",
  });
}

async function verify(
  cap: VerifyCapabilities,
  installation: Installation,
  moved: Moved | null,
): Promise<VerifiedInstallation & { readonly problem: PkgError | null }> {
  const { name, version } = installation;
  cap.emit({ kind: "task-started", id: name, title: `verify ${name}`, totalBytes: installation.sizeBytes });
  const { profile } = await cap.records();
  const files = await profile.verify(installation, cap.signal);
  const unrecorded = profile.unrecorded(installation);
  const bad = files.filter((file) => file.state !== "ok");
  const unusable = bad.length > 0 ? [] : await unusablePrograms(cap.config, installation);
  const state = bad.length > 0 ? "damaged" : unusable.length > 0 ? "unusable" : "ok";
  cap.emit({ kind: "task-done", id: name, summary: state });
  return {
    ...{ name, version, state, files: files.map((file) => withProblem(file, unusable)), unrecorded },
    problem:
      bad.length > 0
        ? damageOf(cap.config, installation, { bad, moved, ...profile.damage(installation) })
        : unusable.length > 0
          ? cannotRun(installation, unusable)
          : null,
  };
}

interface Found extends Pick<Damage, "broken"> {
  readonly bad: readonly VerifiedFile[];
  readonly moved: Moved | null;
}

function damageOf(config: Config, installation: Installation, { bad, broken, moved }: Found): PkgError {
  const { name, version, keg } = installation;
  const place = bad.find(({ expected }) => expected !== undefined && expected === keg?.prefix);
  if (place !== undefined && moved !== null) {
    const found = `it is in "${place.path}", and its files name "${place.expected}", where it was poured`;
    return new PkgError("INTEGRITY", `Cannot vouch for "${name}" ${version}: ${found}`, moved);
  }
  const list = listSome(
    bad.map((file) => `"${file.path}" is ${file.state}`),
    MAX_BAD,
  );
  return new PkgError("INTEGRITY", `Cannot vouch for "${name}" ${version}: ${list}`, {
    hint: bad.every(({ path }) => broken.includes(path))
      ? `Run \`pkg update ${name}\`, which places it again`
      : reinstallHint(installation, config),
  });
}

/** More are in the JSON output. */
const MAX_BAD = 5;

/** What to do where bottles are elsewhere than they were poured, or than the config has them; what says so is seldom needed, so it is loaded then. */
async function movedBottles(cap: VerifyCapabilities): Promise<Moved | null> {
  const { installations } = await cap.records();
  const poured = installations.prefix();
  if (poured === null || poured === cap.config.paths.prefix) return null;
  const [{ tellMoved }, { movedHint }] = await Promise.all([
    import("../install/open-for-change.ts"),
    import("../profile/prefix.ts"),
  ]);
  const moved = await tellMoved(cap);
  return moved === null ? null : { hint: movedHint(moved) };
}

interface Moved {
  readonly hint: string;
}

function withProblem(file: VerifiedFile, unusable: readonly UnusableProgram[]): VerifiedFile {
  const problem = unusable.find(({ path }) => path === file.path)?.problem;
  return problem === undefined
    ? file
    : { ...file, state: "unusable", expected: problem.expected, found: problem.found };
}
