import type { Config } from "../config/config.ts";
import { parseIndexUrl } from "../config/index-address.ts";
import { isLoopbackHost } from "../http/addresses.ts";
import { type Endpoint, isLoopbackRegistry, registryEndpoint } from "../registry-client/endpoints.ts";

export type HostRules = Pick<Config, "registries" | "repositories" | "namedRegistries">;

/**
 * Which hosts may be contacted, and how. A host that the config or a person names may be on this machine or in a
 * private network; any other host must be on the public internet and use https.
 */
export interface Hosts {
  /** Grows as hosts are named: the http client consults it for each request. */
  readonly trustedOrigins: ReadonlySet<string>;
  /** Those whose TLS certificates are not checked. */
  readonly insecureOrigins: ReadonlySet<string>;
  plainHttp(registry: string): boolean;
  /** Where a registry itself is served, mirrors ignored. */
  endpointOf(registry: string): Endpoint;
  /** Records that a person named this registry, so that `--plain-http` and `--insecure` apply to it. */
  nameRegistry(registry: string): void;
  /** Records that a person named this address. */
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

/** No origins for an index on this machine's disk, or one served by another machine over plain http. */
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
