import { hasCode, isTransient, PkgError } from "../errors.ts";
import type { Endpoint } from "./endpoints.ts";

interface Failure {
  readonly endpoint: Endpoint;
  readonly error: PkgError;
}

/** How long an endpoint that could not be reached is tried last. */
const AVOID_MS = 30_000;

/** Asks endpoints in order until one answers. */
export class Failover {
  readonly #now: () => number;
  readonly #avoidedUntilMs = new Map<string, number>();

  constructor(options: { readonly now: () => number }) {
    this.#now = options.now;
  }

  /**
   * Runs `work` with each endpoint until one succeeds. A mirror is skipped if it lacks the content, refuses it, or
   * cannot be reached; any other error, above all wrong content, ends the search.
   *
   * @throws {PkgError} the registry's own error if it was asked, else one worth retrying, else the last
   */
  async run<T>(endpoints: readonly Endpoint[], work: (endpoint: Endpoint) => Promise<T>): Promise<T> {
    const failures: Failure[] = [];
    for (const endpoint of this.#inOrder(endpoints)) {
      try {
        return await work(endpoint);
      } catch (error) {
        if (!passesOn(endpoint, error))
          throw error instanceof PkgError ? told(error, [...failures, { endpoint, error }]) : error;
        this.noteFailure(endpoint, error);
        failures.push({ endpoint, error });
      }
    }
    throw decisive(failures);
  }

  /** Remembers an endpoint that could not be reached or broke off, so that the next attempt starts with another. */
  noteFailure(endpoint: Endpoint, error: unknown): void {
    if (!isUnreachable(error)) return;
    this.#avoidedUntilMs.set(endpoint.base.href, this.#now() + AVOID_MS);
  }

  /** In the configured order, but with mirrors that failed recently after the registry. */
  #inOrder(endpoints: readonly Endpoint[]): readonly Endpoint[] {
    const isAvoided = ({ kind, base }: Endpoint) =>
      kind === "mirror" && this.#now() < (this.#avoidedUntilMs.get(base.href) ?? 0);
    return [...endpoints.filter((endpoint) => !isAvoided(endpoint)), ...endpoints.filter(isAvoided)];
  }
}

function isUnreachable(error: unknown): boolean {
  return hasCode(error, "NETWORK_FAILED", "NETWORK_TIMEOUT", "BODY_TRUNCATED");
}

/** What a mirror is skipped for, besides what is worth another try: the last is one that does not speak https. */
const SKIPS_MIRROR = ["HTTP_NOT_FOUND", "HTTP_UNAUTHORIZED", "HTTP_FORBIDDEN", "ADDRESS_FORBIDDEN"] as const;

/** Some registries refuse content that they lack (Artifactory's 403), so a mirror's refusal counts as absence. */
function passesOn(endpoint: Endpoint, error: unknown): error is PkgError {
  if (isTransient(error)) return true;
  return endpoint.kind === "mirror" && hasCode(error, ...SKIPS_MIRROR);
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
    ...(hints.length === 0 ? {} : { hint: hints.join(". ") }),
    cause: error,
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
  });
}

function hintFor({ kind, base }: Endpoint, hint: string): string {
  return kind === "registry" ? hint : `For the mirror "${base.host}": ${hint}`;
}
