import { hashHex } from "../base/hashes.ts";
import type { BuiltDocument } from "../oci/artifact.ts";
import type { BlobUpload } from "../oci/content.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import { type PreparedBlob, preparedBytes } from "../oci-tools/artifact-layers.ts";
import { checksumText } from "../package/checksum-file.ts";
import { CHECKSUM_TITLE, entryTitle } from "../package/file-names.ts";
import type { HashedFile, ProgramFile, Publication } from "../package/publication.ts";
import { annotationsOf } from "../package-format/annotations.ts";
import {
  layerOf,
  listedDescriptor,
  packageIndex,
  packageManifest,
  type SmallFile,
  signatureFile,
} from "../package-format/documents.ts";
import { entryText } from "../package-format/entry.ts";
import { compareBuilds } from "../package-format/hosts.ts";
import { hostTags, rollingTags, versionTag } from "../package-format/tags.ts";
import type { Signer } from "../sign/signer.ts";
import type { PreparedFiles, Readable } from "./prepare-files.ts";

/** One platform's package, ready to be sent. */
export interface PlatformPackage {
  readonly program: ProgramFile;
  /** Names its manifest. */
  readonly tag: string;
  readonly manifest: BuiltDocument;
  /** As the image index lists it. */
  readonly descriptor: Descriptor;
  /** In the order of the manifest. */
  readonly layers: readonly PreparedBlob[];
}

/** All that is to be sent, with every digest known. */
export interface BuiltPublication {
  /** In the order of the image index. */
  readonly packages: readonly PlatformPackage[];
  readonly index: BuiltDocument;
  readonly versionTag: string;
  /** The longest first; none of what is no release. */
  readonly rollingTags: readonly string[];
}

export interface BuildPublicationRequest {
  readonly publication: Publication;
  readonly files: PreparedFiles;
  /** None: nothing is signed. */
  readonly signers: readonly Signer[];
  /** Seconds since the epoch; the one time that is told; null: none. */
  readonly sourceDateEpoch: number | null;
}

const TEXT_TYPE = "text/plain";
const JSON_TYPE = "application/json";

/**
 * Makes every document of a publication. The same files, keys and words give the same bytes.
 *
 * @throws {PkgError} PUBLISH_INVALID for a version that is no tag; MANIFEST_INVALID for what no registry would take
 */
export function buildPublication(request: BuildPublicationRequest): BuiltPublication {
  const { publication, files } = request;
  const annotations = annotationsOf(publication, isoTime(request.sourceDateEpoch));
  const tags = hostTags(publication.version, files.programs);
  const packages = files.programs.toSorted(compareBuilds).map((program): PlatformPackage => {
    const tag = tags.get(program) ?? "";
    const layers = packageFiles(request, program, tag);
    const manifest = packageManifest(
      layers.map(({ descriptor }) => descriptor),
      annotations,
    );
    return { program, tag, manifest, layers, descriptor: listedDescriptor({ ...program, manifest }) };
  });
  return {
    packages,
    index: packageIndex(
      packages.map(({ program, manifest }) => ({ ...program, manifest })),
      annotations,
    ),
    versionTag: versionTag(publication.version),
    rollingTags: rollingTags(publication.version),
  };
}

interface PackageFile {
  readonly hashed: HashedFile;
  readonly blob: PreparedBlob;
}

/** The program first, then what describes it, then a signature of each. */
function packageFiles(
  { publication, files, signers, sourceDateEpoch }: BuildPublicationRequest,
  program: ProgramFile & Readable,
  tag: string,
): readonly PreparedBlob[] {
  const documents = files.documents.toSorted((a, b) => (a.title < b.title ? -1 : 1));
  const checksum = checksumText([program, ...documents]);
  const entry = entryText(publication, program, { tag, createdAt: isoTime(sourceDateEpoch) });
  const contents = [
    largeFile(program),
    smallFile({ title: CHECKSUM_TITLE, mediaType: TEXT_TYPE, bytes: Buffer.from(checksum) }),
    smallFile({ title: entryTitle(publication.name), mediaType: JSON_TYPE, bytes: Buffer.from(entry) }),
    ...documents.map(largeFile),
  ];
  const signed = signers.length === 0 ? [] : contents;
  const signatures = signed.map(({ hashed }) => smallFile(signatureFile(hashed, signers, sourceDateEpoch)));
  return [...contents, ...signatures].map(({ blob }) => blob);
}

function largeFile(file: HashedFile & { readonly open: BlobUpload["open"] }): PackageFile {
  return { hashed: file, blob: { name: file.title, descriptor: layerOf(file), open: file.open } };
}

function smallFile({ title, mediaType, bytes }: SmallFile): PackageFile {
  const [sha256, blake3, blake2b512] = [
    hashHex("sha256", bytes),
    hashHex("blake3", bytes),
    hashHex("blake2b512", bytes),
  ];
  const hashed = { title, mediaType, size: bytes.length, sha256, blake3, blake2b512 };
  return { hashed, blob: preparedBytes(title, bytes, layerOf(hashed)) };
}

function isoTime(seconds: number | null): string | null {
  return seconds === null ? null : new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, "Z");
}
