import type { HttpClient } from "../http/client.ts";
import type { Endpoint } from "./endpoints.ts";
import { SharedTask } from "./shared-task.ts";
import { fetchToken, type Token, type TokenRequest } from "./token.ts";

/** Whose token is meant: one endpoint's, for one of its repositories. No other is ever sent there. */
export interface Audience {
  readonly endpoint: Endpoint;
  /** As it stands in the path after `/v2/`. */
  readonly repository: string;
}

interface Grant {
  readonly request: TokenRequest;
  readonly task: SharedTask<Token>;
  /** Null until it arrives. */
  token: Token | null;
}

/** Anonymous tokens, each fetched once for all who wait for it and kept while it lasts. */
export class Authorizer {
  readonly #http: HttpClient;
  readonly #now: () => number;
  readonly #grants = new Map<string, Grant>();

  constructor(options: { readonly http: HttpClient; readonly now: () => number }) {
    this.#http = options.http;
    this.#now = options.now;
  }

  /**
   * The token to send without being asked; null: none is known. One that ran out is fetched again.
   *
   * @throws {PkgError} what the token service causes
   */
  async current(audience: Audience, signal: AbortSignal): Promise<string | null> {
    const grant = this.#grants.get(keyOf(audience));
    if (grant === undefined) return audience.endpoint.presetToken;
    const usable = this.#isUsable(grant) ? grant : this.#grant(audience, grant.request);
    return (await usable.task.join(signal)).text;
  }

  /**
   * A token to send after `refused` was: one that arrived meanwhile, else a new one as `request` says.
   *
   * @throws {PkgError} what the token service causes
   */
  async renew(
    audience: Audience,
    { refused, request }: { readonly refused: string | null; readonly request: TokenRequest },
    signal: AbortSignal,
  ): Promise<string> {
    const known = this.#grants.get(keyOf(audience));
    const isNews = known !== undefined && this.#isUsable(known) && known.token?.text !== refused;
    return (await (isNews ? known : this.#grant(audience, request)).task.join(signal)).text;
  }

  #isUsable({ task, token }: Grant): boolean {
    return !task.abandoned && (token === null || this.#now() < token.usableUntilMs);
  }

  #grant(audience: Audience, request: TokenRequest): Grant {
    const key = keyOf(audience);
    const fetching = (signal: AbortSignal) => fetchToken(request, { http: this.#http, now: this.#now, signal });
    const task = new SharedTask<Token>((signal) =>
      fetching(signal).then(
        (token) => {
          grant.token = token;
          return token;
        },
        (error: unknown) => {
          // The next to ask starts anew; by then another grant may stand here.
          if (this.#grants.get(key) === grant) this.#grants.delete(key);
          throw error;
        },
      ),
    );
    const grant: Grant = { request, task, token: null };
    this.#grants.set(key, grant);
    return grant;
  }
}

function keyOf({ endpoint, repository }: Audience): string {
  return `${endpoint.base.href} ${repository}`;
}
