import type { Capabilities } from "../capabilities/capabilities.ts";
import { hasCode } from "../errors.ts";
import type { ManifestKey, Source } from "../oci/content.ts";
import { formatReference, type Reference } from "../oci/reference.ts";

/** GitHub's registry, which keeps a first push private. */
const GHCR = "ghcr.io";

type VisibilityCapabilities = Pick<Capabilities, "emit" | "network" | "signal">;

/**
 * Tells the publisher where to change it when what was published at GitHub is not for everybody to read.
 *
 * @returns null for other registries, and where the answer could not be had
 */
export async function tellVisibility(cap: VisibilityCapabilities, reference: Reference): Promise<boolean | null> {
  if (reference.registry !== GHCR) return null;
  const purpose = { task: `reach "${formatReference(reference)}"`, namedBy: "person", anonymous: true } as const;
  const anybody = (await cap.network()).repository(reference, purpose);
  const isPublic = await isReadable(anybody, reference.digest ?? reference.tag ?? "latest", cap.signal);
  if (isPublic === false) cap.emit({ kind: "note", message: privateNote(reference) });
  return isPublic;
}

/** Null when the registry gave no answer that settles it. */
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

/** GitHub's page for a package of a person; an organization's begins with `orgs`. */
function privateNote({ registry, name }: Reference): string {
  const [owner = "", ...rest] = name.split("/");
  const page = `packages/container/${encodeURIComponent(rest.join("/"))}/settings`;
  return [
    `"${registry}/${name}" is private as yet: nobody else can install it. To open it to everybody, go to`,
    `  https://github.com/users/${owner}/${page}`,
    `(of an organization: https://github.com/orgs/${owner}/${page})`,
    'and choose "Change visibility", then "Public", at the end of the page.',
  ].join("\n");
}
