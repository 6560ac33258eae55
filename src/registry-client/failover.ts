import { hasCode, isTransient, PkgError } from "../errors.ts";
import type { BlobSender } from "../oci/content.ts";
import type { Digest } from "../oci/digest.ts";
import type { Endpoint } from "./endpoints.ts";

interface Failure {
  readonly endpoint: Endpoint;
  readonly error: PkgError;
}

/** A blob, and who may have it, in the order in which they are asked. */
export interface BlobPlaces {
  readonly digest: Digest;
  readonly endpoints: readonly Endpoint[];
}

/** How long an endpoint that could not be reached is tried last. */
const AVOID_MS = 30_000;

/** Asks endpoints in order until one answers. */
export class Failover {
  readonly #now: () => number;
  readonly #onWarning: (message: string) => void;
  readonly #avoidedUntilMs = new Map<string, number>();
  /** Mirrors that a person was told of. */
  readonly #told = new Set<string>();
  /** Who has sent something else in place of a blob, until all have. */
  readonly #refused = new Map<Digest, readonly Failure[]>();

  constructor(options: { readonly now: () => number; readonly onWarning: (message: string) => void }) {
    this.#now = options.now;
    this.#onWarning = options.onWarning;
  }

  /**
   * Runs `work` with each endpoint until one succeeds. A mirror is passed over, and a person told of it, whatever it answers
   * instead of what was asked for; of the registry itself, only an error that may pass is not the last word.
   *
   * @throws {PkgError} the registry's own error if it was asked, else one worth retrying, else the last
   */
  run<T>(endpoints: readonly Endpoint[], work: (endpoint: Endpoint) => Promise<T>): Promise<T> {
    return this.#run(endpoints, [], work);
  }

  /** As run(), but without those who have sent something else in place of the blob. @throws {PkgError} as run */
  runForBlob<T>({ digest, endpoints }: BlobPlaces, work: (endpoint: Endpoint) => Promise<T>): Promise<T> {
    const refused = this.#refused.get(digest) ?? [];
    const rest = endpoints.filter((endpoint) => !isAmong(endpoint, refused));
    return this.#run(rest, refused, work);
  }

  /**
   * Whom to tell that what an endpoint sent is not the blob; null if nobody else may have it.
   *
   * @param blaming adds to an error who sent what it is about
   */
  senderOf(blob: BlobPlaces, endpoint: Endpoint, blaming: (error: PkgError) => PkgError): BlobSender | null {
    if (blob.endpoints.length < 2 && endpoint.kind === "registry") return null;
    return { refuse: (error) => this.#refuse(blob, { endpoint, error: blaming(error) }) };
  }

  /** Remembers an endpoint that broke off in a blob, so that the rest is asked for elsewhere. */
  noteBreak({ endpoints }: BlobPlaces, endpoint: Endpoint, error: unknown): void {
    this.#noteFailure(endpoint, error);
    if (endpoints.length > 1 && isUnreachable(error)) this.#tell({ endpoint, error });
  }

  /** Remembers an endpoint that could not be reached or broke off, so that the next attempt starts with another. */
  #noteFailure(endpoint: Endpoint, error: unknown): void {
    if (!isUnreachable(error)) return;
    this.#avoidedUntilMs.set(endpoint.base.href, this.#now() + AVOID_MS);
  }

