import { SharedTask } from "../base/shared-task.ts";
import { hasCode, PkgError } from "../errors.ts";
import { eraseFromHelper, getFromHelper, type HelperOptions, storeInHelper } from "./credential-helper.ts";
import { type Credential, type Credentials, normalizeLocation, registryOf, serverUrlOf } from "./credentials.ts";
import { hasEntries, removeEntries, writeEntry } from "./credentials-edit.ts";
import type { CredentialSettings } from "./credentials-settings.ts";
import { type DockerConfig, findCredential, helperFor, readDockerConfig } from "./docker-config.ts";

/** Where a credential is kept. */
export type CredentialPlace =
  | { readonly kind: "file"; readonly file: string }
  /** `file` is the file that names the helper. */
  | { readonly kind: "helper"; readonly file: string; readonly helper: string };

/** The credential files of this machine, and the helper programs that they name. */
export interface CredentialStore extends Required<Credentials> {
  /** Keeps a registry's credential where the configuration says: with a helper, else unencrypted in the file. */
  save(registry: string, credential: Credential, signal: AbortSignal): Promise<CredentialPlace>;
  /** Where `save` would keep it. @throws {PkgError} CREDENTIALS_INVALID */
  placeFor(registry: string): CredentialPlace;
  /** The places from which `forget` would remove it. */
  placesOf(registry: string, signal: AbortSignal): Promise<readonly CredentialPlace[]>;
  /** Removes a registry's credential everywhere; gives the places that had one. */
  forget(registry: string, signal: AbortSignal): Promise<readonly CredentialPlace[]>;
}

/** What a credential store needs. */
export interface CredentialStoreOptions {
  readonly settings: CredentialSettings;
  /** Called once for each helper, and each file, that cannot be used in a lookup. */
  readonly onWarning: (message: string) => void;
  readonly helperTimeoutMs?: number;
}

interface Found {
  readonly credential: Credential;
  readonly source: string | null;
}

/** A helper, and the file that names it. */
interface NamedHelper {
  readonly helper: string;
  readonly file: string;
}

const GITHUB_REGISTRY = "ghcr.io";

/** A store that reads nothing until it is first used; each file is then read, and each helper asked, only once. */
export function createCredentialStore(options: CredentialStoreOptions): CredentialStore {
  return new FileCredentialStore(options);
}

class FileCredentialStore implements CredentialStore {
  readonly #options: CredentialStoreOptions;
  readonly #answers = new Map<string, SharedTask<Credential | null>>();
  readonly #warned = new Set<string>();
  readonly #configs = new Map<string, DockerConfig | null>();

  constructor(options: CredentialStoreOptions) {
    this.#options = options;
  }

  async credentialsFor(location: string, signal: AbortSignal): Promise<Credential | null> {
    return (await this.#find(location, signal))?.credential ?? null;
  }

  async sourceOf(location: string, signal: AbortSignal): Promise<string | null> {
    return (await this.#find(location, signal))?.source ?? null;
  }

  async #find(location: string, signal: AbortSignal): Promise<Found | null> {
    const unusable = new Map<string, PkgError>();
    for (const path of this.#options.settings.files) {
      try {
        const found = await this.#findIn(path, location, signal);
        if (found !== null) return this.#despite(unusable, found);
      } catch (error) {
        if (!hasCode(error, "CREDENTIALS_INVALID", "PERMISSION_DENIED", "FILE_SYSTEM")) throw error;
        unusable.set(path, error);
      }
    }
    const { githubToken, githubTokenName } = this.#options.settings;
    if (normalizeLocation(registryOf(location)) === GITHUB_REGISTRY && githubToken !== null) {
      const credential = { kind: "basic", username: "github", password: githubToken } as const;
      return this.#despite(unusable, { credential, source: githubTokenName });
    }
    for (const error of unusable.values()) throw error;
    return null;
  }

  async #findIn(path: string, location: string, signal: AbortSignal): Promise<Found | null> {
    const registry = normalizeLocation(registryOf(location));
    const config = this.#read(path);
    if (config === null) return null;
    const helper = helperFor(config, registry);
    const kept = helper === null ? null : await this.#answer({ helper, file: path }, registry, signal);
    if (kept !== null) return { credential: kept, source: `docker-credential-${helper}, which "${path}" names` };
    const found = findCredential(config, location);
    return found === null ? null : { credential: found, source: `"${path}"` };
  }

