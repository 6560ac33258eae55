import { mapConcurrently } from "../base/concurrency.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { asFailure } from "../capabilities/outcome.ts";
import type { DeclaredPackage } from "../declare/declaration.ts";
import type { LockedPackage } from "../declare/lock-file.ts";
import { declaredKey, rootKey } from "../declare/lock-state.ts";
import { PkgError } from "../errors.ts";
import { allNeeded } from "../package/dependency-graph.ts";
import type { Waiver } from "../package/policy.ts";
import type { Resolution } from "../plan/resolution.ts";
import { closeOver } from "../resolve/close-over.ts";
import { problemAsRequested } from "../resolve/locked-as-requested.ts";
import { Looking } from "../resolve/looking.ts";
import type { ResolveCapabilities, Resolved } from "../resolve/resolve.ts";
import { type ResolvedPackage, resolveDeclared } from "../resolve/resolve-declared.ts";
import type { ChoosePackage } from "../resolve/settle-ambiguous.ts";
import { sourceContext } from "../sources/source-context.ts";
import { lockedEntry } from "./locked-entry.ts";

/** What is locked for one platform. */
export interface PlatformRequest {
  readonly cap: ResolveCapabilities & Pick<Capabilities, "retry">;
  readonly wanted: readonly DeclaredPackage[];
  /** What was locked for it before. */
  readonly before: readonly LockedPackage[];
  /** Whether a package that is locked already is resolved anew. */
  readonly isAnew: (declared: DeclaredPackage, locked: LockedPackage) => boolean;
  readonly directory: string;
  readonly skip: readonly Waiver[];
  readonly choose: ChoosePackage;
}

/** What is locked for a platform, and why some could not be. */
export interface LockedPlatform {
  readonly packages: readonly LockedPackage[];
  readonly errors: readonly PkgError[];
}

/**
 * Locks what is declared: what is locked already stays as it is, with all that it needs, if it is what is declared, and everything else is resolved. Where
 * nothing is new, no index is opened.
 */
export async function lockPlatform(request: PlatformRequest): Promise<LockedPlatform> {
  const { wanted, before, isAnew } = request;
  const roots = new Map(
    before.flatMap((item) => (item.requested === undefined ? [] : [[rootKey(item), item] as const])),
  );
  const kept = wanted.flatMap((declared) => {
    const locked = roots.get(declaredKey(declared));
    const stays = locked !== undefined && !isAnew(declared, locked) && problemAsRequested(locked) === null;
    return stays ? [{ declared, locked }] : [];
  });
  const isKept = (declared: DeclaredPackage) => kept.some((item) => item.declared === declared);
  const open = wanted.filter((declared) => !isKept(declared));
  const staying = closureOf(
    kept.map(({ locked }) => locked),
    before,
  );
  if (open.length === 0) return { packages: staying, errors: [] };
  const { packages, errors } = await lockAnew(request, open);
  const locked = new Map(kept.map((item) => [item.locked.name, item.declared]));
  const twice = packages.flatMap(({ name, requested = null }) => {
    const other = requested === null ? undefined : locked.get(name);
    return other === undefined || requested === null ? [] : [sameTwice(other.spec, requested)];
  });
  const all = [...errors, ...twice];
  return all.length > 0 ? { packages: [], errors: all } : { packages: joined(staying, packages), errors: [] };
}

/** What is locked once could never be what both of them declare. */
function sameTwice(one: string, other: string): PkgError {
  return new PkgError("CONFIG_INVALID", `Cannot lock "${other}": it is the same package as "${one}"`, {
    hint: "Leave one of them out",
  });
}

/** What is declared by two names, or in two ways. */
function declaredTwice(found: readonly ResolvedPackage[]): readonly PkgError[] {
  const first = new Map<string, string>();
  return found.flatMap(({ declared: { spec }, resolved }) => {
    if ("error" in resolved) return [];
    const other = first.get(resolved.resolution.name) ?? spec;
    first.set(resolved.resolution.name, other);
    return other === spec ? [] : [sameTwice(other, spec)];
  });
}

