import { randomBytes } from "node:crypto";
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
  request as send,
} from "node:http";
import type { AddressInfo } from "node:net";

/** Who may do what: actions by repository, `*` for all of them. */
export type Rights = Readonly<Record<string, readonly string[]>>;

export interface GuardedRegistryOptions {
  /** The registry behind the guard, e.g. `http://127.0.0.1:40123`. */
  readonly upstream: string;
  readonly users: Readonly<Record<string, { readonly password: string; readonly rights: Rights }>>;
  /** What anyone may do. */
  readonly anonymous?: Rights;
  /** Whose identity token each is. */
  readonly identityTokens?: Readonly<Record<string, string>>;
  /** The ways the token service takes; default both. */
  readonly methods?: readonly ("GET" | "POST")[];
  /** Default 300. */
  readonly lifetimeSeconds?: number;
  /** Milliseconds since the epoch; default the clock's. */
  readonly now?: () => number;
}

export interface Visit {
  readonly server: "registry" | "token";
  readonly method: string;
  readonly path: string;
  readonly authorization: string | null;
  /** What was requested and by whom; null: anonymous. Set only for the token service. */
  readonly scopes: readonly string[];
  readonly user: string | null;
  readonly status: number;
}

export interface GuardedRegistry {
  readonly url: string;
  /** e.g. `127.0.0.1:40124` */
  readonly host: string;
  readonly tokenUrl: string;
  readonly visits: readonly Visit[];
  /** Makes every token that was given out useless. */
  revoke(): void;
  close(): Promise<void>;
}

interface Grant {
  readonly endsAtMs: number;
  readonly access: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Why a request is refused: the scopes it lacks. */
interface Lack {
  readonly scopes: readonly string[];
  readonly error: string | null;
}

/**
 * A registry that requires a token for the requested scope, and the token service that issues one, on another port.
 *
 * @see the Docker Registry v2 token authentication specification: "How to authenticate", "Token Scope", and its OAuth2 part
 */
export async function startGuardedRegistry(options: GuardedRegistryOptions): Promise<GuardedRegistry> {
  const guard = new Guard(options);
  const token = await listen((request, response) => void guard.giveToken(request, response));
  const registry = await listen((request, response) => guard.admit(request, response));
  guard.realm = `${token.url}/token`;
  return {
    url: registry.url,
    host: registry.url.slice("http://".length),
    tokenUrl: guard.realm,
    visits: guard.visits,
    revoke: () => guard.grants.clear(),
    close: async () => void (await Promise.all([token.close(), registry.close()])),
  };
}

class Guard {
  realm = "";
  readonly visits: Visit[] = [];
  readonly grants = new Map<string, Grant>();
  readonly #options: GuardedRegistryOptions;

  constructor(options: GuardedRegistryOptions) {
    this.#options = options;
  }

