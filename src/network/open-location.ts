import type { Target } from "../oci/content.ts";
import type { Location } from "../oci/location.ts";
import type { Network, RepositoryPurpose } from "./network.ts";

/** A place that stays open until it is closed. */
export interface OpenedLocation {
  readonly place: Target;
  /** Makes what was written permanent, where writing alone does not: an archive appears whole. */
  commit(signal: AbortSignal): Promise<void>;
  /** Discards what was not committed, or keeps it for a later try. */
  close(options?: { readonly keep: boolean }): Promise<void>;
}

/**
 * Opens a registry's repository, a directory with an OCI layout, or a tar of one. Only the first opens the network, and only the
 * others load what reads layouts.
 *
 * @throws {PkgError} OFFLINE
 */
export async function openLocation(
  network: () => Promise<Network>,
  location: Location,
  purpose: RepositoryPurpose,
): Promise<OpenedLocation> {
  const nothing = { commit: async () => {}, close: async () => {} };
  switch (location.kind) {
    case "registry":
      return { ...nothing, place: (await network()).repository(location.reference, purpose) };
    case "layout": {
      const { openLayout } = await import("../oci-layout/layout.ts");
      return { ...nothing, place: openLayout(location.path) };
    }
    case "archive": {
      const { openLayoutArchive } = await import("../oci-layout/archive-layout.ts");
      const place = openLayoutArchive(location.path);
      return { place, commit: place.commit, close: place.close };
    }
  }
}
