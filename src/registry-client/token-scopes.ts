import type { HttpMethod } from "../http/request.ts";

/** What a token permits, as actions by resource: `repository:a/b` → `pull`, `push`. A resource may have no actions. */
export type Scopes = ReadonlyMap<string, ReadonlySet<string>>;

const MAX_SCOPE_CHARACTERS = 4096;
/** The maximum number of resources in one token: repositories that blobs were mounted from accumulate. */
const MAX_RESOURCES = 12;

/** The scopes of a token that permits nothing. */
export const NO_SCOPES: Scopes = new Map();
const CATALOG_SCOPE = "registry:catalog:*";

/** A request whose scopes are needed; without a repository, it is for the registry's catalog. */
export interface ScopedRequest {
  readonly method: HttpMethod;
  /** The repository's name as in the path after `/v2/`; empty: none. */
  readonly repository: string;
  readonly mountFrom: string | null;
}

/** The scopes that a request needs. @see the Docker Registry v2 token authentication specification, "Token Scope" */
export function neededScopes({ method, repository, mountFrom }: ScopedRequest): Scopes {
  if (repository === "") return parseScopes(CATALOG_SCOPE);
  const own = parseScopes(`repository:${repository}:${actionsOf(method)}`);
  if (mountFrom === null || mountFrom === repository) return own;
  return mergeScopes(own, parseScopes(`repository:${mountFrom}:pull`));
}

/** True for methods that only read. */
export function isRead(method: HttpMethod): boolean {
  return method === "GET" || method === "HEAD";
}

/** Deletion also needs `pull`, because the content is read before and after. */
function actionsOf(method: HttpMethod): string {
  if (isRead(method)) return "pull";
  return method === "DELETE" ? "pull,delete" : "pull,push";
}

/** Parses scopes separated by spaces, as in a challenge. */
export function parseScopes(text: string): Scopes {
  return mergeScopes(
    ...text
      .slice(0, MAX_SCOPE_CHARACTERS)
      .split(/\s+/)
      .filter((scope) => scope !== "")
      .map(parseScope),
  );
}

function parseScope(scope: string): Scopes {
  const colon = scope.lastIndexOf(":");
  if (colon <= scope.indexOf(":")) return new Map([[scope, new Set<string>()]]);
  const actions = scope
    .slice(colon + 1)
    .split(",")
    .filter((action) => action !== "");
  return new Map([[scope.slice(0, colon), new Set(actions)]]);
}

/** The union of `parts`, in their order. */
export function mergeScopes(...parts: readonly Scopes[]): Scopes {
  const merged = new Map<string, ReadonlySet<string>>();
  for (const part of parts) {
    for (const [resource, actions] of part) merged.set(resource, (merged.get(resource) ?? new Set()).union(actions));
  }
  return merged;
}

/** The union of `granted` and `wanted`, or only `wanted` if the union has too many resources for one token. */
export function extendScopes(granted: Scopes, wanted: Scopes): Scopes {
  const all = mergeScopes(granted, wanted);
  return all.size > MAX_RESOURCES ? wanted : all;
}

/** True if a token with `granted` permits everything in `needed`. */
export function coversScopes(granted: Scopes, needed: Scopes): boolean {
  return [...needed].every(([resource, actions]) => {
    const known = granted.get(resource);
    return known !== undefined && (known.has("*") || actions.isSubsetOf(known));
  });
}

/** Formats each resource as a string, e.g. `repository:a/b:pull,push`. */
export function formatScopes(scopes: Scopes): readonly string[] {
  return [...scopes].map(([resource, actions]) =>
    actions.size === 0 ? resource : `${resource}:${[...actions].join(",")}`,
  );
}
