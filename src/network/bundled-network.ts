import { bundledPlace } from "../bundle-format/bundled-place.ts";
import { PkgError } from "../errors.ts";
import type { BlobPosition, Target } from "../oci/content.ts";
import type { Digest } from "../oci/digest.ts";
import type { Reference } from "../oci/reference.ts";
import { bundledFirst } from "./bundled-first.ts";
import type { Network, Purpose } from "./network.ts";
import type { OpenedBundle } from "./opened-bundle.ts";

export interface BundledNetworkOptions {
  readonly bundles: readonly OpenedBundle[];
  /** True if nothing else may be asked, as with `install --from`. */
  readonly isOnly: boolean;
}

/**
 * A network that finds what bundles have in them, at the addresses that it came from: so all that asks for a package asks as it
 * always does, and verifies the same. The rest is asked of the other machines, or of nobody.
 */
export function bundledNetwork(network: Network, { bundles, isOnly }: BundledNetworkOptions): Network {
  const places = new Map<string, Target>();
  const downloads = new Map<string, { readonly place: Target; readonly digest: Digest }>();
  // A bundle that is in a registry itself is read from there.
  const own = new Set(
    bundles.flatMap(({ location }) => (location.kind === "registry" ? [repositoryName(location.reference)] : [])),
  );
  for (const { place, table, name: bundle } of bundles) {
    const documents = new Set(table.documents);
    for (const contents of table.places) {
      if (!places.has(contents.name)) places.set(contents.name, bundledPlace({ place, contents, documents, bundle }));
    }
    for (const { url, digest } of table.downloads) downloads.set(new URL(url).href, { place, digest });
  }
  const notThere = ({ task }: Purpose, what: string): PkgError => notInBundle(task, what, bundles);
  return {
    ...network,
    isOffline: isOnly || network.isOffline,
    repository: (reference, purpose) => {
      const name = repositoryName(reference);
      const bundled = places.get(name);
      if (isOnly) {
        if (bundled !== undefined) return bundled;
        if (!own.has(name)) throw notThere(purpose, name);
        return network.repository(reference, purpose);
      }
      // What a person names is asked of the registry: a bundle that stays must not answer for the tags of others.
      if (bundled === undefined || purpose.namedBy === "person") return network.repository(reference, purpose);
      return bundledFirst(bundled, () => network.repository(reference, purpose));
    },
    openRegistry: (registry, purpose) => {
      if (isOnly) throw notThere(purpose, registry);
      return network.openRegistry(registry, purpose);
    },
    request: async (request, purpose) => {
      if (isOnly) throw notThere(purpose, request.url.href);
      return network.request(request, purpose);
    },
    download: async (request, purpose) => {
      const bundled = downloads.get(request.url.href);
      if (bundled !== undefined) return openBundled(bundled, request, request.signal);
      if (isOnly) throw notThere(purpose, request.url.href);
      return network.download(request, purpose);
    },
    warm: (registry, namedBy, count) => {
      if (!isOnly) network.warm(registry, namedBy, count);
    },
  };
}

function repositoryName({ registry, name }: Reference): string {
  return `${registry}/${name}`;
}

interface Wanted extends BlobPosition {
  readonly size: number | null;
}

function openBundled(
  { place, digest }: { readonly place: Target; readonly digest: Digest },
  { size, offset, validator }: Wanted,
  signal: AbortSignal,
): ReturnType<Network["download"]> {
  return place.openBlob({ digest, size }, { offset, validator }, signal);
}

function notInBundle(task: string, what: string, [bundle]: readonly OpenedBundle[]): PkgError {
  const name = bundle?.name ?? "";
  return new PkgError(
    "OFFLINE",
    `Cannot ${task}: "${what}" is not in the bundle "${name}", and nothing else is asked`,
    {
      hint: "Leave --from out where there is a network, or make a bundle that has it",
    },
  );
}
