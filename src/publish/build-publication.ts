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
  packageImageIndex,
  packageManifest,
  type SmallFile,
  signatureFiles,
} from "../package-format/documents.ts";
import { entryText } from "../package-format/entry.ts";
import { compareBuilds } from "../package-format/hosts.ts";
import { hostTags, rollingTags, versionTag } from "../package-format/tags.ts";
import type { Signer } from "../sign/signer.ts";
import type { PreparedFiles, Readable } from "./prepare-files.ts";

/** One platform's package, ready to be sent. */
export interface PlatformPackage {
  readonly program: ProgramFile;
  /** The tag of its manifest. */
  readonly tag: string;
  readonly manifest: BuiltDocument;
  /** The descriptor by which the image index lists it. */
  readonly descriptor: Descriptor;
  /** In the order of the manifest's layers. */
  readonly layers: readonly PreparedBlob[];
}

/** Everything that is to be sent, with every digest known. */
export interface BuiltPublication {
  /** In the order of the image index. */
  readonly packages: readonly PlatformPackage[];
  readonly imageIndex: BuiltDocument;
  readonly versionTag: string;
  /** The longest first; empty for a pre-release. */
  readonly rollingTags: readonly string[];
}

/** What a publication is built from. */
export interface BuildPublicationRequest {
  readonly publication: Publication;
  readonly files: PreparedFiles;
  /** Empty: nothing is signed. */
  readonly signers: readonly Signer[];
  /** The only time in the documents, in seconds since the epoch; null: they contain no time. */
  readonly sourceDateEpoch: number | null;
}

const TEXT_TYPE = "text/plain";
const JSON_TYPE = "application/json";

/**
 * Makes every document of a publication. The same files, keys and texts give the same bytes.
 *
 * @throws {PkgError} PUBLISH_INVALID for a version that cannot be a tag; MANIFEST_INVALID for a manifest that no registry accepts
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
    imageIndex: packageImageIndex(
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

/** The program, then the files that describe it, then the signatures of all these. */
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
  const signatures = contents.flatMap(({ hashed }) => signatureFiles(hashed, signers, sourceDateEpoch)).map(smallFile);
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
