import type { Config } from "../config/config.ts";
import { parseIndexUrl } from "../config/index-address.ts";
import { isLoopbackHost } from "../http/addresses.ts";
import { type Endpoint, isLoopbackRegistry, registryEndpoint } from "../registry-client/endpoints.ts";

export type HostRules = Pick<Config, "registries" | "repositories" | "namedRegistries">;

/**
 * Which hosts may be asked, and how. What the config names and what a person names may be on this machine or in a private
 * network; all else must be on the public internet, and https.
 */
export interface Hosts {
  /** Grows as hosts are named: the http client looks at it for each request. */
  readonly trustedOrigins: ReadonlySet<string>;
  /** Those whose TLS certificates are not checked. */
  readonly insecureOrigins: ReadonlySet<string>;
  plainHttp(registry: string): boolean;
  /** Where a registry itself is served, its mirrors left aside. */
  endpointOf(registry: string): Endpoint;
  /** A person named this registry: `--plain-http` and `--insecure` are about it. */
  nameRegistry(registry: string): void;
  /** A person named this address. */
  nameUrl(url: URL): void;
}

/** The hosts that the config names, and those that are named later. */
export function createHosts({ registries, repositories, namedRegistries }: HostRules): Hosts {
  const named = new Set<string>();
  const insecureOrigins = new Set<string>();
  const plainHttp = (registry: string) =>
    (named.has(registry) ? namedRegistries.plainHttp : null) ??
    registries[registry]?.plainHttp ??
    isLoopbackRegistry(registry);
  const endpointOf = (registry: string) => registryEndpoint({ registries, plainHttp }, registry);
  const trustedOrigins = new Set(originsOf({ registries, repositories }, endpointOf));
  const trust = (origin: string) => {
    trustedOrigins.add(origin);
    if (namedRegistries.insecure) insecureOrigins.add(origin);
  };
  return {
    ...{ trustedOrigins, insecureOrigins, plainHttp, endpointOf },
    nameRegistry: (registry) => {
      named.add(registry);
      trust(endpointOf(registry).base.origin);
    },
    nameUrl: (url) => {
      if (isSafeScheme(url) || namedRegistries.plainHttp === true) trust(url.origin);
    },
  };
}

/** Every origin that the config names: registries, their mirrors, and where indexes are. */
function originsOf(
  { registries, repositories }: Omit<HostRules, "namedRegistries">,
  endpointOf: Hosts["endpointOf"],
): readonly string[] {
  const indexes = repositories.flatMap(({ url }) => indexOrigins(url, endpointOf));
  const others = Object.entries(registries).flatMap(([registry, { mirrors }]) => [
    endpointOf(registry).base.origin,
    ...mirrors.map((mirror) => new URL(mirror).origin),
  ]);
  return [...indexes, ...others];
}

/** None for an index on this machine's disk, and for plain http from another machine. */
function indexOrigins(text: string, endpointOf: Hosts["endpointOf"]): readonly string[] {
  const address = parseIndexUrl(text);
  switch (address.kind) {
    case "http":
      return isSafeScheme(address.url) ? [address.url.origin] : [];
    case "place":
      return address.location.kind === "registry" ? [endpointOf(address.location.reference.registry).base.origin] : [];
    case "file":
      return [];
  }
}

function isSafeScheme(url: URL): boolean {
  return url.protocol === "https:" || isLoopbackHost(url);
}
