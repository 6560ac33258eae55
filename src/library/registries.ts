import type { Credentials } from "../credentials/credentials.ts";
import { credentialSettings } from "../credentials/credentials-settings.ts";
import { createCredentialStore } from "../credentials/credentials-store.ts";
import { type ProxyOptions, proxyFromEnvironment } from "../http/proxy.ts";
import {
  openRegistries as openAccess,
  type RegistryAccess,
  type RegistryAccessOptions,
} from "../registry-client/registry-access.ts";
import { type Repository, repositoryOf } from "./repository.ts";

/** Registries, reached over one pool of connections. */
export interface Registries extends RegistryAccess {
  /**
   * A repository of a registry.
   *
   * @param reference such as `ghcr.io/owner/name`; a tag or digest after it is ignored
   * @throws {PkgError} REFERENCE_INVALID
   */
  repository(reference: string): Repository;
}

/** The options of openRegistries(); all of them may be left out. */
export interface RegistriesOptions extends Omit<RegistryAccessOptions, "proxy"> {
  /**
   * The URL of a proxy for all registries but those on this machine, or one for each scheme; null: none. Default: what
   * the environment says in `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`.
   */
  readonly proxy?: string | Partial<ProxyOptions> | null;
}

/** The options of dockerCredentials(): where it looks, and who is warned about helpers that do not work. */
export interface DockerCredentialsOptions {
  /** Says where the files are, and has the `PATH` of credential helpers. Default: this process's own environment. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Called once for each helper that a lookup has to do without. Default: such helpers are not reported. */
  readonly onWarning?: (message: string) => void;
}

/**
 * Opens access to registries of the OCI distribution-spec.
 *
 * @throws {PkgError} CONFIG_INVALID: from the first request, for a proxy that is not a URL
 */
export function openRegistries(options: RegistriesOptions = {}): Registries {
  const { proxy = proxyFromEnvironment(process.env) } = options;
  const access = openAccess({ ...options, proxy });
  return { ...access, repository: (reference) => repositoryOf(access.repository(reference)) };
}

/**
 * The credentials that docker, podman and `pkg login` keep, their helper programs included: only `$REGISTRY_AUTH_FILE`
 * if it is set; else `$DOCKER_CONFIG/config.json` (by default `~/.docker/config.json`), then `containers/auth.json` in
 * `$XDG_RUNTIME_DIR` (by default `/run/containers/UID`) and `$XDG_CONFIG_HOME`; finally, for ghcr.io, `$GITHUB_TOKEN` and `$GH_TOKEN`. They are read when
 * a registry first asks for one.
 */
export function dockerCredentials(options: DockerCredentialsOptions = {}): Credentials {
  const { env = process.env, onWarning = () => {} } = options;
  const store = createCredentialStore({ settings: credentialSettings(env, process.getuid?.() ?? null), onWarning });
  return { credentialsFor: (location, signal) => store.credentialsFor(location, signal) };
}
