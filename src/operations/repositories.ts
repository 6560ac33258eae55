import { dirname } from "node:path";
import type { Config, Repository } from "../config/config.ts";
import { type EditValue, editRepositories } from "../config/edit.ts";
import { parseConfig } from "../config/file.ts";
import { checkIndexUrl, checkRepositoryName } from "../config/repository-rules.ts";
import { PkgError } from "../errors.ts";
import { makeDirectory, writeFileAtomic } from "../fs/atomic.ts";
import { parsePublicKey } from "../verify/minisign.ts";
import type { Capabilities } from "./capabilities.ts";

export type RepositoryCapabilities = Pick<Capabilities, "config" | "indexes">;

export interface RepositorySummary {
  readonly name: string;
  readonly url: string;
  readonly enabled: boolean;
  readonly builtIn: boolean;
  readonly keys: readonly string[];
  readonly require: readonly string[];
  /** ISO 8601; null when it was never synced. */
  readonly syncedAt: string | null;
  readonly packages: number | null;
}

export interface RepositoriesOutcome {
  readonly repositories: readonly RepositorySummary[];
}

/** Every configured repository with the state of its index. */
export function listRepositories(cap: RepositoryCapabilities): RepositoriesOutcome {
  const repositories = cap.config.repositories.map(({ name, url, enabled, builtIn, policy }) => {
    const index = cap.indexes.open(name);
    const freshAt = cap.indexes.freshAt(name);
    const packages = index?.meta.entries ?? null;
    index?.close();
    return {
      name,
      url,
      enabled,
      builtIn,
      keys: policy.keys.map((key) => key.keyId),
      require: policy.require,
      syncedAt: freshAt === null ? null : new Date(freshAt).toISOString(),
      packages,
    };
  });
  return { repositories };
}

export interface AddRepositoryRequest {
  readonly name: string;
  readonly url: string;
  readonly keys: readonly string[];
}

export interface RepositoryChange {
  readonly name: string;
  readonly change: "added" | "removed" | "enabled" | "disabled";
  readonly configFile: string;
}

/**
 * Adds a repository to the config file.
 *
 * @throws {PkgError} REPOSITORY_EXISTS, USAGE, KEY_INVALID
 */
export function addRepository(cap: RepositoryCapabilities, request: AddRepositoryRequest): RepositoryChange {
  const { name, url, keys } = request;
  checkRepositoryName(name, "USAGE");
  checkIndexUrl(url, "USAGE");
  if (find(cap.config, name) !== undefined) {
    throw new PkgError("REPOSITORY_EXISTS", `Cannot add "${name}": a repository of that name is configured`, {
      hint: `Run \`pkg repo remove ${name}\` first, or choose another name`,
    });
  }
  const parsed = keys.map((key) => parsePublicKey(key).text);
  writeEdit(cap.config, name, { url, ...(parsed.length > 0 ? { keys: parsed } : {}) });
  return { name, change: "added", configFile: cap.config.paths.configFile };
}

/** Takes a repository and its index away; one that ships with the program can only be disabled. */
export function removeRepository(cap: RepositoryCapabilities, name: string): RepositoryChange {
  const repository = findRepository(cap.config, name);
  if (repository.builtIn) {
    throw new PkgError("USAGE", `Cannot remove "${name}": it ships with the program`, {
      hint: `Run \`pkg repo disable ${name}\``,
    });
  }
  writeText(cap.config, editRepositories(cap.config.fileText, { kind: "remove", name }));
  cap.indexes.remove(name);
  return { name, change: "removed", configFile: cap.config.paths.configFile };
}

export function setRepositoryEnabled(cap: RepositoryCapabilities, name: string, enabled: boolean): RepositoryChange {
  findRepository(cap.config, name);
  writeEdit(cap.config, name, { enabled });
  return { name, change: enabled ? "enabled" : "disabled", configFile: cap.config.paths.configFile };
}

function find(config: Config, name: string) {
  return config.repositories.find((repository) => repository.name === name);
}

/** @throws {PkgError} REPOSITORY_UNKNOWN */
export function findRepository(config: Config, name: string): Repository {
  const repository = find(config, name);
  if (repository !== undefined) return repository;
  throw new PkgError("REPOSITORY_UNKNOWN", `Cannot find repository "${name}"`, {
    hint: `Configured: ${config.repositories.map((known) => known.name).join(", ")}`,
  });
}

function writeEdit(config: Config, name: string, values: Readonly<Record<string, EditValue>>): void {
  writeText(config, editRepositories(config.fileText, { kind: "set", name, values }));
}

function writeText(config: Config, text: string): void {
  const { configFile } = config.paths;
  parseConfig(text, configFile);
  makeDirectory(dirname(configFile));
  writeFileAtomic(configFile, text, 0o644);
}
