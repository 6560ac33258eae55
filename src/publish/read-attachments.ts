import { basename, resolve } from "node:path";
import { byteCount } from "../base/format-bytes.ts";
import { addAll } from "../base/many.ts";
import { hasCode, PkgError } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { readLocalFile } from "../fs/read-file.ts";
import { bareDescriptor } from "../oci/artifact.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import type { Digest } from "../oci/digest.ts";
import { formatPlatform, parsePlatform } from "../oci/platform.ts";
import { MAX_SBOM_BYTES, sbomType } from "../provenance/sbom.ts";

/** The parts of a publication that an attachment can be about. All of them are known before anything is sent. */
export interface AttachmentSubjects {
  /** The image index of all platforms. */
  readonly imageIndex: Descriptor;
  /** The manifests in the image index. */
  readonly platforms: readonly SubjectManifest[];
}

/** The manifest of one platform. */
export interface SubjectManifest {
  /** With its `platform`. */
  readonly descriptor: Descriptor;
  /** The SHA-256 of its program. */
  readonly programDigest: Digest;
}

/** Which files to attach. */
export interface AttachmentsRequest extends AttachmentSubjects {
  /** `FILE[@platform]`, e.g. `sbom.spdx.json@linux/amd64`: about the manifests of that platform, or else about the image index. */
  readonly sboms: readonly string[];
  /** Files with a Sigstore bundle each, or one on every line. */
  readonly bundles: readonly string[];
  /** Where relative paths begin. */
  readonly directory: string;
}

/** A document that was read and checked, ready to be pushed; it refers to what it is about. */
export interface Attachment {
  readonly kind: "sbom" | "provenance";
  /** As it was typed. */
  readonly file: string;
  /** Its name in the registry. */
  readonly title: string;
  readonly artifactType: string;
  readonly bytes: Buffer;
  /** The annotations of its manifest. */
  readonly annotations: Readonly<Record<string, string>>;
  /** What it is about. */
  readonly subject: Descriptor;
}

/** Enough for sixteen of the largest bundles. */
const MAX_BUNDLES_BYTES = 16 * 1024 * 1024;

/**
 * Reads the files that `--sbom` and `--attest` name, and finds what each is about. Called before anything is sent, so that a wrong
 * file leaves nothing half published.
 *
 * @throws {PkgError} PUBLISH_INVALID for a file that is neither an SBOM nor a bundle, or is not about anything published here;
 * USAGE for text that is not a platform; FILE_SYSTEM, PERMISSION_DENIED
 */
export async function readAttachments(request: AttachmentsRequest): Promise<readonly Attachment[]> {
  const statements: Attachment[] = [];
  for (const text of request.sboms) addAll(statements, await readSbom(request, text));
  for (const file of request.bundles) addAll(statements, await readBundles(request, file));
  return statements;
}

async function readSbom(request: AttachmentsRequest, text: string): Promise<readonly Attachment[]> {
  const { file, platform } = sbomFile(text);
  const subjects = platform === null ? [request.imageIndex] : manifestsFor(request, file, platform);
  const bytes = await readLimited(resolve(request.directory, file), MAX_SBOM_BYTES);
  const artifactType = sbomType(bytes, file);
  return subjects.map((subject) => ({
    kind: "sbom",
    file: text,
    title: basename(file),
    artifactType,
    bytes,
    annotations: {},
    subject: bareDescriptor(subject),
  }));
}

/** The parts of `FILE[@platform]`. A platform has a slash and no dot, so `a@b/sbom.json` is a file. */
export function sbomFile(text: string): { readonly file: string; readonly platform: string | null } {
  const [, file = text, platform = null] = /^(.+)@([a-z0-9]+\/[a-z0-9]+(?:\/[a-z0-9]+)?)$/.exec(text) ?? [];
  return { file, platform };
}

function manifestsFor({ platforms }: AttachmentSubjects, file: string, text: string): readonly Descriptor[] {
  const wanted = formatPlatform(parsePlatform(text));
  const descriptors = platforms.map(({ descriptor }) => descriptor);
  const found = descriptors.filter(({ platform }) => platform !== undefined && formatPlatform(platform) === wanted);
  if (found.length > 0) return found;
  const known = descriptors.flatMap(({ platform }) => (platform === undefined ? [] : [formatPlatform(platform)]));
  throw new PkgError(
    "PUBLISH_INVALID",
    `Cannot attach SBOM "${file}": it is about ${wanted}, expected one of ${[...new Set(known)].join(", ")}`,
    { hint: "Name a platform that is published, or none for an SBOM about all of them" },
  );
}

async function readBundles(request: AttachmentsRequest, file: string): Promise<readonly Attachment[]> {
  const { decodeBundle } = await import("../provenance/bundle.ts");
  const bytes = await readLimited(resolve(request.directory, file), MAX_BUNDLES_BYTES);
  return splitBundles(bytes).flatMap((bundle) => {
    const { mediaType, statement } = asPublishError(() => decodeBundle(bundle, `Sigstore bundle "${file}"`));
    return subjectsOf(request, file, statement.subjects).map((subject) => ({
      kind: "provenance" as const,
      file,
      title: basename(file),
      artifactType: mediaType,
      bytes: bundle,
      // Other tools recognise a bundle's content by these.
      annotations: {
        "dev.sigstore.bundle.content": "dsse-envelope",
        "dev.sigstore.bundle.predicateType": statement.predicateType,
      },
      subject: bareDescriptor(subject),
    }));
  });
}

/** One bundle, or one on each line, as `gh attestation download` writes them. */
function splitBundles(bytes: Buffer): readonly Buffer[] {
  const lines = bytes.toString("utf8").split("\n");
  const documents = lines.filter((line) => line.trim() !== "");
  const isOneEach = documents.length > 1 && documents.every((line) => /^\s*\{.*\}\s*$/.test(line));
  return isOneEach ? documents.map((line) => Buffer.from(line.trim())) : [bytes];
}

function subjectsOf(request: AttachmentSubjects, file: string, stated: readonly Digest[]): readonly Descriptor[] {
  const { imageIndex, platforms } = request;
  const covers = (digest: Digest) => stated.includes(digest);
  const manifests = platforms
    .filter(({ descriptor, programDigest }) => covers(programDigest) || covers(descriptor.digest))
    .map(({ descriptor }) => descriptor);
  const found = [...manifests, ...(covers(imageIndex.digest) ? [imageIndex] : [])];
  if (found.length > 0) return found;
  const programs = platforms.map(({ programDigest }) => programDigest);
  throw new PkgError(
    "PUBLISH_INVALID",
    `Cannot attach Sigstore bundle "${file}": it covers ${stated.slice(0, 3).join(", ") || "nothing by its SHA-256"}, expected ${[...new Set(programs)].join(" or ")}`,
    { hint: "Attest the programs that are published; `pkg publish --dry-run` shows their digests" },
  );
}

function asPublishError<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!hasCode(error, "PROVENANCE_INVALID")) throw error;
    throw new PkgError("PUBLISH_INVALID", error.message, { cause: error });
  }
}

async function readLimited(path: string, maxBytes: number): Promise<Buffer> {
  const tooLarge = (bytes: number) =>
    new PkgError(
      "PUBLISH_INVALID",
      `Cannot attach "${path}": it has ${byteCount(bytes)}, expected at most ${maxBytes}`,
    );
  try {
    return await readLocalFile(path, { maxBytes, tooLarge });
  } catch (error) {
    throw fileSystemError(error, `read "${path}"`);
  }
}
