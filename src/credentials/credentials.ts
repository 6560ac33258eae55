/** What proves to a registry who is asking. Never printed, and never part of an error. */
export type Credential =
  | { readonly kind: "basic"; readonly username: string; readonly password: string }
  /** Exchanged for access tokens at the registry's token service (OAuth2's refresh token). */
  | { readonly kind: "identity-token"; readonly token: string }
  /** Sent to the registry unchanged. */
  | { readonly kind: "bearer"; readonly token: string };

/** Where credentials are looked up. */
export interface Credentials {
  /**
   * The credential for a registry (`ghcr.io`, `127.0.0.1:5000`) or for one of its repositories (`quay.io/org/app`);
   * null if none is known.
   *
   * @throws {PkgError} CREDENTIALS_INVALID for a credential file that cannot be read; INTERRUPTED
   */
  credentialsFor(location: string, signal: AbortSignal): Promise<Credential | null>;
  /** Where that credential comes from, in words for a person: `"/h/.docker/config.json"`; null if that is not known. */
  sourceOf?(location: string, signal: AbortSignal): Promise<string | null>;
}

/** Docker Hub, as references name it, and the other names it goes by in credential files. */
const DOCKER_HUB = "docker.io";
const DOCKER_HUB_HOSTS: readonly string[] = ["index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"];

/**
 * The form of a location by which credentials are found: `https://ghcr.io/v2/` becomes `ghcr.io`,
 * `https://index.docker.io/v1/` becomes `docker.io`, `quay.io/org` is unchanged. Keys with a scheme mean a whole host,
 * as they do for docker.
 *
 * @see containers-auth.json(5), and docker's own config.json
 */
export function normalizeLocation(key: string): string {
  const bare = key.replace(/^https?:\/\//i, "");
  const [host = "", ...rest] = bare.split("/");
  const registry = host.toLowerCase();
  const name = DOCKER_HUB_HOSTS.includes(registry) ? DOCKER_HUB : registry;
  const path = rest.filter((part) => part !== "");
  const isHostOnly = bare !== key || (path.length === 1 && /^v[12]$/.test(path[0] ?? ""));
  return isHostOnly || path.length === 0 ? name : `${name}/${path.join("/")}`;
}

/** A location and those that contain it, the nearest first: `quay.io/org/app`, `quay.io/org`, `quay.io`. */
export function locationAndParents(location: string): readonly string[] {
  const parts = location.split("/");
  return parts.map((_, index) => parts.slice(0, parts.length - index).join("/"));
}

/** The registry of a location: `quay.io` of `quay.io/org`. */
export function registryOf(location: string): string {
  return location.split("/", 1)[0] ?? location;
}

/** The value of an `Authorization` header. @see RFC 7617 */
export function basicAuthorization({ username, password }: Extract<Credential, { kind: "basic" }>): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

/** A hint that says what to type when a credential is missing or wrong. */
export function loginHint(registry: string): string {
  return `Run \`pkg login ${registry}\` with a user name and password that it accepts`;
}

/** The name of a registry in credential files and for helpers. */
export function serverUrlOf(registry: string): string {
  const location = normalizeLocation(registry);
  return location === DOCKER_HUB ? "https://index.docker.io/v1/" : location;
}

/** Credentials that were given for this run, by registry or namespace. */
export function memoryCredentials(entries: Readonly<Record<string, Credential>>): Credentials {
  const known = new Map(Object.entries(entries).map(([key, credential]) => [normalizeLocation(key), credential]));
  return {
    credentialsFor: async (location) => {
      const key = locationAndParents(normalizeLocation(location)).find((candidate) => known.has(candidate));
      return key === undefined ? null : (known.get(key) ?? null);
    },
  };
}

/** The first of several sources that has a credential; a later one is asked only when the earlier ones have none. */
export function credentialChain(sources: readonly Credentials[]): Credentials {
  return {
    credentialsFor: async (location, signal) => {
      for (const source of sources) {
        const credential = await source.credentialsFor(location, signal);
        if (credential !== null) return credential;
      }
      return null;
    },
    sourceOf: async (location, signal) => {
      for (const source of sources) {
        if ((await source.credentialsFor(location, signal)) !== null) {
          return (await source.sourceOf?.(location, signal)) ?? null;
        }
      }
      return null;
    },
  };
}
