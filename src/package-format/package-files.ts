import { PkgError } from "../errors.ts";
import { type Descriptor, TITLE_ANNOTATION } from "../oci/descriptor.ts";
import { layersByTitle, type Manifest } from "../oci/manifest.ts";
import { formatReference } from "../oci/reference.ts";
import { ARCHIVE_TYPE, isArchiveTitle, mainTitles } from "../package/file-names.ts";
import { type Link, linksFor } from "../package/provides.ts";
import type { Resolution } from "../plan/resolution.ts";

/** Which files of an artifact are programs, and the names they are linked as. */
export interface PackageFiles {
  /** Titles; the main file first. */
  readonly programs: readonly string[];
  /** Of a directory, what it will be linked as is known once it is unpacked. */
  readonly links: readonly Link[];
  /** The main file is a directory as an archive. */
  readonly isDirectory: boolean;
}

type OciSource = Resolution["source"] & { readonly kind: "oci" };

/** Files that describe a program, by the names that today's packages give them. */
const DOCUMENTS = /^(?:CHECKSUM|LICENSE|SBUILD)$|\.(?:sig|json|log|version|png|svg|desktop|xml)$/;

/** Reads the titles from the manifest, else from the index, else assumes the one main file. */
export function titlesOf(resolution: Resolution, source: OciSource | null, manifest: Manifest | null): PackageFiles {
  const layers = manifest === null ? null : layersByTitle(manifest);
  const titles = layers !== null ? [...layers.keys()] : listed(resolution, source);
  const main = mainTitle({ resolution, source, manifest, titles });
  if (isArchive(main, layers?.get(main), resolution)) return { programs: [main], links: [], isDirectory: true };
  const links = linksFor({ name: resolution.name, main, provides: resolution.provides }, titles);
  const others = links.map((link) => link.title).filter((title) => title !== main);
  // Without a manifest the digests of further files are unknown, so only the main file can be had.
  const programs = manifest === null ? [main] : [main, ...new Set(others)];
  return { programs, links: links.filter((link) => programs.includes(link.title)), isDirectory: false };
}

/** By what its layer says; where only the index is asked, by what that says. */
function isArchive(title: string, layer: Descriptor | undefined, { type }: Resolution): boolean {
  if (!isArchiveTitle(title)) return false;
  return layer === undefined ? type === "archive" : layer.mediaType === ARCHIVE_TYPE;
}

function listed(resolution: Resolution, source: OciSource | null): readonly string[] {
  return source !== null && source.files.length > 0 ? source.files : [resolution.name];
}

interface MainRequest {
  readonly resolution: Resolution;
  readonly source: OciSource | null;
  readonly manifest: Manifest | null;
  readonly titles: readonly string[];
}

function mainTitle({ resolution, source, manifest, titles }: MainRequest): string {
  const path = source?.reference.name ?? "";
  const last = path.slice(path.lastIndexOf("/") + 1);
  const names = [resolution.name, last, manifest?.annotations[TITLE_ANNOTATION] ?? last];
  for (const name of names) {
    const title = mainTitles(name).find((candidate) => titles.includes(candidate));
    if (title !== undefined) return title;
  }
  const byDigest =
    manifest === null
      ? undefined
      : [...layersByTitle(manifest)].find(([, layer]) => layer.digest === source?.blob)?.[0];
  if (byDigest !== undefined) return byDigest;
  const programs = titles.filter((title) => !DOCUMENTS.test(title));
  const [only] = programs;
  if (only !== undefined && programs.length === 1) return only;
  throw noMainFile(source === null ? resolution.name : formatReference(source.reference), last, titles);
}

function noMainFile(reference: string, expected: string, titles: readonly string[]): PkgError {
  const found = titles.slice(0, 10).map((title) => `"${title}"`);
  return new PkgError(
    "LAYER_MISSING",
    `Cannot install "${reference}": expected a program named "${expected}", found ${found.join(", ") || "no titled file"}`,
    { hint: `Run \`pkg pull ${reference}\` to get all its files` },
  );
}