/** What was declared and locked before stays as it is; of what others need, the newer counts, and what nothing needs any more goes. */
function joined(staying: readonly LockedPackage[], anew: readonly LockedPackage[]): readonly LockedPackage[] {
  const isRoot = ({ requested }: LockedPackage) => requested !== undefined;
  const all = new Map([...staying, ...anew, ...staying.filter(isRoot)].map((item) => [item.name, item]));
  const whole = [...all.values()];
  return closureOf(whole.filter(isRoot), whole);
}

function closureOf(roots: readonly LockedPackage[], all: readonly LockedPackage[]): readonly LockedPackage[] {
  const byName = new Map(all.map((item) => [item.name, item]));
  const isRoot = new Set(roots.map(({ name }) => name));
  const needed = allNeeded(isRoot, (name) => byName.get(name)?.dependencies ?? []);
  return [...needed].flatMap((name) => {
    const item = byName.get(name);
    if (item === undefined) return [];
    const { requested: _, ...dependency } = item;
    return [isRoot.has(name) ? item : dependency];
  });
}

async function lockAnew(request: PlatformRequest, open: readonly DeclaredPackage[]): Promise<LockedPlatform> {
  const { cap, skip } = request;
  const looking = new Looking(cap, { skip });
  try {
    const found = await resolveDeclared({ ...request, looking }, open);
    const resolved = await closureAnew(request, looking, found);
    const errors = [...resolved.flatMap((item) => ("error" in item ? [item.error] : [])), ...declaredTwice(found)];
    if (errors.length > 0) return { packages: [], errors };
    const serials = found.some(isIndexed) ? serialsOf(await looking.open()) : new Map<string, number>();
    return await entriesOf(request, { resolved, found, serials });
  } finally {
    looking.close();
  }
}

function isIndexed({ resolved }: ResolvedPackage): boolean {
  return "resolution" in resolved && resolved.resolution.repository !== null;
}

async function closureAnew(
  { cap, skip }: PlatformRequest,
  looking: Looking,
  found: readonly ResolvedPackage[],
): Promise<readonly Resolved[]> {
  const resolved = found.map((item) => item.resolved);
  if (!found.some(isIndexed)) return resolved;
  const { installations } = await cap.records();
  return closeOver({ cap, lookup: await looking.open(), installations, skip }, resolved);
}

function serialsOf({ indexes }: Awaited<ReturnType<Looking["open"]>>): ReadonlyMap<string, number> {
  return new Map([...indexes].flatMap(([name, { meta }]) => (meta.trust === null ? [] : [[name, meta.trust.serial]])));
}

interface FoundAnew {
  readonly resolved: readonly Resolved[];
  readonly found: readonly ResolvedPackage[];
  readonly serials: ReadonlyMap<string, number>;
}

async function entriesOf({ cap }: PlatformRequest, { resolved, found, serials }: FoundAnew): Promise<LockedPlatform> {
  const declared = new Map(
    found.flatMap((item) => ("resolution" in item.resolved ? [[item.resolved.resolution.name, item.declared]] : [])),
  );
  const resolutions = new Map(
    resolved.flatMap((item) => ("resolution" in item ? [[item.resolution.name, item.resolution]] : [])),
  );
  const context = { sources: sourceContext(cap), retry: cap.retry, signal: cap.signal };
  const lock = async (resolution: Resolution): Promise<LockedPackage | PkgError> => {
    const serial = serials.get(resolution.repository ?? "") ?? null;
    const root = declared.get(resolution.name) ?? null;
    return lockedEntry(context, { resolution, declared: root, serial }).catch(asFailure);
  };
  const done = await mapConcurrently([...resolutions.values()], cap.config.concurrency, lock);
  const errors = done.flatMap((item) => (item instanceof PkgError ? [item] : []));
  return { packages: done.flatMap((item) => (item instanceof PkgError ? [] : [item])), errors };
}