  /** A file that cannot be used does not hide what a later place has; a person is told. */
  #despite(unusable: ReadonlyMap<string, PkgError>, found: Found): Found {
    for (const [path, error] of unusable) this.#warn(path, error);
    return found;
  }

  async save(registry: string, credential: Credential, signal: AbortSignal): Promise<CredentialPlace> {
    const place = this.placeFor(registry);
    const { file } = place;
    if (place.kind === "helper") {
      const entry = { serverUrl: serverUrlOf(registry), credential };
      await storeInHelper(place.helper, entry, this.#helperOptions(file, signal));
    }
    writeEntry(file, registry, place.kind === "file" ? credential : null);
    this.#forgetAnswers();
    return place;
  }

  placeFor(registry: string): CredentialPlace {
    const file = this.#options.settings.loginFile;
    if (file === null) throw noHome();
    const config = readDockerConfig(file);
    const helper = config === null ? null : helperFor(config, registry);
    return helper === null ? { kind: "file", file } : { kind: "helper", file, helper };
  }

  async placesOf(registry: string, signal: AbortSignal): Promise<readonly CredentialPlace[]> {
    const places: CredentialPlace[] = [];
    for (const file of this.#options.settings.files) {
      const config = this.#read(file);
      const helper = config === null ? null : helperFor(config, registry);
      const isKept =
        helper !== null && (await this.#answer({ helper, file }, normalizeLocation(registry), signal)) !== null;
      if (isKept) places.push({ kind: "helper", file, helper });
      // Where a helper keeps the credential, the entry in the file only says that there is one.
      else if (config !== null && hasEntries(file, registry)) places.push({ kind: "file", file });
    }
    return places;
  }

  async forget(registry: string, signal: AbortSignal): Promise<readonly CredentialPlace[]> {
    const places = await this.placesOf(registry, signal);
    for (const place of places) {
      const options = this.#helperOptions(place.file, signal);
      if (place.kind === "helper") await eraseFromHelper(place.helper, serverUrlOf(registry), options);
    }
    for (const file of this.#options.settings.files) if (this.#read(file) !== null) removeEntries(file, registry);
    this.#forgetAnswers();
    return places;
  }

  #read(path: string): DockerConfig | null {
    const known = this.#configs.get(path);
    if (known !== undefined) return known;
    const config = readDockerConfig(path);
    this.#configs.set(path, config);
    return config;
  }

  #forgetAnswers(): void {
    this.#configs.clear();
    this.#answers.clear();
  }

  /** A helper that is missing or fails must not prevent access to what anyone may read. */
  #answer({ helper, file }: NamedHelper, registry: string, signal: AbortSignal): Promise<Credential | null> {
    const key = `${helper} ${registry}`;
    const known = this.#answers.get(key);
    if (known !== undefined && !known.abandoned) return known.join(signal);
    const task = new SharedTask<Credential | null>((shared) =>
      getFromHelper(helper, serverUrlOf(registry), this.#helperOptions(file, shared)).catch((error: unknown) => {
        if (!hasCode(error, "CREDENTIALS_INVALID")) throw error;
        this.#warn(helper, error);
        return null;
      }),
    );
    this.#answers.set(key, task);
    return task.join(signal);
  }

  /** @param what the file or the helper that is left out */
  #warn(what: string, error: PkgError): void {
    if (this.#warned.has(what)) return;
    this.#warned.add(what);
    this.#options.onWarning(`${error.message}; continuing without it`);
  }

  #helperOptions(namedBy: string, signal: AbortSignal): HelperOptions {
    const { settings, helperTimeoutMs } = this.#options;
    const common = { environment: settings.helperEnvironment, signal, namedBy };
    return helperTimeoutMs === undefined ? common : { ...common, timeoutMs: helperTimeoutMs };
  }
}

function noHome(): PkgError {
  return new PkgError("CREDENTIALS_INVALID", "Cannot keep credentials: no home directory is known", {
    hint: "Set HOME, or DOCKER_CONFIG to a directory",
  });
}
