import { wantedNames } from "../image/find-program.ts";
import { openLocation } from "../network/open-location.ts";
import { layersByTitle, type Manifest } from "../oci/manifest.ts";
import type { PackageEntry } from "../package/metadata.ts";
import { annotationIn } from "../package-format/annotations.ts";
import { titlesOf } from "../package-format/package-files.ts";
import type { ImageOrigin } from "../plan/origin.ts";
import type { Resolution } from "../plan/resolution.ts";
import { type ResolveCapabilities, resolveSpecs } from "../resolve/resolve.ts";
import { fetchImageConfig, programsIn, streamedImage } from "../sources/read-image.ts";
import type { KnownImage, KnownPackage } from "./known-packages.ts";

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
  const [resolved] = await resolveSpecs(cap, [text], { skip: [], key: null, directory, isOnlyShown: true });
  if (resolved === undefined) throw new Error("a spec resolved to nothing");
  if ("error" in resolved) throw resolved.error;
  const { resolution } = resolved;
  const { origin, version } = resolution;
  const image = origin.kind === "image" ? await imageOf(cap, origin) : null;
  return { repository: null, indexSigned: null, entry: entryOf(resolution), versions: [version], image };
}

/** Of what an image starts, which may have megabytes. */
const MOST_WORDS = 64;
const MOST_CHARACTERS = 256;

/** Looks into the layers of an image; nothing of them is kept. */
async function imageOf({ network, retry, signal }: ResolveCapabilities, origin: ImageOrigin): Promise<KnownImage> {
  const { manifest, location, text } = origin;
  if (manifest === null) throw new Error("an image was resolved without its manifest");
  const { place, close } = await openLocation(network, location, { task: `look at "${text}"`, namedBy: "person" });
  try {
    const image = { name: text, place, manifest, retry, signal };
    const config = origin.config ?? (await fetchImageConfig(image));
    const { names, count, isWhole } = await programsIn(streamedImage(image, config), config);
    const words = config.entrypoint.length > 0 ? config.entrypoint : config.cmd;
    const entrypoint = words.slice(0, MOST_WORDS).map((word) => word.slice(0, MOST_CHARACTERS));
    return { entrypoint, programs: names, isComplete: isWhole && names.length === count };
  } finally {
    await close();
  }
}

function entryOf(resolution: Resolution): PackageEntry {
  const { name, version, packageId, origin } = resolution;
  const { manifest } = origin;
  const image = origin.kind === "image" ? origin.image : null;
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
    description: image?.description ?? said("description")[0] ?? "",
    homepages: said("url"),
    sources: image === null ? said("source") : listOf(image.source),
    licenses: image === null ? said("licenses") : listOf(image.license),
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
  const { origin } = resolution;
  if (origin.kind === "image") {
    const names = wantedNames(origin.config, origin.image.programs);
    return names.map((name) => ({ program: name, links: [name] }));
  }
  return titlesOf(resolution, manifest).links.map(({ title, link }) => ({ program: title, links: [link] }));
}
