import { readFileSync } from "node:fs";
import { once } from "../base/once.ts";
import { DEFAULT_RETRY_POLICY, type RetryPolicy, sleep } from "../base/retry.ts";
import type { Network, State } from "../capabilities/capabilities.ts";
import type { Context } from "../commands/context.ts";
import type { Config } from "../config/config.ts";
import { indexReference } from "../config/repository-rules.ts";
import type { CredentialStore } from "../credentials/credentials-store.ts";
import { PkgError, systemCode } from "../errors.ts";
import { isLoopbackHost } from "../http/addresses.ts";
import { openDownload } from "../http/download.ts";
import type { Reporter } from "../report/reporter.ts";
import { createPackageIndexes } from "../state/package-indexes.ts";
import type { TrustStore } from "../state/trust.ts";

export interface ContextOptions {
  readonly config: Config;
  readonly report: Reporter;
  readonly signal: AbortSignal;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly workingDirectory: string;
  readonly json: boolean;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly version: string;
  /** What was typed, for those who wait for the lock. */
  readonly commandLine: string;
}

/** Builds every capability at most once, when it is first used, so that a command loads only the rooms it needs. */
export function createContext(options: ContextOptions): Context {
  const { config, report, signal } = options;
  const credentials = once(() => openCredentials(options));
  const network = once(() => createNetwork(options, credentials.get));
  const state = once(() => openState(options));
  const trust = once(() => openTrust(config));
  return {
    ...options,
    emit: report.emit,
    now: Date.now,
    retry: {
      policy: retryPolicy(config),
      random: Math.random,
      sleep,
      onRetry: tellRetry(report, "the place read from"),
    },
    indexes: createPackageIndexes(config.paths.index),
    credentials: credentials.get,
    network: network.get,
    state: async () => (await state.get()).state,
    trust: async () => (await trust.get()).store,
    signal,
    close: async () => {
      await (await network.made())?.http.close();
      (await state.made())?.close();
      (await trust.made())?.close();
    },
  };
}

function retryPolicy({ retryForMs }: Config): RetryPolicy {
  return { ...DEFAULT_RETRY_POLICY, patienceMs: retryForMs ?? DEFAULT_RETRY_POLICY.patienceMs };
}

function tellRetry({ emit }: Reporter, what: string) {
  return (error: PkgError, waitMs: number) => emit({ kind: "retrying", what, waitMs, reason: error.message });
}

async function openCredentials({ config, report }: ContextOptions): Promise<CredentialStore> {
  const { createCredentialStore } = await import("../credentials/credentials-store.ts");
  const onWarning = (message: string) => report.emit({ kind: "warning", message });
  return createCredentialStore({ settings: config.credentials, onWarning });
}

async function createNetwork(options: ContextOptions, credentials: () => Promise<CredentialStore>): Promise<Network> {
  const { config, report } = options;
  const [{ createHttpClient }, { createRegistryClient }, { registryEndpoint }] = await Promise.all([
    import("../http/client.ts"),
    import("../registry-client/client.ts"),
    import("../registry-client/endpoints.ts"),
  ]);
  const trustedOrigins = new Set(originsOf(config));
  const insecureOrigins = new Set<string>();
  const http = createHttpClient({
    userAgent: `pkg/${options.version}`,
    idleTimeoutMs: 30_000,
    minBytesPerSecond: 1024,
    connectTimeoutMs: 10_000,
    connectionsPerOrigin: Math.max(8, config.concurrency * 2),
    trustedOrigins,
    insecureOrigins,
    proxy: config.proxy,
    ca: config.caFile === null ? null : readCertificates(config.caFile),
  });
  /** Registries that a person named in this run: the flags of the command line are about these. */
  const named = new Set<string>();
  const plainHttp = (registry: string) =>
    (named.has(registry) ? config.namedRegistries.plainHttp : null) ??
    config.registries[registry]?.plainHttp ??
    isLoopbackRegistry(registry);
  const endpointOf = (name: string) => registryEndpoint({ registries: config.registries, plainHttp }, name);
  const registry = createRegistryClient({
    http,
    registries: config.registries,
    plainHttp,
    // Looked up when a registry first asks for one.
    credentials: {
      credentialsFor: async (location, signal) => (await credentials()).credentialsFor(location, signal),
    },
    retry: retryPolicy(config),
    random: Math.random,
    now: Date.now,
    onRetry: tellRetry(report, "the registry"),
  });
  return {
    http,
    registry,
    retry: retryPolicy(config),
    openDownload: (request) => openDownload(http, request),
    endpointOf,
    trustIndexUrl: (url) => {
      for (const origin of indexOrigins(url, plainHttp)) trustedOrigins.add(origin);
    },
    trust: ({ registry: name }) => {
      named.add(name);
      const { origin } = endpointOf(name).base;
      trustedOrigins.add(origin);
      if (config.namedRegistries.insecure) insecureOrigins.add(origin);
    },
  };
}

/** Every origin the configuration names. */
function originsOf(config: Config): readonly string[] {
  const plainHttp = (registry: string) => config.registries[registry]?.plainHttp ?? isLoopbackRegistry(registry);
  const repositories = config.repositories.flatMap(({ url }) => indexOrigins(url, plainHttp));
  const registries = Object.entries(config.registries).flatMap(([registry, { mirrors, plainHttp }]) => [
    registryOrigin(registry, plainHttp),
    ...mirrors.map((mirror) => new URL(mirror).origin),
  ]);
  return [...repositories, ...registries];
}

/** Where an index comes from; it must come over https, or from this machine. None for a file. */
function indexOrigins(text: string, plainHttp: (registry: string) => boolean): readonly string[] {
  const reference = indexReference(text);
  if (reference !== null) return [registryOrigin(reference.registry, plainHttp(reference.registry))];
  const url = new URL(text);
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopbackHost(url)) ? [url.origin] : [];
}

function registryOrigin(registry: string, plainHttp: boolean): string {
  return new URL(`${plainHttp ? "http" : "https"}://${registry}`).origin;
}

/** As everywhere in the field: a registry on this machine speaks plain HTTP unless the config says otherwise. */
function isLoopbackRegistry(registry: string): boolean {
  return isLoopbackHost(new URL(`http://${registry}`));
}

function readCertificates(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new PkgError(
      "CONFIG_INVALID",
      `Cannot read certificates "${path}": ${systemCode(error) ?? "unknown error"}`,
      { cause: error },
    );
  }
}

async function openTrust(config: Config): Promise<{ readonly store: TrustStore; close(): void }> {
  const [{ openDatabase }, { createTrustStore }] = await Promise.all([
    import("../state/database.ts"),
    import("../state/trust.ts"),
  ]);
  const database = openDatabase(config.paths.stateDatabase);
  return { store: createTrustStore(database), close: () => database.close() };
}

async function openState(options: ContextOptions): Promise<{ readonly state: State; close(): void }> {
  const { openInstallationState } = await import("../capabilities/open-state.ts");
  return openInstallationState({
    paths: options.config.paths,
    emit: options.report.emit,
    signal: options.signal,
    commandLine: options.commandLine,
    retry: retryPolicy(options.config),
  });
}
