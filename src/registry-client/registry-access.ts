import { DEFAULT_RETRY_POLICY, type RetryPolicy } from "../base/retry.ts";
import type { Credentials } from "../credentials/credentials.ts";
import { isLoopbackHost } from "../http/addresses.ts";
import { createHttpClient } from "../http/client.ts";
import type { Target } from "../oci/content.ts";
import { parseReference } from "../oci/reference.ts";
import { createRegistryClient } from "./client.ts";
import type { RegistryClient } from "./registry-client.ts";
import { registryRepository } from "./registry-repository.ts";

/** What a program that is not `pkg` has to say of the registries it uses: nothing, as a rule. */
export interface RegistryAccessOptions {
  /** Asked when a registry wants credentials; none unless given. */
  readonly credentials?: Credentials;
  /** Whether a registry speaks http; unless given, those on this machine do. */
  readonly plainHttp?: (registry: string) => boolean;
  /** PEM certificates trusted beside Node's own. */
  readonly ca?: string;
  readonly retry?: RetryPolicy;
  readonly userAgent?: string;
}

export interface RegistryAccess {
  /** A repository as a place to read from and write to; `ghcr.io/owner/name`, a tag or digest behind it left aside. @throws {PkgError} REFERENCE_INVALID */
  repository(reference: string): Target;
  readonly client: RegistryClient;
  close(): Promise<void>;
}

/** Registries of the OCI distribution-spec over one pool of connections. */
export function openRegistries(options: RegistryAccessOptions = {}): RegistryAccess {
  const plainHttp = options.plainHttp ?? ((registry) => isLoopbackHost(new URL(`http://${registry}`)));
  /** What the caller names may be on this machine or in a private network; what a registry leads to may not. */
  const trustedOrigins = new Set<string>();
  const http = createHttpClient({
    userAgent: options.userAgent ?? "pkg-oci",
    idleTimeoutMs: 30_000,
    minBytesPerSecond: 1024,
    connectTimeoutMs: 10_000,
    connectionsPerOrigin: 16,
    trustedOrigins,
    proxy: { http: null, https: null, noProxy: "" },
    ca: options.ca ?? null,
  });
  const client = createRegistryClient({
    http,
    registries: {},
    plainHttp,
    retry: options.retry ?? DEFAULT_RETRY_POLICY,
    random: Math.random,
    now: Date.now,
    ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
  });
  return {
    client,
    repository: (text) => {
      const reference = parseReference(text);
      const scheme = plainHttp(reference.registry) ? "http" : "https";
      trustedOrigins.add(new URL(`${scheme}://${reference.registry}`).origin);
      return registryRepository(client, reference);
    },
    close: () => http.close(),
  };
}
