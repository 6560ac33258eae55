import { mapConcurrently } from "../base/concurrency.ts";
import { asFailure } from "../capabilities/outcome.ts";
import { hasCode, isNotFound, isTransient, PkgError } from "../errors.ts";
import { onlineHint } from "../http/online-hint.ts";
import type { Installation } from "../package/installation.ts";
import type { Waiver } from "../package/policy.ts";
import { makePlan } from "../plan/plan.ts";
import { createFetchWatch, type IndexPatience } from "../repositories/fetch-watch.ts";
import { REFRESH_PATIENCE } from "../repositories/refresh.ts";
import { type ResolveCapabilities, type Resolved, resolveSpecs } from "./resolve.ts";
import { isReference, parseSpec } from "./spec.ts";
import { goneTag, type Unjudged, unasked } from "./unjudged.ts";
import type { Held } from "./update-candidates.ts";

/** What became of the tags that direct references were installed by. */
export interface ResolvedTags {
  readonly resolved: readonly Resolved[];
  readonly unjudged: readonly Unjudged[];
  /** What is pinned, while its tag stands for something else now. */
  readonly held: readonly Held[];
}

/**
 * Resolves the tags of direct references again; a reference by digest never moves. A package keeps its name. A registry that
 * does not answer is waited for once, for a bounded time, and holds up no other.
 */
export async function resolveTags(
  cap: ResolveCapabilities,
  chosen: readonly Installation[],
  skip: readonly Waiver[],
  patience: IndexPatience = REFRESH_PATIENCE.needed,
): Promise<ResolvedTags> {
  const byTag = chosen.filter((item) => tagKind(item) !== null);
  const isOffline = byTag.length > 0 && (await cap.network()).isOffline;
  const asking = { skip, patience, dead: new Map<string, PkgError>() };
  const answers = await mapConcurrently(byTag, cap.config.concurrency, async (item) =>
    isOffline && tagKind(item) === "registry"
      ? { unjudged: unasked(item, offline()) }
      : judgeAnswer(item, await resolveTag(cap, item, asking)),
  );
  const all = answers.flatMap((answer) => ("resolved" in answer ? answer.resolved : []));
  const held = all.flatMap((item) => heldBack(byTag, item));
  const isHeld = (item: Resolved) => "resolution" in item && held.some(({ name }) => name === item.resolution.name);
  return {
    held,
    resolved: all.filter((item) => !isHeld(item)),
    unjudged: answers.flatMap((answer) => ("unjudged" in answer ? answer.unjudged : [])),
  };
}

/** What is pinned stays at what was installed by its tag. */
function heldBack(chosen: readonly Installation[], item: Resolved): readonly Held[] {
  const resolution = "resolution" in item ? item.resolution : null;
  const own = chosen.find(({ name }) => name === resolution?.name);
  if (resolution === null || own?.isPinned !== true) return [];
  const { steps } = makePlan([resolution], () => own, { reinstall: false });
  if (steps.every(({ kind }) => kind !== "change")) return [];
  const { name, version, requested, wish, isPinned } = own;
  return [{ name, version, requested, wish, isPinned, availableVersion: resolution.version }];
}

interface Asking {
  readonly skip: readonly Waiver[];
  readonly patience: IndexPatience;
  /** What the registries answered that could not be reached. */
  readonly dead: Map<string, PkgError>;
}

async function resolveTag(
  cap: ResolveCapabilities,
  { requested }: Installation,
  { skip, patience, dead }: Asking,
): Promise<Resolved> {
  const registry = registryOf(requested);
  const known = dead.get(registry);
  if (known !== undefined) return { requested, error: known };
  const watch = createFetchWatch(cap.signal, patience, `ask what "${requested}" is now`);
  const options = { skip, key: null, directory: "/" };
  try {
    const [answer] = await watch.during(() => resolveSpecs({ ...cap, signal: watch.signal }, [requested], options));
    if (answer === undefined) throw new Error("a reference was resolved to nothing");
    if ("error" in answer && isTransient(answer.error)) dead.set(registry, answer.error);
    return answer;
  } catch (error) {
    const failure = asFailure(error);
    dead.set(registry, failure);
    return { requested, error: failure };
  }
}

/** What an answer says: what is not there any more, or could not be asked, leaves the package as it is. */
function judgeAnswer(
  installation: Installation,
  answer: Resolved,
): { readonly resolved: Resolved } | { readonly unjudged: Unjudged } {
  const { name, packageName } = installation;
  if ("resolution" in answer)
    return { resolved: { ...answer, resolution: { ...answer.resolution, name, packageName } } };
  const { error } = answer;
  if (isNotFound(error)) return { unjudged: goneTag(installation, error) };
  const isUnasked = isTransient(error) || hasCode(error, "HTTP_UNAUTHORIZED", "HTTP_FORBIDDEN");
  return isUnasked ? { unjudged: unasked(installation, error) } : { resolved: { ...answer, requested: name } };
}

/** The host of a reference; places on this machine have none. */
function registryOf(requested: string): string {
  const spec = parseSpec(requested, "/");
  return spec.kind === "reference" && spec.location.kind === "registry" ? spec.location.reference.registry : "";
}

/** Where the tag is kept that a package was installed by; null: it came from a repository, or by a digest. */
export function tagKind({ repository, requested }: Installation): "registry" | "layout" | "archive" | null {
  if (repository !== null || !isReference(requested)) return null;
  const spec = parseSpec(requested, "/");
  if (spec.kind !== "reference") return null;
  const { location } = spec;
  const digest = location.kind === "registry" ? location.reference.digest : location.digest;
  return digest === null ? location.kind : null;
}

function offline(): PkgError {
  return new PkgError("OFFLINE", "its registry is not asked offline", { hint: onlineHint("--offline") });
}
