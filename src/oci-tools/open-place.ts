import type { Capabilities } from "../capabilities/capabilities.ts";
import { keepsPartial, PkgError } from "../errors.ts";
import type { ManifestKey, Target } from "../oci/content.ts";
import type { Digest } from "../oci/digest.ts";
import { type Location, parseLocation } from "../oci/location.ts";
import { formatReference, type Reference } from "../oci/reference.ts";
import { openLayoutArchive } from "../oci-layout/archive-layout.ts";
import { openLayout } from "../oci-layout/layout.ts";
import { registryRepository } from "../registry-client/registry-repository.ts";

export type PlaceCapabilities = Pick<Capabilities, "config" | "network" | "signal">;

/** A place that a person named, ready to be read or written. */
export interface OpenedPlace {
  readonly place: Target;
  readonly location: Location;
  readonly tag: string | null;
  readonly digest: Digest | null;
  /** The tag or digest that was typed; the digest where there are both. */
  readonly key: ManifestKey | null;
  /** Makes what was written last, where that is not so yet: an archive appears whole. */
  finish(): Promise<void>;
  /** Leaves the place as it was; `keep` what a later try can go on with. */
  discard(keep: boolean): Promise<void>;
}

/** Opens what `text` names to read from: a registry's repository, `oci:DIR`, `oci-archive:FILE`. */
export function openSource(cap: PlaceCapabilities, text: string): Promise<OpenedPlace> {
  return openPlace(cap, text, "read");
}

/** Opens what `text` names to write to; a layout or archive that is not there is made. */
export function openTarget(cap: PlaceCapabilities, text: string): Promise<OpenedPlace> {
  return openPlace(cap, text, "write");
}

/**
 * Opens a place, does `work` with it, and finishes it; a place that was written is left as it was when `work` fails.
 */
export async function withPlace<T>(
  opening: Promise<OpenedPlace>,
  work: (opened: OpenedPlace) => Promise<T>,
): Promise<T> {
  const opened = await opening;
  try {
    const result = await work(opened);
    await opened.finish();
    return result;
  } catch (error) {
    await opened.discard(keepsPartial(error));
    throw error;
  }
}

/** The tag or digest that was typed. @throws {PkgError} REFERENCE_INVALID when there is none */
export function keyOf({ key, place }: OpenedPlace): ManifestKey {
  if (key !== null) return key;
  throw new PkgError("REFERENCE_INVALID", `Cannot use "${place.location}": it has no tag and no digest`, {
    hint: `Add a tag: ${place.location}:TAG`,
  });
}

async function openPlace(cap: PlaceCapabilities, text: string, mode: "read" | "write"): Promise<OpenedPlace> {
  const location = parseLocation(text);
  const { tag, digest } = location.kind === "registry" ? location.reference : location;
  const named = { location, tag, digest, key: digest ?? tag };
  const done = { finish: async () => {}, discard: async () => {} };
  switch (location.kind) {
    case "registry":
      return { ...named, ...done, place: await openRepository(cap, location.reference) };
    case "layout":
      return { ...named, ...done, place: openLayout(location.path) };
    case "archive": {
      const place = openLayoutArchive(location.path);
      const finish = async () => {
        if (mode === "write") await place.commit(cap.signal);
        await place.close();
      };
      return { ...named, place, finish, discard: (keep) => place.close({ keep }) };
    }
  }
}

async function openRepository(cap: PlaceCapabilities, reference: Reference): Promise<Target> {
  if (cap.config.offline) {
    throw new PkgError("OFFLINE", `Cannot reach "${formatReference(reference)}": --offline is set`);
  }
  const network = await cap.network();
  network.trust(reference);
  return registryRepository(network.registry, reference);
}