  async #run<T>(
    endpoints: readonly Endpoint[],
    before: readonly Failure[],
    work: (endpoint: Endpoint) => Promise<T>,
  ): Promise<T> {
    const failures = [...before];
    for (const endpoint of this.#inOrder(endpoints)) {
      try {
        const result = await work(endpoint);
        for (const failure of failures) this.#tell(failure);
        return result;
      } catch (error) {
        if (!passesOn(endpoint, error))
          throw error instanceof PkgError ? told(error, [...failures, { endpoint, error }]) : error;
        this.#noteFailure(endpoint, error);
        failures.push({ endpoint, error });
      }
    }
    throw decisive(failures);
  }

  #refuse({ digest, endpoints }: BlobPlaces, failure: Failure): PkgError | null {
    const before = this.#refused.get(digest) ?? [];
    const refused = isAmong(failure.endpoint, before) ? before : [...before, failure];
    if (endpoints.every((endpoint) => isAmong(endpoint, refused))) {
      // Whoever tries again later starts anew.
      this.#refused.delete(digest);
      return told(failure.error, refused);
    }
    this.#refused.set(digest, refused);
    this.#tell(failure);
    return null;
  }

  /** Once for each mirror. */
  #tell({ endpoint: { kind, base }, error }: Failure): void {
    if (kind !== "mirror" || this.#told.has(base.href)) return;
    this.#told.add(base.href);
    this.#onWarning(`The mirror "${base.host}" is passed over: ${error.message}`);
  }

  /** In the configured order, but with mirrors that failed recently after the registry. */
  #inOrder(endpoints: readonly Endpoint[]): readonly Endpoint[] {
    const isAvoided = ({ kind, base }: Endpoint) =>
      kind === "mirror" && this.#now() < (this.#avoidedUntilMs.get(base.href) ?? 0);
    return [...endpoints.filter((endpoint) => !isAvoided(endpoint)), ...endpoints.filter(isAvoided)];
  }
}

function isUnreachable(error: unknown): error is PkgError {
  return hasCode(error, "NETWORK_FAILED", "NETWORK_TIMEOUT", "BODY_TRUNCATED", "TLS_UNTRUSTED");
}

/**
 * What a mirror is passed over for, besides what is worth another try: it lacks the content, refuses it, or sends something
 * else. Some registries refuse content that they lack (Artifactory's 403), so a mirror's refusal counts as absence.
 */
const PASSED_OVER = [
  ...["HTTP_NOT_FOUND", "HTTP_UNAUTHORIZED", "HTTP_FORBIDDEN", "HTTP_UNEXPECTED"],
  ...["TLS_UNTRUSTED", "ADDRESS_FORBIDDEN", "REDIRECT_FORBIDDEN", "BODY_TOO_LARGE", "NOT_A_REGISTRY"],
  ...["MANIFEST_INVALID", "DIGEST_INVALID", "DIGEST_MISMATCH", "SIZE_MISMATCH"],
] as const;

function passesOn(endpoint: Endpoint, error: unknown): error is PkgError {
  if (isTransient(error)) return true;
  return endpoint.kind === "mirror" && hasCode(error, ...PASSED_OVER);
}

function isAmong({ base }: Endpoint, failed: readonly Failure[]): boolean {
  return failed.some(({ endpoint }) => endpoint.base.href === base.href);
}

function decisive(failures: readonly Failure[]): Error {
  const chosen =
    failures.find(({ endpoint }) => endpoint.kind === "registry") ??
    failures.find(({ error }) => isTransient(error)) ??
    failures.at(-1);
  if (chosen === undefined) return new Error("No endpoint to ask");
  return told(chosen.error, failures);
}

/** The error that counts, with those of all endpoints in the order in which they were asked: a mirror's comes first. */
function told(error: PkgError, failures: readonly Failure[]): PkgError {
  if (failures.length < 2) return error;
  const messages = failures.map((failure) => `${failure.error.message} (${failure.endpoint.kind})`);
  const hints = failures.flatMap(({ endpoint, error: { hint } }) =>
    hint === undefined ? [] : [hintFor(endpoint, hint)],
  );
  return new PkgError(error.code, messages.join("; then "), {
    ...(hints.length === 0 ? {} : { hint: [...new Set(hints)].join(". ") }),
    cause: error,
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
  });
}

function hintFor({ kind, base }: Endpoint, hint: string): string {
  return kind === "registry" ? hint : `For the mirror "${base.host}": ${hint}`;
}
