import { CONTENT_DECODERS } from "../archive/content-decoders.ts";
import { DEFAULT_RETRY, type RetrySettings, uninterrupted } from "../base/retry.ts";
import type { Credentials } from "../credentials/credentials.ts";
import { createHttpClient, type HttpClient } from "../http/client.ts";
import type { ProxyOptions } from "../http/proxy.ts";
import type { Target } from "../oci/content.ts";
import { parseReference, parseRegistry } from "../oci/reference.ts";
import { createRegistryClient } from "./client.ts";
import { isLoopbackRegistry, registryEndpoint } from "./endpoints.ts";
import type { RegistryClient } from "./registry-client.ts";
import { registryRepository } from "./registry-repository.ts";

/** How a program other than `pkg` uses registries; the defaults usually suffice. */
export interface RegistryAccessOptions {
  /** Asked when a registry requires credentials. Default: none, all access is anonymous. */
  readonly credentials?: Credentials;
  /**
   * Registries that speak plain http, such as `registry.lan:5000`, besides those on this machine, which always do; or a
   * function that decides for all registries.
   */
  readonly plainHttp?: readonly string[] | ((registry: string) => boolean);
  /** The URL of a proxy for all registries except those on this machine, or one for each scheme; null: none. */
  readonly proxy?: string | Partial<ProxyOptions> | null;
  /** PEM certificates to trust besides Node's own. */
  readonly ca?: string;
  /** How requests that fail in transit are retried. Default: DEFAULT_RETRY, for up to a minute. */
  readonly retry?: RetrySettings;
  /** Default: `pkg-oci`. */
  readonly userAgent?: string;
}

/** Access to registries over one pool of connections. */
export interface RegistryAccess {
  /**
   * A repository, for reading and writing.
   *
   * @param reference such as `ghcr.io/owner/name`; a tag or digest after it is ignored
   * @throws {PkgError} REFERENCE_INVALID
   */
  repository(reference: string): Target;
  /**
   * The names of a registry's repositories, if it lists them.
   *
   * @param registry such as `127.0.0.1:5000`
   * @throws {PkgError} HTTP_UNEXPECTED, REDIRECT_FORBIDDEN, HTTP_UNAUTHORIZED, and those of the network
   */
  listRepositories(registry: string, signal?: AbortSignal): Promise<readonly string[]>;
  /** Closes the connections; must be called when the work is done. */
  close(): Promise<void>;
}

/**
 * Opens registries of the OCI distribution-spec.
 *
 * @throws {PkgError} CONFIG_INVALID for a proxy that is not a URL, from the first request
 */
export function openRegistries(options: RegistryAccessOptions = {}): RegistryAccess {
  const plainHttp = plainHttpOf(options.plainHttp ?? []);
  /** Registries that the caller names may be on this machine or in a private network; what they redirect to may not. */
  const trustedOrigins = new Set<string>();
  const http = openHttp(options, trustedOrigins);
  const client = openClient(options, { http, plainHttp });
  const name = (registry: string) => {
    trustedOrigins.add(registryEndpoint({ registries: {}, plainHttp }, registry).base.origin);
  };
  return {
    repository: (text) => {
      const reference = parseReference(text);
      name(reference.registry);
      return registryRepository(client, reference);
    },
    listRepositories: async (registry, signal = uninterrupted()) => {
      const parsed = parseRegistry(registry);
      name(parsed);
      return client.listCatalog(parsed, signal);
    },
    close: () => http.close(),
  };
}

type PlainHttp = (registry: string) => boolean;

function plainHttpOf(choice: readonly string[] | PlainHttp): PlainHttp {
  if (typeof choice === "function") return choice;
  const named = new Set(choice.map((registry) => registry.toLowerCase()));
  return (registry) => isLoopbackRegistry(registry) || named.has(registry);
}

function openHttp({ userAgent, proxy, ca }: RegistryAccessOptions, trustedOrigins: ReadonlySet<string>): HttpClient {
  return createHttpClient({
    decoders: CONTENT_DECODERS,
    userAgent: userAgent ?? "pkg-oci",
    idleTimeoutMs: 30_000,
    minBytesPerSecond: 1024,
    connectTimeoutMs: 10_000,
    connectionsPerOrigin: 16,
    trustedOrigins,
    proxy: proxyOf(proxy ?? {}),
    ca: ca ?? null,
  });
}

function proxyOf(proxy: string | Partial<ProxyOptions>): ProxyOptions {
  const given = typeof proxy === "string" ? { http: proxy, https: proxy } : proxy;
  return { http: null, https: null, noProxy: "", ...given };
}

function openClient(
  { retry = DEFAULT_RETRY, credentials }: RegistryAccessOptions,
  parts: { readonly http: HttpClient; readonly plainHttp: PlainHttp },
): RegistryClient {
  const { policy, random, sleep, onRetry } = retry;
  return createRegistryClient({
    ...parts,
    registries: {},
    retry: policy,
    ...{ random, sleep },
    now: Date.now,
    ...(onRetry === undefined ? {} : { onRetry }),
    ...(credentials === undefined ? {} : { credentials }),
  });
}