  async giveToken(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://token");
    const body = Buffer.concat(await Array.fromAsync(request)).toString();
    const form = request.method === "POST" ? new URLSearchParams(body) : url.searchParams;
    const scopes = form.getAll("scope").flatMap((text) => text.split(" ").filter((scope) => scope !== ""));
    const user = request.method === "POST" ? this.#userOfForm(form) : this.#userOfHeader(request);
    const isTaken = (this.#options.methods ?? ["GET", "POST"]).some((method) => method === request.method);
    const status = !isTaken ? 405 : user === undefined ? 401 : 200;
    this.#note("token", request, { status, scopes, user: user ?? null });
    if (status !== 200 || user === undefined) return answer(response, status, { errors: [{ code: "UNAUTHORIZED" }] });
    const text = randomBytes(12).toString("hex");
    const lifetime = this.#options.lifetimeSeconds ?? 300;
    this.grants.set(text, { endsAtMs: this.#now() + lifetime * 1000, access: this.#access(scopes, user) });
    const name = request.method === "POST" ? "access_token" : "token";
    answer(response, 200, { [name]: text, expires_in: lifetime, issued_at: new Date(this.#now()).toISOString() });
  }

  admit(request: IncomingMessage, response: ServerResponse): void {
    const lack = this.#lack(request);
    if (lack === null) {
      this.#forward(request, response);
      return;
    }
    const { scopes, error } = lack;
    const scope = scopes.length === 0 ? "" : `,scope="${scopes.join(" ")}"`;
    const reason = error === null ? "" : `,error="${error}"`;
    request.resume();
    this.#note("registry", request, { status: 401, scopes: [], user: null });
    response.setHeader("www-authenticate", `Bearer realm="${this.realm}",service="guarded"${scope}${reason}`);
    answer(response, 401, { errors: [{ code: "UNAUTHORIZED", message: "authentication required" }] });
  }

  #lack(request: IncomingMessage): Lack | null {
    const needed = neededScopes(request);
    const text = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
    const grant = text === undefined ? undefined : this.grants.get(text);
    if (grant === undefined || this.#now() >= grant.endsAtMs) {
      return { scopes: needed, error: text === undefined ? null : "invalid_token" };
    }
    const has = (scope: string) => {
      const { resource, actions } = split(scope);
      return actions.every((action) => grant.access.get(resource)?.has(action));
    };
    return needed.every(has) ? null : { scopes: needed, error: "insufficient_scope" };
  }

  /** `undefined`: refused; null: nobody. */
  #userOfHeader({ headers }: IncomingMessage): string | null | undefined {
    if (headers.authorization === undefined) return null;
    const encoded = /^Basic (.+)$/.exec(headers.authorization)?.[1] ?? "";
    const [name = "", ...password] = Buffer.from(encoded, "base64").toString().split(":");
    return this.#options.users[name]?.password === password.join(":") ? name : undefined;
  }

  #userOfForm(form: URLSearchParams): string | null | undefined {
    if (form.get("grant_type") === "refresh_token") {
      return this.#options.identityTokens?.[form.get("refresh_token") ?? ""];
    }
    const name = form.get("username") ?? "";
    return this.#options.users[name]?.password === form.get("password") ? name : undefined;
  }

  /** The granted part of what was requested: a service grants less, not nothing. */
  #access(scopes: readonly string[], user: string | null): Grant["access"] {
    const rights = user === null ? this.#options.anonymous : this.#options.users[user]?.rights;
    return new Map(
      scopes.map((scope) => {
        const { resource, actions } = split(scope);
        const allowed = rights?.[resource.slice(resource.indexOf(":") + 1)] ?? rights?.["*"] ?? [];
        return [resource, new Set(actions.filter((action) => allowed.includes(action)))] as const;
      }),
    );
  }

  #forward(request: IncomingMessage, response: ServerResponse): void {
    const { method = "GET", url = "/", headers } = request;
    const upstream = send(new URL(url, this.#options.upstream), { method, headers }, (answered) => {
      this.#note("registry", request, { status: answered.statusCode ?? 0, scopes: [], user: null });
      response.writeHead(answered.statusCode ?? 502, answered.headers);
      answered.pipe(response);
    });
    upstream.on("error", () => response.destroy());
    request.pipe(upstream);
  }

  #note(
    server: Visit["server"],
    { method = "", url = "", headers }: IncomingMessage,
    what: Pick<Visit, "status" | "scopes" | "user">,
  ): void {
    this.visits.push({ server, method, path: url, authorization: headers.authorization ?? null, ...what });
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }
}

/** The scopes that CNCF Distribution requires: reading, writing, deleting, and reading the repository that is mounted from. */
function neededScopes({ method = "GET", url = "/" }: IncomingMessage): readonly string[] {
  const { pathname, searchParams } = new URL(url, "http://registry");
  if (pathname === "/v2/_catalog") return ["registry:catalog:*"];
  const name = /^\/v2\/(.+)\/(?:manifests|blobs|tags|referrers)\//.exec(pathname)?.[1]?.replace(/\/blobs$/, "");
  if (name === undefined) return [];
  const actions = method === "GET" || method === "HEAD" ? "pull" : method === "DELETE" ? "delete" : "pull,push";
  const from = searchParams.get("from");
  return [`repository:${name}:${actions}`, ...(from === null ? [] : [`repository:${from}:pull`])];
}

function split(scope: string): { readonly resource: string; readonly actions: readonly string[] } {
  const colon = scope.lastIndexOf(":");
  return { resource: scope.slice(0, colon), actions: scope.slice(colon + 1).split(",") };
}

function answer(response: ServerResponse, status: number, document: unknown): void {
  const body = JSON.stringify(document);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
  response.end(body);
}

async function listen(listener: RequestListener): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}
