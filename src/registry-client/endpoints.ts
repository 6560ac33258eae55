import { PkgError } from "../errors.ts";
import { isLoopbackHost } from "../http/addresses.ts";
import type { Reference } from "../oci/reference.ts";

/** What the config says of one registry. */
export interface RegistryOptions {
  /** URLs with their scheme, e.g. `http://127.0.0.1:5000`; a path stands before `/v2/`. */
  readonly mirrors: readonly string[];
  /** Never asks the registry itself. */
  readonly mirrorOnly: boolean;
}

/** One server that may hold what a reference names. */
export interface Endpoint {
  readonly kind: "registry" | "mirror";
  /** Ends in `/`; `v2/…` is resolved against it. */
  readonly base: URL;
  /** A token sent unasked; null: none. Only ever that of the registry itself. */
  readonly presetToken: string | null;
}

export interface EndpointSources {
  /** By registry as references name it. */
  readonly registries: Readonly<Record<string, RegistryOptions>>;
  readonly plainHttp: (registry: string) => boolean;
  /** Where a registry is served when not at its own name; null or absent: there. */
  readonly addressOf?: (registry: string) => URL | null;
}

/** In the order in which they are to be asked. */
export type Endpoints = (registry: string) => readonly Endpoint[];

/** Base64 of one NUL: GHCR wants some token for what is public, and takes any. */
const GHCR_TOKEN = "QQ==";
const PRESET_TOKENS: ReadonlyMap<string, string> = new Map([["ghcr.io", GHCR_TOKEN]]);

/** Docker Hub's references name a host that serves no API. */
const DOCKER_HUB = "docker.io";
const API_HOSTS: ReadonlyMap<string, string> = new Map([[DOCKER_HUB, "registry-1.docker.io"]]);

/**
 * Tells the endpoints of each registry: its mirrors, then the registry itself unless `mirrorOnly`.
 *
 * @throws {PkgError} CONFIG_INVALID for a mirror that is no URL, or for `mirrorOnly` without a mirror
 */
export function createEndpoints(sources: EndpointSources): Endpoints {
  const mirrors = new Map(
    Object.entries(sources.registries).map(([name, options]) => [name, mirrorsOf(name, options)]),
  );
  return (registry) => {
    const known = mirrors.get(registry) ?? { endpoints: [], only: false };
    return known.only ? known.endpoints : [...known.endpoints, registryEndpoint(sources, registry)];
  };
}

/** The name under which a registry files a repository: Docker Hub's own images live in `library`. */
export function repositoryPath(reference: Reference): string {
  const isShort = reference.registry === DOCKER_HUB && !reference.name.includes("/");
  return isShort ? `library/${reference.name}` : reference.name;
}

/** The URL of `path` below a repository, e.g. `manifests/latest`. */
export function addressOf(endpoint: Endpoint, reference: Reference, path: string): URL {
  return new URL(`v2/${repositoryPath(reference)}/${path}`, endpoint.base);
}

/** True for a registry on this machine: those speak plain http, as everywhere in the field. */
export function isLoopbackRegistry(registry: string): boolean {
  return isLoopbackHost(new URL(`http://${registry}`));
}

/** Where the registry itself is served. */
export function registryEndpoint(sources: EndpointSources, registry: string): Endpoint {
  const scheme = sources.plainHttp(registry) ? "http" : "https";
  const base = sources.addressOf?.(registry) ?? new URL(`${scheme}://${API_HOSTS.get(registry) ?? registry}/`);
  return { kind: "registry", base, presetToken: PRESET_TOKENS.get(registry) ?? null };
}

function mirrorsOf(registry: string, options: RegistryOptions): { endpoints: readonly Endpoint[]; only: boolean } {
  if (options.mirrorOnly && options.mirrors.length === 0) {
    throw new PkgError(
      "CONFIG_INVALID",
      `Cannot use registry "${registry}": mirror_only is set and it has no mirrors`,
      {
        hint: `Add mirrors = ["https://…"] under [registries."${registry}"]`,
      },
    );
  }
  return { endpoints: options.mirrors.map((text) => mirrorEndpoint(registry, text)), only: options.mirrorOnly };
}

function mirrorEndpoint(registry: string, text: string): Endpoint {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isPlain = url !== null && url.username === "" && url.password === "" && url.search === "" && url.hash === "";
  if (!isPlain || !/^https?:$/.test(url.protocol)) {
    throw new PkgError(
      "CONFIG_INVALID",
      `Cannot use mirror "${text}" of "${registry}": expected an http or https URL without user, query or fragment`,
    );
  }
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return { kind: "mirror", base: url, presetToken: null };
}
