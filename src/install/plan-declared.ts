import { basename, dirname } from "node:path";
import type { Capabilities } from "../capabilities/capabilities.ts";
import type { Config } from "../config/config.ts";
import { isSameAddress } from "../config/same-address.ts";
import { type Declaration, type DeclaredPackage, declaredFor } from "../declare/declaration.ts";
import { readDeclaration } from "../declare/find-file.ts";
import { PkgError } from "../errors.ts";
import type { Waiver } from "../package/policy.ts";
import type { InstalledState } from "../plan/plan.ts";
import { findAnyway } from "../resolve/find-installed.ts";
import type { Looking } from "../resolve/looking.ts";
import type { Resolved } from "../resolve/resolve.ts";
import type { ChoosePackage } from "../resolve/settle-ambiguous.ts";
import type { InstallPlan } from "./install-outcome.ts";
import { openForChange } from "./open-for-change.ts";
import { planWanted } from "./plan-install.ts";
import { profileInUse } from "./profile-in-use.ts";
import { type DeclaredContext, resolveDeclared } from "./resolve-declared.ts";

/** What `pkg apply` was asked for. */
export interface ApplyRequest {
  /** The path of the file, as typed; null: the project's own, or else the user-wide one. */
  readonly file: string | null;
  /** Where a person is. */
  readonly directory: string;
  /** Whether what is not in the file, and nothing in it needs, is removed. */
  readonly prune: boolean;
  readonly dryRun: boolean;
  readonly skip: readonly Waiver[];
  readonly choose: ChoosePackage;
}

/** A plan, and the file that it comes from. */
export interface DeclaredPlan {
  readonly file: string;
  readonly plan: InstallPlan;
}

/**
 * Plans what makes the profile match a file, and changes nothing: what is added, what is changed to what the file wants, and with
 * `prune` what goes. A package that fails does not affect the others.
 *
 * @throws {PkgError} CONFIG_INVALID for a file that cannot be read, or is of another profile; REPOSITORY_UNKNOWN;
 * PERMISSIONS_UNSAFE
 */
export async function planDeclared(cap: Capabilities, request: ApplyRequest): Promise<DeclaredPlan> {
  const declaration = readDeclared(cap, request);
  const { path: file } = declaration;
  const directory = dirname(file);
  const wanted = packagesHere(cap.config, declaration);
  await openForChange(cap, request.dryRun);
  const named = new Set<string>();
  const find = async (looking: Looking): Promise<readonly Resolved[]> => {
    const context: DeclaredContext = { cap, looking, ...request, directory };
    const resolved = await resolveDeclared(context, wanted);
    for (const item of resolved) if ("resolution" in item) named.add(item.resolution.name);
    return resolved;
  };
  const plan = await planWanted(cap, { skip: request.skip, reinstall: false, recordsRequest: true, find });
  if (!request.prune) return { file, plan };
  const released = await releasedBy(cap, { directory, wanted, named });
  return { file, plan: { ...plan, plan: { ...plan.plan, released } } };
}

/** Reads the file that is meant, and says what of it is not read. @throws {PkgError} as readDeclaration */
export function readDeclared(
  { config, emit }: Pick<Capabilities, "config" | "emit">,
  { file, directory }: Pick<ApplyRequest, "file" | "directory">,
): Declaration {
  const declaration = readDeclaration({ directory, configFile: config.paths.configFile }, file);
  for (const { line, text, why } of declaration.notRead) {
    const where = line === null ? "" : `, line ${line}`;
    emit({ kind: "warning", message: `"${text}" (${basename(declaration.path)}${where}) is not read: ${why}` });
  }
  return declaration;
}

/**
 * What of a file is for this machine and the profile in use.
 *
 * @throws {PkgError} CONFIG_INVALID for a file of another profile; REPOSITORY_UNKNOWN for a repository that is not configured so
 */
export function packagesHere(config: Config, declaration: Declaration): readonly DeclaredPackage[] {
  const profile = profileInUse(config);
  checkProfile(declaration, profile);
  checkRepositories(config, declaration);
  return declaredFor(declaration, { host: config.host, profile });
}

function checkProfile({ path, profile }: Declaration, inUse: string): void {
  if (profile === null || profile === inUse) return;
  throw new PkgError(
    "CONFIG_INVALID",
    `Cannot apply "${path}": it is for the profile "${profile}", and "${inUse}" is in use`,
    {
      hint: `Change \`profile\` in the file`,
    },
  );
}

/** A file adds no repository: whoever wrote it would decide what is trusted. */
function checkRepositories({ repositories, host }: Config, { path, repositories: declared }: Declaration): void {
  const [arch = ""] = host.split("-");
  for (const [name, written] of declared) {
    const url = written.replaceAll("{arch}", arch);
    const own = repositories.find((repository) => repository.name === name);
    if (own !== undefined && isSameAddress(own.url, url)) continue;
    const found = own === undefined ? "no such repository is configured" : `"${name}" is at "${own.url}"`;
    throw new PkgError(
      "REPOSITORY_UNKNOWN",
      `Cannot use "${path}": its repository "${name}" is at "${url}", and ${found}`,
      {
        hint:
          own === undefined ? `Run \`pkg repo add ${name} ${url}\`, if you trust it` : "Use another name in the file",
      },
    );
  }
}

interface Released {
  readonly directory: string;
  readonly wanted: readonly DeclaredPackage[];
  /** Names that what is in the file is installed under. */
  readonly named: ReadonlySet<string>;
}

/** What was asked for and is not in the file; of what could not be resolved, what is there stays. */
async function releasedBy(
  cap: Pick<Capabilities, "records">,
  { directory, wanted, named }: Released,
): Promise<readonly InstalledState[]> {
  const { installations } = await cap.records();
  const words = { installations, directory };
  const there = wanted.flatMap(({ spec, name }) => [findAnyway(words, spec)?.name ?? name, name]);
  const kept = new Set([...named, ...there]);
  return installations
    .list()
    .filter(({ name, isDependency }) => !isDependency && !kept.has(name))
    .flatMap(({ name }) => installations.get(name) ?? []);
}
