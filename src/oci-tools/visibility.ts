import type { Capabilities } from "../capabilities/capabilities.ts";
import { hasCode } from "../errors.ts";
import type { ManifestKey, Source } from "../oci/content.ts";
import { formatReference, type Reference } from "../oci/reference.ts";

/** GitHub's registry, where new packages are private. */
const GHCR = "ghcr.io";

type VisibilityCapabilities = Pick<Capabilities, "emit" | "network" | "signal">;

/**
 * Checks whether a package published to GitHub's registry is public, and if not, notes how to change that.
 *
 * @returns null for other registries, and if the registry gave no clear answer
 */
export async function tellVisibility(cap: VisibilityCapabilities, reference: Reference): Promise<boolean | null> {
  if (reference.registry !== GHCR) return null;
  const purpose = { task: `reach "${formatReference(reference)}"`, namedBy: "person", anonymous: true } as const;
  const anybody = (await cap.network()).repository(reference, purpose);
  const isPublic = await isReadable(anybody, reference.digest ?? reference.tag ?? "latest", cap.signal);
  if (isPublic === false) cap.emit({ kind: "note", ...privateNote(reference) });
  return isPublic;
}

/** Null if the registry gave no clear answer. */
async function isReadable(repository: Source, key: ManifestKey, signal: AbortSignal): Promise<boolean | null> {
  try {
    await repository.resolve(key, signal);
    return true;
  } catch (error) {
    if (hasCode(error, "HTTP_NOT_FOUND", "HTTP_UNAUTHORIZED", "HTTP_FORBIDDEN")) return false;
    if (hasCode(error, "INTERRUPTED")) throw error;
    return null;
  }
}

/** A user's packages are under `/users`, an organization's under `/orgs`. */
function privateNote({ registry, name }: Reference): { readonly message: string; readonly more: readonly string[] } {
  const [owner = "", ...rest] = name.split("/");
  const page = `packages/container/${encodeURIComponent(rest.join("/"))}/settings`;
  return {
    message: `"${registry}/${name}" is private: nobody else can install it. To make it public, go to`,
    more: [
      `  https://github.com/users/${owner}/${page}`,
      `(for an organization: https://github.com/orgs/${owner}/${page})`,
      'and choose "Change visibility", then "Public", at the bottom of the page.',
    ],
  };
}
