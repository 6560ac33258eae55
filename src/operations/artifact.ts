import { PkgError } from "../errors.ts";
import { layersByTitle, type Manifest } from "../oci/manifest.ts";
import { formatReference } from "../oci/reference.ts";
import { linksFor } from "../package/provides.ts";
import type { Resolution } from "../plan/resolution.ts";

/** Which files of an artifact are programs, and the names they are linked as. */
export interface Artifact {
  /** Titles; the main file first. */
  readonly programs: readonly string[];
  readonly links: readonly { readonly title: string; readonly link: string }[];
}

type OciSource = Resolution["source"] & { readonly kind: "oci" };

/** Files that describe a program, by the names that today's packages give them. */
const DOCUMENTS = /^(?:CHECKSUM|LICENSE|SBUILD)$|\.(?:sig|json|log|version|png|svg|desktop|xml)$/;

/** Reads the titles from the manifest, else from the index, else assumes the one main file. */
export function titlesOf(resolution: Resolution, source: OciSource | null, manifest: Manifest | null): Artifact {
  const titles = manifest !== null ? [...layersByTitle(manifest).keys()] : listed(resolution, source);
  const main = mainTitle(resolution, source, manifest, titles);
  const links = linksFor({ name: resolution.name, main, provides: resolution.provides }, titles);
  const others = links.map((link) => link.title).filter((title) => title !== main);
  // Without a manifest the digests of further files are unknown, so only the main file can be had.
  const programs = manifest === null ? [main] : [main, ...new Set(others)];
  return { programs, links: links.filter((link) => programs.includes(link.title)) };
}

function listed(resolution: Resolution, source: OciSource | null): readonly string[] {
  return source !== null && source.files.length > 0 ? source.files : [resolution.name];
}

function mainTitle(
  resolution: Resolution,
  source: OciSource | null,
  manifest: Manifest | null,
  titles: readonly string[],
): string {
  const path = source?.reference.name ?? "";
  const last = path.slice(path.lastIndexOf("/") + 1);
  for (const title of [resolution.name, last]) if (titles.includes(title)) return title;
  const byDigest =
    manifest === null
      ? undefined
      : [...layersByTitle(manifest)].find(([, layer]) => layer.digest === source?.blob)?.[0];
  if (byDigest !== undefined) return byDigest;
  const programs = titles.filter((title) => !DOCUMENTS.test(title));
  const [only] = programs;
  if (only !== undefined && programs.length === 1) return only;
  const reference = source === null ? resolution.name : formatReference(source.reference);
  throw new PkgError(
    "LAYER_MISSING",
    `Cannot install "${reference}": expected a program named "${last}", found ${
      titles
        .slice(0, 10)
        .map((title) => `"${title}"`)
        .join(", ") || "no titled file"
    }`,
    { hint: `Run \`pkg pull ${reference}\` to get all its files` },
  );
}
