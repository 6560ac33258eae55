import type { Capabilities } from "../capabilities/capabilities.ts";
import { keepsPartial, PkgError } from "../errors.ts";
import { openLocation } from "../network/open-location.ts";
import type { ManifestKey, Target } from "../oci/content.ts";
import type { Digest } from "../oci/digest.ts";
import { formatLocation, keyIn, type Location, parseLocation } from "../oci/location.ts";

/** What opening a place takes. */
export type PlaceCapabilities = Pick<Capabilities, "network" | "signal">;

/** A place that a person named, ready to be read or written. */
export interface OpenedPlace {
  readonly place: Target;
  readonly location: Location;
  readonly tag: string | null;
  readonly digest: Digest | null;
  /** The tag or digest that was typed; the digest where there are both. */
  readonly key: ManifestKey | null;
  /** Makes what was written last, where it does not yet: an archive appears whole. */
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

async function openPlace(
  { network, signal }: PlaceCapabilities,
  text: string,
  mode: "read" | "write",
): Promise<OpenedPlace> {
  const location = parseLocation(text);
  const { tag, digest } = keyIn(location);
  const purpose = { task: `reach "${formatLocation(location)}"`, namedBy: "person" } as const;
  const { place, commit, close } = await openLocation(network, location, purpose);
  return {
    ...{ place, location, tag, digest, key: digest ?? tag },
    finish: async () => {
      if (mode === "write") await commit(signal);
      await close();
    },
    discard: (keep) => close({ keep }),
  };
}
