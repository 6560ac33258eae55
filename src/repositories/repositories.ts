import type { Capabilities } from "../capabilities/capabilities.ts";
import type { Failure } from "../capabilities/outcome.ts";
import type { Config } from "../config/config.ts";
import type { RepositoryKind } from "../config/defaults.ts";
import { editRepositories } from "../config/edit.ts";
import type { ConfiguredRepository } from "../config/repository.ts";
import { checkRepositoryName } from "../config/repository-rules.ts";
import { PkgError } from "../errors.ts";
import { isExpired } from "../verify/index-freshness.ts";
import { writeConfigText, writeRepository } from "./config-file.ts";
import { configuredKeys, describeTrust, type KeySummary, type TrustSummary } from "./index-summary.ts";
import { isSigned, readIndexMeta } from "./known-version.ts";
import { unsignedNotice } from "./unsigned-notice.ts";

export type RepositoryCapabilities = Pick<Capabilities, "config" | "indexes" | "now">;

export interface RepositorySummary {
  readonly name: string;
  readonly url: string;
  readonly enabled: boolean;
  readonly builtIn: boolean;
  /** What is at its address. */
  readonly kind: RepositoryKind;
  /** Why the program would rather not have it enabled; null: there is no reason. */
  readonly whyDisabled: string | null;
  /** The keys that may sign its index, if that names them; else those in the config. */
  readonly keys: readonly KeySummary[];
  readonly require: readonly string[];
  /** ISO 8601; null when it was never synced. */
  readonly syncedAt: string | null;
  readonly packageCount: number | null;
  /** One for each version, and each build of it. */
  readonly entryCount: number | null;
  /** Whether its index is signed; null when it was never synced. */
  readonly signed: boolean | null;
  /** What it means that its index is not signed; null: it is. */
  readonly notice: string | null;
  /** Since when its formulae have been the same, ISO 8601; null: it has none, or was never synced. */
  readonly unchangedSince: string | null;
  /** When and why its index could not be fetched the last time; null: it could, or nobody has tried. */
  readonly failure: { readonly failedAt: string; readonly error: Failure } | null;
  /** What its index says about itself; null for an index of an older version. */
  readonly trust: (TrustSummary & { readonly expired: boolean }) | null;
}

export interface RepositoriesOutcome {
  readonly repositories: readonly RepositorySummary[];
}

/** Every configured repository with the state of its index. */
export function summarizeRepositories(cap: RepositoryCapabilities): RepositoriesOutcome {
  return { repositories: cap.config.repositories.map((repository) => summarize(cap, repository)) };
}

function summarize(
  { indexes, now }: Pick<RepositoryCapabilities, "indexes" | "now">,
  repository: ConfiguredRepository,
): RepositorySummary {
  const { name, url, enabled, builtIn, kind, whyDisabled } = repository;
  const meta = readIndexMeta(indexes, name);
  const freshAt = indexes.freshAt(name);
  const known = meta?.trust ?? null;
  const trust = known === null ? null : { ...describeTrust(known, url), expired: isExpired(known, now()) };
  return {
    name,
    url,
    enabled,
    builtIn,
    kind,
    whyDisabled,
    keys: trust === null ? configuredKeys(repository) : trust.keys,
    require: repository.policy.require,
    syncedAt: freshAt === null ? null : new Date(freshAt).toISOString(),
    packageCount: meta?.packages ?? null,
    entryCount: meta?.entries ?? null,
    signed: meta === null ? null : isSigned(meta),
    notice: meta === null || isSigned(meta) ? null : unsignedNotice(repository),
    unchangedSince: kind === "index" || meta === null ? null : new Date(meta.syncedAtMs).toISOString(),
    failure: failureOf(indexes, repository),
    trust,
  };
}

function failureOf(
  { failures }: RepositoryCapabilities["indexes"],
  { name, url }: ConfiguredRepository,
): RepositorySummary["failure"] {
  const failure = failures.get(name);
  if (failure === null || failure.url !== url || Number.isNaN(failure.atMs)) return null;
  const { atMs, code, message } = failure;
  return {
    failedAt: new Date(atMs).toISOString(),
    error: { code, message, hint: `Run \`pkg sync ${name}\` to try again` },
  };
}

export interface RepositoryChange {
  readonly name: string;
  readonly action: "remove" | "enable" | "disable";
  readonly configFile: string;
  /** What was pinned and is now forgotten; null: nothing was pinned. */
  readonly forgotten: TrustSummary | null;
  /** The installed packages that no repository updates any more. */
  readonly orphans: readonly { readonly name: string }[];
}

/**
 * Removes a repository and its index, and forgets its keys; one that ships with the program can only be disabled.
 *
 * @throws {PkgError} USAGE, REPOSITORY_UNKNOWN
 */
export async function removeRepository(
  cap: RepositoryCapabilities & Pick<Capabilities, "trust">,
  name: string,
): Promise<RepositoryChange> {
  // What nothing can be called, such as "../state", must not become the path of a file.
  checkRepositoryName(name, "USAGE");
  const trust = await cap.trust();
  const pinned = trust.get(name);
  // A repository that was removed from the file by hand is still known here.
  const isKnown = pinned !== null || trust.owners.inUse(name) !== null || cap.indexes.freshAt(name) !== null;
  const isGone = isKnown && findOrNull(cap.config, name) === null;
  if (!isGone) removeFromConfig(cap.config, name);
  cap.indexes.remove(name);
  trust.forget(name);
  const orphaned = trust.owners.retire(name, cap.now());
  return {
    ...change(cap.config, name, "remove"),
    forgotten: pinned === null ? null : describeTrust(pinned, pinned.url),
    orphans: orphaned.map((orphan) => ({ name: orphan })),
  };
}

function removeFromConfig(config: Config, name: string): void {
  if (findRepository(config, name).builtIn) {
    throw new PkgError("USAGE", `Cannot remove "${name}": it ships with the program`, {
      hint: `Run \`pkg repo disable ${name}\``,
    });
  }
  writeConfigText(config, editRepositories(config.fileText, { kind: "remove", name }));
}

/** Enables or disables a repository in the config file. @throws {PkgError} REPOSITORY_UNKNOWN, CONFIG_INVALID */
export function setRepositoryEnabled(
  { config, emit }: Pick<Capabilities, "config" | "emit">,
  name: string,
  enabled: boolean,
): RepositoryChange {
  const { whyDisabled } = findRepository(config, name);
  writeRepository(config, name, { enabled });
  if (enabled && whyDisabled !== null) emit({ kind: "warning", message: `${name} may be of no use: ${whyDisabled}` });
  return change(config, name, enabled ? "enable" : "disable");
}

function change({ paths }: Config, name: string, action: RepositoryChange["action"]): RepositoryChange {
  return { name, action, configFile: paths.configFile, forgotten: null, orphans: [] };
}

/** The names of all repositories. */
export function namesOf({ repositories }: Pick<Config, "repositories">): readonly string[] {
  return repositories.map(({ name }) => name);
}

/** The repository of that name; null: none is configured. */
export function findOrNull(config: Config, name: string): ConfiguredRepository | null {
  return config.repositories.find((repository) => repository.name === name) ?? null;
}

/** The repository of that name. @throws {PkgError} REPOSITORY_UNKNOWN */
export function findRepository(config: Config, name: string): ConfiguredRepository {
  const repository = findOrNull(config, name);
  if (repository !== null) return repository;
  throw new PkgError("REPOSITORY_UNKNOWN", `Cannot find repository "${name}"`, {
    hint: `Configured: ${config.repositories.map((known) => known.name).join(", ")}`,
  });
}
