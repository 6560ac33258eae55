import type { RetryPolicy } from "../base/retry.ts";
import type { Credential } from "../credentials/credentials.ts";
import type { Download, DownloadRequest } from "../http/download.ts";
import type { HttpRequest, HttpResponse } from "../http/request.ts";
import type { Target } from "../oci/content.ts";
import type { Reference } from "../oci/reference.ts";
import type { Endpoint } from "../registry-client/endpoints.ts";
import type { RegistryClient } from "../registry-client/registry-client.ts";

/**
 * Who named a host. One that a person or the config named may be on this machine or in a private network, and the flags
 * `--plain-http` and `--insecure` are about what a person named. One that stands in an index must be public, unless the
 * config names it too.
 */
export type NamedBy = "person" | "config" | "index";

/** What is said with everything that is asked of the network: no host is reached without it. */
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

/** A registry that may be asked. */
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
 * The one way to other machines. Each way in throws OFFLINE with `--offline`, and the http client beneath refuses as well.
 * A host that nobody named is judged by its address when it is connected to.
 */
export interface Network {
  /** For callers that do something else offline; those that would only refuse need not ask. */
  readonly isOffline: boolean;
  /** How long the registry client keeps trying, and others should. */
  readonly retry: RetryPolicy;
  /** A registry's repository as a place to read from and write to; tag and digest are left aside. @throws {PkgError} OFFLINE */
  repository(reference: Reference, purpose: RepositoryPurpose): Target;
  /** @throws {PkgError} OFFLINE */
  openRegistry(registry: string, purpose: RegistryPurpose): OpenRegistry;
  /** Asks a registry whether it takes a credential. @throws {PkgError} OFFLINE; as checkCredential of registry-client */
  checkCredential(registry: string, check: CredentialPurpose): Promise<"accepted" | "not-asked">;
  /** One http request, not retried. @throws {PkgError} OFFLINE; as HttpClient.request */
  request(request: HttpRequest, purpose: Purpose): Promise<HttpResponse>;
  /** A plain download, for packages that are in no registry; one attempt. @throws {PkgError} OFFLINE; as openDownload of http */
  download(request: DownloadRequest, purpose: Purpose): Promise<Download>;
  /** Opens a connection to a registry early; does nothing offline, and never throws. */
  warm(registry: string, namedBy: NamedBy): void;
}
