import { hasCode } from "../errors.ts";
import { isAlias } from "../package/install-name.ts";
import type { Installation } from "../package/installation.ts";
import { installedAs } from "../resolve/install-as.ts";
import type { Looking } from "../resolve/looking.ts";
import { type ResolveCapabilities, type Resolved, resolveSpecs } from "../resolve/resolve.ts";
import { isReference } from "../resolve/spec.ts";
import type { InstallRequest } from "./check-request.ts";
import { wordFor } from "./reinstall-hint.ts";

/**
 * What is placed again by its name: what is installed under it, which no index knows if it came by its reference. What is
 * pinned is meant in its version, whatever its index has since.
 */
export async function resolveAgain(
  cap: ResolveCapabilities,
  specs: readonly string[],
  request: InstallRequest,
  looking: Looking,
): Promise<readonly Resolved[]> {
  const { installations } = await cap.records();
  const pinned = new Map<string, Installation>();
  const words = specs.map((spec) => {
    const now = isReference(spec) ? null : installations.get(spec);
    if (now?.repository === null) return wordFor(now);
    const isSecond = now !== null && isAlias(now);
    if (now?.isPinned !== true) return isSecond ? now.requested : spec;
    const word = `${isSecond ? now.packageName : spec}@${now.version}`;
    pinned.set(word, now);
    return word;
  });
  const found = await resolveSpecs(cap, words, request, looking);
  const again = await Promise.all(
    found.map((item) => {
      const now = pinned.get(item.requested);
      return now === undefined ? item : asPinned(cap, item, { now, request, looking });
    }),
  );
  return again.map((item, index) => {
    const now = installations.get(specs[index] ?? "");
    return now === null || !isAlias(now) || "error" in item
      ? item
      : { ...item, resolution: installedAs(item.resolution, now.name) };
  });
}

interface Pinned {
  readonly now: Installation;
  readonly request: InstallRequest;
  readonly looking: Looking;
}

/** Its version, with what was typed before; another one, which is not to be placed, where its index has no such version. */
async function asPinned(
  cap: ResolveCapabilities,
  item: Resolved,
  { now, request, looking }: Pinned,
): Promise<Resolved> {
  const { name, packageName, requested, wish } = now;
  if ("resolution" in item) return { requested: name, resolution: { ...item.resolution, requested, wish } };
  if (!("error" in item) || !hasCode(item.error, "VERSION_NOT_FOUND")) return item;
  const [other] = await resolveSpecs(cap, [isAlias(now) ? packageName : name], request, looking);
  if (other === undefined || !("resolution" in other)) return { ...item, requested: name };
  return { requested: name, resolution: { ...other.resolution, requested, wish, dependencies: [] } };
}
