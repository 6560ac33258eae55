import { type ResolveCapabilities, resolveSpecs } from "../install/resolve.ts";
import { layersByTitle, type Manifest } from "../oci/manifest.ts";
import type { PackageEntry } from "../package/metadata.ts";
import { annotationIn } from "../package-format/annotations.ts";
import { titlesOf } from "../package-format/package-files.ts";
import type { Resolution } from "../plan/resolution.ts";
import type { KnownPackage } from "./known-packages.ts";

/**
 * What a package in a registry, a layout or a tar says about itself, by its reference; nothing of it is verified.
 *
 * @throws {PkgError} as resolveReference
 */
export async function referencedPackage(
  cap: ResolveCapabilities,
  text: string,
  directory: string,
): Promise<KnownPackage> {
  const [resolved] = await resolveSpecs(cap, [text], { skip: [], key: null, directory });
  if (resolved === undefined) throw new Error("a spec resolved to nothing");
  if ("error" in resolved) throw resolved.error;
  const { resolution } = resolved;
  return { repository: null, indexSigned: null, entry: entryOf(resolution), versions: [resolution.version] };
}

function entryOf(resolution: Resolution): PackageEntry {
  const { name, version, packageId, origin } = resolution;
  const { manifest } = origin;
  const said = (key: Parameters<typeof annotationIn>[1]) =>
    listOf(manifest === null ? null : annotationIn(manifest, key));
  const nothing = {
    ...{ recipe: name, family: "", host: "", libc: null, disabled: false, installable: true, deprecated: false },
    ...{
      sha256: null,
      blake3: null,
      snapshots: [],
      maintainers: [],
      notes: [],
      categories: [],
      tags: [],
      replaces: [],
    },
    ...{ aliases: [], dependencies: [], keg: null },
    ...{ rank: null, downloads: null, buildDate: null },
  };
  return {
    ...nothing,
    ...{ name, version, id: packageId, type: "" },
    description: said("description")[0] ?? "",
    homepages: said("url"),
    sources: said("source"),
    licenses: said("licenses"),
    provides: manifest === null ? [] : providesOf(resolution, manifest),
    sizeBytes: manifest === null ? null : manifest.layers.reduce((sum, { size }) => sum + size, 0),
    artifact: {
      kind: "oci",
      reference: origin.text,
      blob: origin.blob,
      files: manifest === null ? [] : [...layersByTitle(manifest).keys()],
      manifest: manifest?.digest ?? origin.digest,
    },
  };
}

function listOf(text: string | null): readonly string[] {
  return text === null ? [] : [text];
}

/** The programs that it would place, as far as its manifest tells. */
function providesOf(resolution: Resolution, manifest: Manifest): PackageEntry["provides"] {
  return titlesOf(resolution, manifest).links.map(({ title, link }) => ({ program: title, links: [link] }));
}
