import { PkgError } from "../errors.ts";
import { type Descriptor, TITLE_ANNOTATION } from "../oci/descriptor.ts";
import { layersByTitle, type Manifest } from "../oci/manifest.ts";
import { MAX_DESKTOP_BYTES } from "../package/desktop-file.ts";
import { ARCHIVE_TYPE, isArchiveTitle, mainTitles, unpackedTitle } from "../package/file-names.ts";
import { MAX_ICON_BYTES } from "../package/icon-file.ts";
import { isSafeName } from "../package/names.ts";
import { type Link, linksFor } from "../package/provides.ts";
import type { Resolution } from "../plan/resolution.ts";

/** Which files of a package are programs, and the names they are linked as. */
export interface PackageFiles {
  /** Titles; the main file first. */
  readonly programs: readonly string[];
  /** Empty for a directory, whose links are known once it is unpacked. */
  readonly links: readonly Link[];
  /** True when the main file is a packed directory. */
  readonly isDirectory: boolean;
}

/** Files that describe a program, by the names that they have in today's packages. */
const DOCUMENTS = /^(?:CHECKSUM|LICENSE|SBUILD)$|\.(?:sig|json|log|version|png|svg|desktop|xml)$/;

/**
 * The files of a package, by the titles in its manifest, or else in the package index, or else the one main file.
 *
 * @throws {PkgError} LAYER_MISSING when none of them is the main file
 */
export function titlesOf(resolution: Resolution, manifest: Manifest | null): PackageFiles {
  const layers = manifest === null ? null : layersByTitle(manifest);
  const titles = layers !== null ? [...layers.keys()] : listed(resolution);
  const main = mainTitle(resolution, manifest, titles);
  if (isArchive(main, layers?.get(main), resolution)) return { programs: [main], links: [], isDirectory: true };
  const links = linksFor({ name: resolution.packageName, main, provides: resolution.provides }, titles);
  const others = links.map((link) => link.title).filter((title) => title !== main);
  // Without a manifest the digests of further files are unknown, so only the main file can be fetched.
  const programs = manifest === null ? [main] : [main, ...new Set(others)];
  return { programs, links: links.filter((link) => programs.includes(link.title)), isDirectory: false };
}

/** The desktop entries of a package of single files, and the icons that they may name: what a menu shows of it. */
export function companionTitles(manifest: Manifest): readonly string[] {
  const layers = layersByTitle(manifest);
  const titlesWith = (pattern: RegExp, most: number) =>
    [...layers].flatMap(([title, { size }]) => (pattern.test(title) && size <= most ? [title] : []));
  const entries = titlesWith(COMPANION_ENTRY, MAX_DESKTOP_BYTES);
  if (entries.length === 0) return [];
  return [...entries, ...titlesWith(COMPANION_ICON, MAX_ICON_BYTES)].slice(0, MAX_COMPANIONS);
}

const COMPANION_ENTRY = /^[A-Za-z0-9_][\w.+@-]*\.desktop$/;
const COMPANION_ICON = /^[A-Za-z0-9_][\w.+@-]*\.(?:png|svg|xpm)$/;
const MAX_COMPANIONS = 8;

/** Decided by the media type of the layer; without a manifest, by the type in the package index. */
function isArchive(title: string, layer: Descriptor | undefined, { type }: Resolution): boolean {
  if (!isArchiveTitle(title)) return false;
  return layer === undefined ? type === "archive" : layer.mediaType === ARCHIVE_TYPE;
}

function listed({ name, origin: { files } }: Resolution): readonly string[] {
  return files.length > 0 ? files : [name];
}

function mainTitle(
  { packageName: name, origin }: Resolution,
  manifest: Manifest | null,
  titles: readonly string[],
): string {
  for (const wanted of [name, origin.mainName, manifest?.annotations[TITLE_ANNOTATION]]) {
    const title = mainTitles(wanted ?? name).find((candidate) => titles.includes(candidate));
    if (title !== undefined) return title;
  }
  const layers = manifest === null ? [] : [...layersByTitle(manifest)];
  const [byDigest] = layers.find(([, layer]) => layer.digest === origin.blob) ?? [];
  if (byDigest !== undefined) return byDigest;
  const [only, ...others] = titles.filter(isProgram);
  if (only !== undefined && others.length === 0) return only;
  throw noMainFile(origin.text, origin.mainName ?? name, titles);
}

/** The names of the programs among titles: those of packed directories without their ending. */
export function programNames(titles: readonly string[]): readonly string[] {
  return titles.filter(isProgram).map(unpackedTitle);
}

/** What cannot be the name of a link, such as `share/a.txt` or `a:b`, cannot be run by its name. */
function isProgram(title: string): boolean {
  return !DOCUMENTS.test(title) && isSafeName(title);
}

function noMainFile(reference: string, expected: string, titles: readonly string[]): PkgError {
  const found = titles.slice(0, 10).map((title) => `"${title}"`);
  return new PkgError(
    "LAYER_MISSING",
    `Cannot install "${reference}": expected a program named "${expected}", found ${found.join(", ") || "no titled file"}`,
    { hint: `Run \`pkg pull ${reference}\` to get all its files` },
  );
}
