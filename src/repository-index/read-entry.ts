import { byteCount } from "../base/format-bytes.ts";
import { parseJsonOrNull } from "../base/json.ts";
import { PkgError } from "../errors.ts";
import { type V1Entry, validatePackage } from "../generated/index-schema.js";
import { describeSchemaError } from "../index/schema-error.ts";
import { fetchBytes } from "../oci/blob-bytes.ts";
import type { Source } from "../oci/content.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import { type Digest, digestHex } from "../oci/digest.ts";
import { layersByTitle, type Manifest } from "../oci/manifest.ts";
import { formatReference, parseReference, type Reference } from "../oci/reference.ts";
import { PACKAGE_TYPE } from "../package/artifact-types.ts";
import { entryTitle, mainTitles, nameOfEntry } from "../package/file-names.ts";
import { LIBC_FEATURES } from "../package/libc.ts";
import { hostName } from "../package/platform.ts";
import { VERSION_ANNOTATION } from "../package-format/annotations.ts";
import { type AcceptedSigners, checkSigned } from "./check-signed.ts";
import type { PackageReader } from "./package-reader.ts";
import { repositoryReference } from "./package-sources.ts";

/** The package of one platform, as the image index of its version lists it. */
export interface ListedPackage {
  readonly place: Source;
  readonly repository: Reference;
  readonly version: string;
  /** The version was named by a person, not only its repository. */
  readonly isNamedVersion: boolean;
  readonly listed: Descriptor;
}

/** How the bytes of an entry are read. */
type ReadOptions = Pick<PackageReader, "retry" | "signal" | "emit">;

const MAX_ENTRY_BYTES = 1024 * 1024;

/**
 * Reads the entry that a package holds, and adds what only the registry can tell. The entry must agree with the manifest, the
 * image index and the tags, and the package must be signed by one of the accepted keys.
 *
 * @throws {PkgError} MANIFEST_INVALID when it does not; as checkSigned; those of the place
 */
export async function readPackageEntry(
  listed: ListedPackage,
  accepted: AcceptedSigners,
  options: ReadOptions,
): Promise<V1Entry> {
  const { place, repository } = listed;
  const { signal } = options;
  const name = formatReference({ ...repository, digest: listed.listed.digest });
  const refuse = (problem: string) => new PkgError("MANIFEST_INVALID", `Cannot index "${name}": ${problem}`);
  const document = await place.fetchManifest(listed.listed.digest, signal);
  if (document.kind === "index") throw refuse("its image index lists another image index");
  const { manifest } = document;
  const { entry, ...file } = await readWritten({ place, manifest, refuse }, options);
  const problem = firstProblem(entry, manifest, listed);
  if (problem !== null) throw refuse(problem);
  const { tag } = parseReference(entry.ghcr_pkg);
  const tagged = await place.resolve(tag ?? "", signal);
  if (tagged.digest !== manifest.digest) {
    throw refuse(`its tag "${tag}" names "${tagged.digest}", expected "${manifest.digest}"`);
  }
  await checkSigned(
    { name, place, manifest, entry: file, programTitle: programTitle(entry, manifest) },
    accepted,
    options,
  );
  return complete(entry, manifest);
}

/**
 * Reads the signed entry of a package that is in an index already, and checks its signatures.
 *
 * @param name as messages name the package
 * @throws {PkgError} MANIFEST_INVALID; as checkSigned; those of the place
 */
export async function readIndexedEntry(
  { place, digest, name }: { readonly place: Source; readonly digest: Digest; readonly name: string },
  accepted: AcceptedSigners,
  options: ReadOptions,
): Promise<V1Entry> {
  const refuse = (problem: string) => new PkgError("MANIFEST_INVALID", `Cannot index "${name}": ${problem}`);
  const document = await place.fetchManifest(digest, options.signal);
  if (document.kind === "index") throw refuse("its manifest is an image index");
  const { manifest } = document;
  const { entry, ...file } = await readWritten({ place, manifest, refuse }, options);
  await checkSigned(
    { name, place, manifest, entry: file, programTitle: programTitle(entry, manifest) },
    accepted,
    options,
  );
  return complete(entry, manifest);
}

