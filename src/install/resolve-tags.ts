import type { Capabilities } from "../capabilities/capabilities.ts";
import { isTransient, PkgError } from "../errors.ts";
import { onlineHint } from "../http/client.ts";
import type { Installation } from "../package/installation.ts";
import type { Waiver } from "../package/policy.ts";
import { type Resolved, resolveSpecs } from "./resolve.ts";
import { isReference, parseSpec } from "./spec.ts";
import { type Unjudged, unasked } from "./unjudged.ts";

/** What became of the tags that direct references were installed by. */
export interface ResolvedTags {
  readonly resolved: readonly Resolved[];
  readonly unjudged: readonly Unjudged[];
}

/** Resolves the tags of direct references again; a reference by digest never moves. A package keeps its name. */
export async function resolveTags(
  cap: Capabilities,
  chosen: readonly Installation[],
  skip: readonly Waiver[],
): Promise<ResolvedTags> {
  const byTag = chosen.filter((item) => tagKind(item) !== null);
  const isOffline = byTag.length > 0 && (await cap.network()).isOffline;
  const out = byTag.filter((item) => isOffline && tagKind(item) === "registry");
  const asked = byTag.filter((item) => !out.includes(item));
  const specs = asked.map(({ requested }) => requested);
  const answers = specs.length === 0 ? [] : await resolveSpecs(cap, specs, { skip, key: null, directory: "/" });
  const resolved: Resolved[] = [];
  const unjudged = out.map((installation) => unasked(installation, offline()));
  for (const [index, installation] of asked.entries()) {
    const answer = answers[index];
    if (answer === undefined) throw new Error("a reference was resolved to nothing");
    if ("resolution" in answer) {
      resolved.push({ ...answer, resolution: { ...answer.resolution, name: installation.name } });
    } else if (isTransient(answer.error)) {
      unjudged.push(unasked(installation, answer.error));
    } else resolved.push({ ...answer, requested: installation.name });
  }
  return { resolved, unjudged };
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
