import { CONTENT_DECODERS } from "../archive/content-decoders.ts";
import { type RetryPolicy, sleep } from "../base/retry.ts";
import type { Secrets } from "../base/secrets.ts";
import type { Config } from "../config/config.ts";
import type { Credentials } from "../credentials/credentials.ts";
import { PkgError } from "../errors.ts";
import { createHttpClient, type HttpClient } from "../http/client.ts";
import { openDownload } from "../http/download.ts";
import { onlineHint } from "../http/online-hint.ts";
import type { EndedRequest } from "../http/send-once.ts";
import { createRegistryClient } from "../registry-client/client.ts";
import { checkCredential } from "../registry-client/credentials-check.ts";
import type { RegistryClient } from "../registry-client/registry-client.ts";
import { registryRepository } from "../registry-client/registry-repository.ts";
import { openCertificates } from "./certificates.ts";
import { createHosts, type HostRules, type Hosts } from "./hosts.ts";
import type { Network, Purpose, RegistryPurpose } from "./network.ts";
import { waitWhileBusy } from "./wait-while-busy.ts";

/** To one server, where each takes one request at a time (HTTP/1.1). A package has some five small documents beside its file. */
const MOST_CONNECTIONS = 64;

export interface NetworkOptions {
  readonly config: HostRules &
    Partial<Pick<Config, "overrides">> &
    Pick<Config, "offline" | "proxy" | "caFile" | "caDirectories" | "concurrency">;
  /** The version of this program, for the `User-Agent`. */
  readonly version: string;
  /** Opened when a registry first asks for a credential. */
  readonly credentials: () => Promise<Credentials>;
  /** Where the secrets that are sent are remembered; unless given, nothing but the http client knows them. */
  readonly secrets?: Secrets;
  readonly retry: RetryPolicy;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly onRetry: (error: PkgError, waitMs: number) => void;
  /** Called with what was put up with, in words for a person. Default: nobody is told. */
  readonly onWarning?: (message: string) => void;
  /** Called whenever a request is over; `mirrorOf`: the registries that its server is a mirror of. */
  readonly onExchange?: (exchange: EndedRequest, mirrorOf: readonly string[]) => void;
  /** Where uploads under way are remembered for the next process; unless given, they are not. */
  readonly uploadDirectory?: string;
}

/** Builds the one network of a run; the caller closes its http client. @throws {PkgError} CONFIG_INVALID */
export function createNetwork(options: NetworkOptions): Network & { close(): Promise<void> } {
  const { config, retry } = options;
  const hosts = createHosts(config);
  const http = openHttp(options, hosts);
  const clients = { usual: registryClient(options, { http, hosts }, {}), options, http, hosts };
  const allow = (purpose: Purpose, name: (hosts: Hosts) => void) => {
    if (config.offline) throw offline(purpose, offlineBy(config));
    if (purpose.namedBy === "person") name(hosts);
  };
  const allowRegistry = (registry: string, purpose: Purpose) => allow(purpose, () => hosts.nameRegistry(registry));
  return {
    isOffline: config.offline,
    retry,
    repository: (reference, purpose) => {
      allowRegistry(reference.registry, purpose);
      return registryRepository(clientFor(clients, purpose), reference);
    },
    openRegistry: (registry, purpose) => {
      allowRegistry(registry, purpose);
      return { client: clientFor(clients, purpose), endpoint: hosts.endpointOf(registry) };
    },
    checkCredential: async (registry, check) => {
      allowRegistry(registry, check);
      const { credential, signal } = check;
      const endpoint = hosts.endpointOf(registry);
      const request = { http, now: options.now, signal, endpoint, registry, credential };
      const { random, onRetry } = options;
      return waitWhileBusy(() => checkCredential(request), { policy: retry, signal, random, sleep, onRetry });
    },
    request: async (request, purpose) => {
      allow(purpose, () => hosts.nameUrl(request.url));
      return http.request(request);
    },
    download: async (request, purpose) => {
      allow(purpose, () => hosts.nameUrl(request.url));
      return openDownload(http, request);
    },
    warm: (registry, namedBy, count) => {
      if (config.offline) return;
      if (namedBy === "person") hosts.nameRegistry(registry);
      clients.usual.warm(registry, count);
    },
    close: () => http.close(),
  };
}

function offline({ task }: Purpose, by: string): PkgError {
  return new PkgError("OFFLINE", `Cannot ${task}: ${by} is set`, { hint: onlineHint(by) });
}

/** What was typed, or set, so that no request is sent. */
function offlineBy({ overrides }: Pick<NetworkOptions["config"], "overrides">): string {
  const origin = overrides?.offline;
  return origin?.kind === "environment" ? origin.name : "--offline";
}

function openHttp(
  { config, version, secrets, onExchange }: NetworkOptions,
  { trustedOrigins, insecureOrigins }: Hosts,
): HttpClient {
  return createHttpClient({
    decoders: CONTENT_DECODERS,
    userAgent: `pkg/${version}`,
    idleTimeoutMs: 30_000,
    minBytesPerSecond: 1024,
    connectTimeoutMs: 10_000,
    connectionsPerOrigin: Math.min(MOST_CONNECTIONS, Math.max(8, config.concurrency * 4)),
    trustedOrigins,
    insecureOrigins,
    proxy: config.proxy,
    ca: openCertificates(config),
    offline: config.offline,
    offlineBy: offlineBy(config),
    ...(secrets === undefined ? {} : { secrets }),
    ...(onExchange === undefined
      ? {}
      : { onExchange: (exchange: EndedRequest) => onExchange(exchange, mirroredBy(config, exchange.url)) }),
  });
}

function mirroredBy({ registries }: HostRules, { origin }: URL): readonly string[] {
  return Object.entries(registries)
    .filter(([, { mirrors }]) => mirrors.some((mirror) => new URL(mirror).origin === origin))
    .map(([registry]) => registry);
}

type ClientChoice = Pick<RegistryPurpose, "anonymous" | "withoutMirrors" | "retry">;

interface Clients {
  /** The client set up as the config says; reused, because it keeps the tokens that registries issued. */
  readonly usual: RegistryClient;
  readonly options: NetworkOptions;
  readonly http: HttpClient;
  readonly hosts: Hosts;
}

function clientFor({ usual, options, ...parts }: Clients, choice: ClientChoice): RegistryClient {
  const { anonymous = false, withoutMirrors = false, retry } = choice;
  return anonymous || withoutMirrors || retry !== undefined ? registryClient(options, parts, choice) : usual;
}

function registryClient(
  options: NetworkOptions,
  { http, hosts }: Pick<Clients, "http" | "hosts">,
  { anonymous = false, withoutMirrors = false, retry = options.retry }: ClientChoice,
): RegistryClient {
  const { random, now, onRetry, onWarning, credentials, config, uploadDirectory } = options;
  return createRegistryClient({
    ...{ http, retry, random, now, onRetry },
    ...(onWarning === undefined ? {} : { onWarning }),
    ...(uploadDirectory === undefined ? {} : { uploadDirectory }),
    registries: withoutMirrors ? {} : config.registries,
    plainHttp: (registry) => hosts.plainHttp(registry),
    ...(anonymous
      ? {}
      : {
          credentials: {
            credentialsFor: async (location, signal) => (await credentials()).credentialsFor(location, signal),
            sourceOf: async (location, signal) => (await (await credentials()).sourceOf?.(location, signal)) ?? null,
          },
        }),
  });
}
