import type { HttpMethod } from "../http/request.ts";

/** What a token lets its bearer do: `repository:a/b` → `pull`, `push`. A resource without actions stands for itself. */
export type Scopes = ReadonlyMap<string, ReadonlySet<string>>;

const MAX_SCOPE_CHARACTERS = 4096;
/** What a token is asked for at most: repositories that blobs were mounted from add up. */
const MAX_RESOURCES = 12;

/** The scopes of a token that permits nothing. */
export const NO_SCOPES: Scopes = new Map();
const CATALOG_SCOPE = "registry:catalog:*";

/** What a request to a repository needs; to none, as a catalog's, the list of all. */
export interface ScopedRequest {
  readonly method: HttpMethod;
  /** As it stands in the path after `/v2/`; empty: none. */
  readonly repository: string;
  readonly mountFrom: string | null;
}

/** @see the Docker Registry v2 token authentication specification, "Token Scope" */
export function neededScopes({ method, repository, mountFrom }: ScopedRequest): Scopes {
  if (repository === "") return parseScopes(CATALOG_SCOPE);
  const own = parseScopes(`repository:${repository}:${actionsOf(method)}`);
  if (mountFrom === null || mountFrom === repository) return own;
  return mergeScopes(own, parseScopes(`repository:${mountFrom}:pull`));
}

/** True where reading is all that is asked for. */
export function isRead(method: HttpMethod): boolean {
  return method === "GET" || method === "HEAD";
}

/** What is deleted is looked at before and after. */
function actionsOf(method: HttpMethod): string {
  if (isRead(method)) return "pull";
  return method === "DELETE" ? "pull,delete" : "pull,push";
}

/** Reads scopes divided by spaces, as a challenge has them. */
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

/** Everything that any of `parts` has, in their order. */
export function mergeScopes(...parts: readonly Scopes[]): Scopes {
  const merged = new Map<string, ReadonlySet<string>>();
  for (const part of parts) {
    for (const [resource, actions] of part) merged.set(resource, (merged.get(resource) ?? new Set()).union(actions));
  }
  return merged;
}

/** `granted` and `wanted` together, unless that is more than a token is asked for at once: then what is wanted. */
export function extendScopes(granted: Scopes, wanted: Scopes): Scopes {
  const all = mergeScopes(granted, wanted);
  return all.size > MAX_RESOURCES ? wanted : all;
}

/** True when a token with `granted` permits everything in `needed`. */
export function coversScopes(granted: Scopes, needed: Scopes): boolean {
  return [...needed].every(([resource, actions]) => {
    const known = granted.get(resource);
    return known !== undefined && (known.has("*") || actions.isSubsetOf(known));
  });
}

/** One text for each resource, e.g. `repository:a/b:pull,push`. */
export function formatScopes(scopes: Scopes): readonly string[] {
  return [...scopes].map(([resource, actions]) =>
    actions.size === 0 ? resource : `${resource}:${[...actions].join(",")}`,
  );
}
