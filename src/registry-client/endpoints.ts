import { PkgError } from "../errors.ts";
import { isLoopbackHost } from "../http/addresses.ts";
import type { Reference } from "../oci/reference.ts";

/** The config of one registry. */
export interface RegistryOptions {
  /** URLs with a scheme, e.g. `http://127.0.0.1:5000`; a path comes before `/v2/`. */
  readonly mirrors: readonly string[];
  /** Never asks the registry itself. */
  readonly mirrorOnly: boolean;
}

/** A server that may have what a reference names. */
export interface Endpoint {
  readonly kind: "registry" | "mirror";
  /** Ends in `/`; `v2/…` is resolved against it. */
  readonly base: URL;
  /** A token sent before any challenge; null: none. Only the registry itself has one, never a mirror. */
  readonly presetToken: string | null;
}

/** What a registry's endpoints are derived from. */
export interface EndpointSources {
  /** Keyed by the registry's name in references. */
  readonly registries: Readonly<Record<string, RegistryOptions>>;
  readonly plainHttp: (registry: string) => boolean;
  /** The URL of a registry that is not served at its own name; null or absent: it is. */
  readonly addressOf?: (registry: string) => URL | null;
}

/** The endpoints of a registry, in the order in which they are asked. */
export type Endpoints = (registry: string) => readonly Endpoint[];

/** Base64 of one NUL: GHCR requires a token for public content, and accepts any. */
const GHCR_TOKEN = "QQ==";
const PRESET_TOKENS: ReadonlyMap<string, string> = new Map([["ghcr.io", GHCR_TOKEN]]);

/** The host in Docker Hub's references, which does not serve the API. */
const DOCKER_HUB = "docker.io";
const API_HOSTS: ReadonlyMap<string, string> = new Map([[DOCKER_HUB, "registry-1.docker.io"]]);

/**
 * Creates the function that returns a registry's endpoints: its mirrors, then the registry itself unless `mirrorOnly`.
 *
 * @throws {PkgError} CONFIG_INVALID for a mirror that is not a URL, or for `mirrorOnly` without a mirror
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

/** A repository's name in its registry: Docker Hub's official images are in `library`. */
export function repositoryPath(reference: Reference): string {
  const isShort = reference.registry === DOCKER_HUB && !reference.name.includes("/");
  return isShort ? `library/${reference.name}` : reference.name;
}

/** The URL of `path` below a repository, e.g. `manifests/latest`. */
export function addressOf(endpoint: Endpoint, reference: Reference, path: string): URL {
  return new URL(`v2/${repositoryPath(reference)}/${path}`, endpoint.base);
}

/** True for a registry on this machine, which speaks plain http, as in other OCI tools. */
export function isLoopbackRegistry(registry: string): boolean {
  return isLoopbackHost(new URL(`http://${registry}`));
}

/** The endpoint of the registry itself. */
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
