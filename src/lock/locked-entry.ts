import { MAX_MINISIGN_FILE_BYTES } from "../base/minisign-format.ts";
import type { RetrySettings } from "../base/retry.ts";
import type { DeclaredPackage } from "../declare/declaration.ts";
import type { LockedPackage } from "../declare/lock-file.ts";
import { PkgError } from "../errors.ts";
import { fetchBytes } from "../oci/blob-bytes.ts";
import { formatLocation, keyIn, withKey } from "../oci/location.ts";
import { layersByTitle } from "../oci/manifest.ts";
import { CHECKSUM_TITLE, signatureTitleFor } from "../package/file-names.ts";
import { isActive } from "../package/policy.ts";
import type { Resolution } from "../plan/resolution.ts";
import { checkAsRequested } from "../resolve/locked-as-requested.ts";
import { kegText } from "../resolve/locked-keg.ts";
import { openPackageSource } from "../sources/open-source.ts";
import type { PackageContents, PackageSource } from "../sources/package-source.ts";
import type { SourceContext } from "../sources/source-context.ts";
import { parseFirstSignature } from "../verify/minisign.ts";

/** What locking one package takes. */
export interface EntryContext {
  readonly sources: SourceContext;
  readonly retry: RetrySettings;
  readonly signal: AbortSignal;
}

/** What is locked. */
export interface EntryRequest {
  readonly resolution: Resolution;
  /** Null: others need it. */
  readonly declared: DeclaredPackage | null;
  /** Of the index that named it; null: none. */
  readonly serial: number | null;
}

/**
 * What a lock file says of a package: its manifest is read, and the id of the key that signed it, but no program.
 *
 * @throws {PkgError} those of the place; SIGNATURE_MISSING, SIGNATURE_UNTRUSTED
 */
export async function lockedEntry(context: EntryContext, request: EntryRequest): Promise<LockedPackage> {
  const { resolution, declared, serial } = request;
  const { origin, policy, repository, facts, publisherKey, keg, provides, aliases, dependencies } = resolution;
  const { text: location, ...read } = await contentsOf(context, resolution);
  const { blake3 } = resolution.expected;
  const entry: LockedPackage = {
    ...{ name: resolution.name, platform: context.sources.machine.host, version: resolution.version },
    ...present("requested", declared?.spec),
    ...present("package", declared?.packageName),
    ...(resolution.isPinned === true ? { pinned: true as const } : {}),
    ...present("repository", repository),
    ...present("serial", serial),
    id: resolution.packageId,
    ...present("family", orNull(resolution.family)),
    ...present("type", orNull(resolution.type)),
    kind: origin.kind,
    location,
    ...read,
    ...(origin.kind === "artifact" && origin.blob !== null ? { blob_known: true } : {}),
    ...present("blake3", blake3),
    require: [...policy.require].toSorted(),
    ...(policy.provenance === null
      ? {}
      : { built_by: { identity: policy.provenance.identity, issuer: policy.provenance.issuer } }),
    ...present("key", publisherKey),
    ...present("signed_as", facts?.repository),
    ...(dependencies.length === 0 ? {} : { dependencies: dependencies.toSorted() }),
    ...(aliases.length === 0 ? {} : { aliases: [...aliases] }),
    ...(provides.length === 0
      ? {}
      : { provides: provides.map(({ program, links }) => ({ program, links: [...links] })) }),
    ...(origin.files.length === 0 ? {} : { files: [...origin.files] }),
    ...mappedOf(resolution),
    ...(keg === null ? {} : { keg: kegText(keg) }),
  };
  checkAsRequested(entry, `Cannot lock "${resolution.name}"`, `Declare it as "${resolution.name}"`);
  return entry;
}

function present<K extends string, V>(key: K, value: V | null | undefined): { readonly [key in K]?: V } {
  return value === null || value === undefined ? {} : ({ [key]: value } as { readonly [key in K]?: V });
}

function orNull(text: string): string | null {
  return text === "" ? null : text;
}

function mappedOf({ origin }: Resolution): Partial<LockedPackage> {
  if (origin.kind === "download" && origin.mapped.length > 0) {
    return { mapped: origin.mapped.map((file) => ({ ...file, aliases: [...file.aliases] })) };
  }
  if (origin.kind !== "image") return {};
  const { programs, withLibraries } = origin.image;
  return {
    ...(programs.length === 0 ? {} : { programs: [...programs] }),
    ...(withLibraries ? { with_libraries: true } : {}),
  };
}

type Read = Pick<LockedPackage, "manifest" | "blobs" | "signer"> & { readonly text: string };

async function contentsOf(context: EntryContext, resolution: Resolution): Promise<Read> {
  const { origin, expected, name } = resolution;
  if (origin.kind === "bottle" || origin.kind === "download") {
    const main = { title: name, digest: origin.blob, ...present("size", expected.sizeBytes) };
    return { text: origin.kind === "download" ? origin.url : formatLocation(origin.location), blobs: [main] };
  }
  const source = await openPackageSource(context.sources, resolution, `lock "${name}"`);
  try {
    const contents = await source.contents({ needsManifest: true, read: null, signal: context.signal });
    const { manifest } = contents;
    const digest = manifest?.digest ?? origin.digest ?? origin.blob;
    const location = withKey(origin.location, { tag: keyIn(origin.location).tag, digest });
    const signer = await signerOf(context, resolution, { source, contents });
    return {
      text: formatLocation(location),
      ...present("manifest", manifest?.digest),
      blobs: blobsOf(contents),
      ...present("signer", signer),
    };
  } finally {
    await source.close();
  }
}

/** What is placed, or the layers of an image: which of them are needed shows once they are read. */
function blobsOf({ manifest, programs }: PackageContents): LockedPackage["blobs"] {
  if (programs.length > 0) {
    return programs.map(({ title, blob }) => ({ title, digest: blob.digest, ...present("size", blob.size) }));
  }
  return (manifest?.layers ?? []).map(({ digest, size }, position) => ({ title: `layer-${position}`, digest, size }));
}

interface Opened {
  readonly source: PackageSource;
  readonly contents: PackageContents;
}

/** The key that signed it, of those that may: its signature is verified when it is installed. */
async function signerOf(
  { retry, signal }: EntryContext,
  { name, policy }: Resolution,
  { source, contents: { manifest, programs } }: Opened,
): Promise<string | null> {
  if (!isActive(policy, "signature") || manifest === null || source.place === null) return null;
  const documents = layersByTitle(manifest);
  const keyIds = policy.keys.map(({ keyId }) => keyId);
  const titles = [CHECKSUM_TITLE, programs[0]?.title ?? name].map((title) =>
    signatureTitleFor(title, keyIds, documents),
  );
  const blob = titles.map((title) => documents.get(title)).find((found) => found !== undefined);
  if (blob === undefined) throw new PkgError("SIGNATURE_MISSING", `Cannot lock "${name}": it has no signature`);
  const bytes = await fetchBytes(source.place, blob, { maxBytes: MAX_MINISIGN_FILE_BYTES, retry, signal });
  const { keyId } = parseFirstSignature(bytes, `lock "${name}"`);
  const key = policy.keys.find((own) => own.keyId === keyId);
  if (key !== undefined) return key.text;
  throw new PkgError(
    "SIGNATURE_UNTRUSTED",
    `Cannot lock "${name}": it is signed by ${keyId}, expected ${keyIds.join(" or ")}`,
  );
}
