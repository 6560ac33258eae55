import { dirname } from "node:path";
import { listSome } from "../base/lists.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { keepsPartial, PkgError } from "../errors.ts";
import { expectWritablePlace } from "../fs/writable.ts";
import { openLocation } from "../network/open-location.ts";
import type { ManifestKey, Target } from "../oci/content.ts";
import type { Digest } from "../oci/digest.ts";
import { formatLocation, keyIn, type Location, parseLocation } from "../oci/location.ts";
import { rehearsedPlace } from "./rehearsed-place.ts";

/** What opening a place takes. */
export type PlaceCapabilities = Pick<Capabilities, "network" | "signal"> & {
  /** True: a place that is opened for writing takes everything, and nothing is written. */
  readonly dryRun?: boolean;
};

/** A place that a person named, ready to be read or written. */
export interface OpenedPlace {
  readonly place: Target;
  readonly location: Location;
  readonly tag: string | null;
  readonly digest: Digest | null;
  /** The tag or digest that was typed; the digest if both were. */
  readonly key: ManifestKey | null;
  /** What to say instead of an error of this place: one about what was typed names the nearest tag that is there. */
  explain(error: unknown): Promise<unknown>;
  /** Commits what was written and closes the place: an archive appears only now, and whole. */
  finish(): Promise<void>;
  /** Closes the place without committing; `keep` preserves partial work that a later run can resume. */
  discard(keep: boolean): Promise<void>;
}

/** Opens a place for reading: a repository in a registry, `oci:DIR` or `oci-archive:FILE`. */
export function openSource(cap: PlaceCapabilities, text: string): Promise<OpenedPlace> {
  return openPlace(cap, text, "read");
}

/** Opens a place for writing; a layout or archive that does not exist is created, but for a dry run. */
export function openTarget(cap: PlaceCapabilities, text: string): Promise<OpenedPlace> {
  return openPlace(cap, text, "write");
}

/**
 * Opens a place, runs `work` on it, and finishes it; if `work` fails, the place is left as it was.
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
  } catch (problem) {
    const error = await opened.explain(problem).catch(() => problem);
    await opened.discard(keepsPartial(error));
    throw error;
  }
}

/** The tag or digest that was typed. @throws {PkgError} REFERENCE_INVALID if neither was */
export function manifestKeyOf({ key, place }: OpenedPlace): ManifestKey {
  if (key !== null) return key;
  throw new PkgError("REFERENCE_INVALID", `Cannot use "${place.location}": it has no tag and no digest`, {
    hint: `Add a tag: ${place.location}:TAG`,
  });
}

/**
 * As manifestKeyOf(), for a place whose tags may be listed: without a key, the error says which tags there are, or that there are none.
 *
 * @throws {PkgError} REFERENCE_INVALID
 */
export async function keyAmong(opened: OpenedPlace, signal: AbortSignal): Promise<ManifestKey> {
  if (opened.key !== null) return opened.key;
  const { location } = opened.place;
  const { newestTagsFirst } = await import("../package/tag-order.ts");
  const tags = newestTagsFirst(await opened.place.listTags(signal).catch(() => []));
  if (tags.length === 0) {
    throw new PkgError(
      "REFERENCE_INVALID",
      `Cannot use "${location}": it has no tag and no digest, and no tag is there`,
      {
        hint: "Push something to it first, or name a manifest by its digest",
      },
    );
  }
  throw new PkgError("REFERENCE_INVALID", `Cannot use "${location}": it has no tag and no digest`, {
    hint: `Add a tag, such as ${location}:${tags[0]}; there are ${listSome(tags, MAX_LISTED)}`,
  });
}

const MAX_LISTED = 8;

async function openPlace(
  { network, signal, dryRun = false }: PlaceCapabilities,
  text: string,
  mode: "read" | "write",
): Promise<OpenedPlace> {
  const location = parseLocation(text);
  const { tag, digest } = keyIn(location);
  const purpose = { task: `reach "${formatLocation(location)}"`, namedBy: "person" } as const;
  const opened = await openLocation(network, location, purpose);
  const { commit, close } = opened;
  const isRehearsed = mode === "write" && dryRun;
  if (isRehearsed && location.kind === "layout") expectWritablePlace(location.path);
  if (isRehearsed && location.kind === "archive") expectWritablePlace(dirname(location.path));
  const place = isRehearsed ? rehearsedPlace(opened.place) : opened.place;
  const key = digest ?? tag;
  const missed = new Set<unknown>();
  return {
    ...{ place: noting(place, key, missed), location, tag, digest, key },
    explain: async (error) => {
      if (!missed.has(error)) return error;
      const { withNearestTag } = await import("../package-format/missing-tag.ts");
      return withNearestTag({ place, location, error, signal });
    },
    finish: async () => {
      if (mode === "write" && !isRehearsed) await commit(signal);
      await close();
    },
    discard: (keep) => close({ keep }),
  };
}

/** The same place, which notes the errors about one tag or digest: only these are about what a person typed. */
function noting(place: Target, key: ManifestKey | null, missed: Set<unknown>): Target {
  const watch = <T>(asked: ManifestKey, answer: Promise<T>): Promise<T> =>
    answer.catch((error: unknown) => {
      if (asked === key) missed.add(error);
      throw error;
    });
  return {
    ...place,
    resolve: (asked, signal) => watch(asked, place.resolve(asked, signal)),
    fetchManifest: (asked, signal, options) => watch(asked, place.fetchManifest(asked, signal, options)),
    fetchDocument: (asked, signal) => watch(asked, place.fetchDocument(asked, signal)),
    deleteManifest: (asked, signal) => watch(asked, place.deleteManifest(asked, signal)),
  };
}
