import type { RetryPolicy } from "../base/retry.ts";
import type { Credential } from "../credentials/credentials.ts";
import type { Download, DownloadRequest } from "../http/download.ts";
import type { HttpRequest, HttpResponse } from "../http/request.ts";
import type { Target } from "../oci/content.ts";
import type { Reference } from "../oci/reference.ts";
import type { CheckAnswer } from "../registry-client/credentials-check.ts";
import type { Endpoint } from "../registry-client/endpoints.ts";
import type { RegistryClient } from "../registry-client/registry-client.ts";

/**
 * Who named a host. One that a person or the config named may be on this machine or in a private network; the flags
 * `--plain-http` and `--insecure` apply to hosts that a person named. One that only an index names must be public.
 */
export type NamedBy = "person" | "config" | "index";

/** What every call to the network must state: no host is contacted without it. */
export interface Purpose {
  /** What cannot be done offline: "Cannot TASK: --offline is set". */
  readonly task: string;
  readonly namedBy: NamedBy;
}

export interface RepositoryPurpose extends Purpose {
  /** Asks without the credentials that this machine keeps. */
  readonly anonymous?: boolean;
}

export interface RegistryPurpose extends Purpose {
  readonly anonymous?: boolean;
  /** Asks the registry itself, not the mirrors that the config names for it. */
  readonly withoutMirrors?: boolean;
  readonly retry?: RetryPolicy;
}

/** A registry that may be contacted. */
export interface OpenRegistry {
  readonly client: RegistryClient;
  /** Where the registry itself is served. */
  readonly endpoint: Endpoint;
}

export interface CredentialPurpose extends Purpose {
  readonly credential: Credential;
  readonly signal: AbortSignal;
}

/**
 * The one way to other machines. Each method throws OFFLINE with `--offline`, and the http client beneath refuses as
 * well. A host that nobody named is judged by its address on connecting.
 */
export interface Network {
  /** For callers that do something else when offline; those that would only refuse need not check it. */
  readonly isOffline: boolean;
  /** How long the registry client keeps trying, as other code should too. */
  readonly retry: RetryPolicy;
  /** A registry's repository, to read from and write to; tag and digest are ignored. @throws {PkgError} OFFLINE */
  repository(reference: Reference, purpose: RepositoryPurpose): Target;
  /** A registry as a whole, and the client to ask it with. @throws {PkgError} OFFLINE */
  openRegistry(registry: string, purpose: RegistryPurpose): OpenRegistry;
  /** Asks a registry whether it accepts a credential. @throws {PkgError} OFFLINE; as checkCredential */
  checkCredential(registry: string, check: CredentialPurpose): Promise<CheckAnswer>;
  /** One http request, not retried. @throws {PkgError} OFFLINE; as HttpClient.request */
  request(request: HttpRequest, purpose: Purpose): Promise<HttpResponse>;
  /** A plain download, for packages outside of registries; one attempt. @throws {PkgError} OFFLINE; as openDownload */
  download(request: DownloadRequest, purpose: Purpose): Promise<Download>;
  /** Opens connections to a registry early, for so many requests at a time (default 1); does nothing offline, and never throws. */
  warm(registry: string, namedBy: NamedBy, count?: number): void;
}