function programTitle({ pkg_name }: V1Entry, manifest: Manifest): string {
  const layers = layersByTitle(manifest);
  return mainTitles(pkg_name).find((title) => layers.has(title)) ?? pkg_name;
}

type Refuse = (problem: string) => PkgError;

interface Written {
  readonly place: Source;
  readonly manifest: Manifest;
  readonly refuse: Refuse;
}

/** `PROGRAM.json`: what it says, and its bytes. */
interface WrittenEntry {
  readonly entry: V1Entry;
  readonly title: string;
  readonly bytes: Buffer;
}

/** `PROGRAM.json`: the only file whose name is that of the program with `.json` added. */
async function readWritten({ place, manifest, refuse }: Written, options: ReadOptions): Promise<WrittenEntry> {
  const layers = layersByTitle(manifest);
  const isEntry = (title: string) => {
    const name = nameOfEntry(title);
    return name !== null && mainTitles(name).some((main) => layers.has(main));
  };
  const [title, second] = [...layers.keys()].filter(isEntry);
  const layer = layers.get(title ?? "");
  if (title === undefined || layer === undefined) throw refuse("it has no PROGRAM.json");
  if (second !== undefined) throw refuse(`"${title}" and "${second}" may both be its PROGRAM.json`);
  if (layer.size > MAX_ENTRY_BYTES)
    throw refuse(`"${title}" has ${byteCount(layer.size)}, expected at most ${MAX_ENTRY_BYTES}`);
  const { retry, signal } = options;
  const bytes = await fetchBytes(place, layer, { retry, signal, maxBytes: MAX_ENTRY_BYTES });
  const value = parseJsonOrNull(bytes);
  if (!validatePackage(value)) throw refuse(`"${title}": ${describeSchemaError(validatePackage.errors)}`);
  if (title !== entryTitle(value.pkg_name)) throw refuse(`"${title}" is about "${value.pkg_name}"`);
  return { entry: value, title, bytes };
}

/** The first way in which an entry disagrees with its manifest or image index; null when they agree. */
function firstProblem(
  entry: V1Entry,
  manifest: Manifest,
  { repository, version, listed }: ListedPackage,
): string | null {
  const layers = layersByTitle(manifest);
  const [program] = mainTitles(entry.pkg_name).flatMap((title) => layers.get(title) ?? []);
  const place = formatReference(repository);
  const [blobPlace, blobDigest] = entry.ghcr_blob.split("@");
  const facts: readonly (readonly [string, unknown, unknown])[] = [
    ["artifact type", manifest.artifactType, PACKAGE_TYPE],
    ["version", entry.version, version],
    ["version annotation", manifest.annotations[VERSION_ANNOTATION], version],
    ["host", entry.host.toLowerCase(), listed.platform === undefined ? null : hostName(listed.platform)],
    ["libc", neededLibc(entry), listedLibc(listed)],
    ["ghcr_pkg", repositoryReference(entry.ghcr_pkg), place],
    ["ghcr_blob", blobPlace, place],
    ["ghcr_blob", blobDigest, program?.digest],
    ["shasum", entry.shasum, program === undefined ? null : digestHex(program.digest)],
    ["size_raw", entry.size_raw, program?.size],
  ];
  const wrong = facts.find(([, found, expected]) => found !== expected);
  if (wrong === undefined) return null;
  const [field, found, expected] = wrong;
  return `its ${field} is "${found ?? "none"}", expected "${expected ?? "none"}"`;
}

function neededLibc({ libc }: V1Entry): string | null {
  return libc === "glibc" || libc === "musl" ? libc : null;
}

function listedLibc({ platform }: Descriptor): string | null {
  const features = platform?.osFeatures ?? [];
  return (["glibc", "musl"] as const).find((libc) => features.includes(LIBC_FEATURES[libc])) ?? null;
}

function complete(entry: V1Entry, manifest: Manifest): V1Entry {
  return {
    ...entry,
    host: entry.host.toLowerCase(),
    ghcr_files: [...layersByTitle(manifest).keys()],
    ghcr_size_raw: manifest.layers.reduce((sum, { size }) => sum + size, 0),
    manifest_digest: manifest.digest,
  };
}
