import { readFile, stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { hasCode, PkgError } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { bareDescriptor } from "../oci/artifact.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import type { Digest } from "../oci/digest.ts";
import { formatPlatform, parsePlatform } from "../oci/platform.ts";
import { MAX_SBOM_BYTES, sbomType } from "../provenance/sbom.ts";

/** What is published, as far as a statement can speak of it. All of it is known before anything is sent. */
export interface AttachmentSubjects {
  /** The image index of all platforms. */
  readonly index: Descriptor;
  /** Each manifest in the index, with its `platform`, and the SHA-256 of the program it holds. */
  readonly platforms: readonly SubjectManifest[];
}

export interface SubjectManifest {
  readonly descriptor: Descriptor;
  readonly programDigest: Digest;
}

export interface AttachmentsRequest extends AttachmentSubjects {
  /** `FILE[@platform]`, e.g. `sbom.spdx.json@linux/amd64`: about the manifests of that platform, else about the index. */
  readonly sboms: readonly string[];
  /** Files with a Sigstore bundle each, or one on every line. */
  readonly bundles: readonly string[];
  /** Where relative paths begin. */
  readonly directory: string;
}

/** A document that was read and checked, ready to be pushed as what it is to what it speaks of. */
export interface Attachment {
  readonly kind: "sbom" | "provenance";
  /** As it was typed. */
  readonly file: string;
  readonly title: string;
  readonly artifactType: string;
  readonly bytes: Buffer;
  /** Of its manifest. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly subject: Descriptor;
}

/** As much as sixteen of the largest bundles. */
const MAX_BUNDLES_BYTES = 16 * 1024 * 1024;

/**
 * Reads what `--sbom` and `--attest` name, and finds what each speaks of. Sends nothing: called before a publish does,
 * so that a wrong file leaves nothing half published.
 *
 * @throws {PkgError} PUBLISH_INVALID for a file that is no SBOM or bundle, or one that speaks of nothing published here;
 * USAGE for a platform that is none; FILE_SYSTEM, PERMISSION_DENIED
 */
export async function readAttachments(request: AttachmentsRequest): Promise<readonly Attachment[]> {
  const statements: Attachment[] = [];
  for (const text of request.sboms) statements.push(...(await readSbom(request, text)));
  for (const file of request.bundles) statements.push(...(await readBundles(request, file)));
  return statements;
}

async function readSbom(request: AttachmentsRequest, text: string): Promise<readonly Attachment[]> {
  // A platform has a slash and no dot-segment of a path: `a@b/sbom.json` is a file.
  const [, file = text, platform = null] = /^(.+)@([a-z0-9]+\/[a-z0-9]+(?:\/[a-z0-9]+)?)$/.exec(text) ?? [];
  const subjects = platform === null ? [request.index] : manifestsFor(request, file, platform);
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

function manifestsFor({ platforms }: AttachmentSubjects, file: string, text: string): readonly Descriptor[] {
  const wanted = formatPlatform(parsePlatform(text));
  const descriptors = platforms.map(({ descriptor }) => descriptor);
  const found = descriptors.filter(({ platform }) => platform !== undefined && formatPlatform(platform) === wanted);
  if (found.length > 0) return found;
  const known = descriptors.flatMap(({ platform }) => (platform === undefined ? [] : [formatPlatform(platform)]));
  throw new PkgError(
    "PUBLISH_INVALID",
    `Cannot attach SBOM "${file}": it is about ${wanted}, expected one of ${[...new Set(known)].join(", ")}`,
    { hint: "Name a platform that is published, or none: the SBOM is then about all of them" },
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
      // What other tools of the field tell a bundle's content by.
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
  const { index, platforms } = request;
  const speaksOf = (digest: Digest) => stated.includes(digest);
  const manifests = platforms
    .filter(({ descriptor, programDigest }) => speaksOf(programDigest) || speaksOf(descriptor.digest))
    .map(({ descriptor }) => descriptor);
  const found = [...manifests, ...(speaksOf(index.digest) ? [index] : [])];
  if (found.length > 0) return found;
  const programs = platforms.map(({ programDigest }) => programDigest);
  throw new PkgError(
    "PUBLISH_INVALID",
    `Cannot attach Sigstore bundle "${file}": it covers ${stated.slice(0, 3).join(", ") || "nothing by its SHA-256"}, expected ${[...new Set(programs)].join(" or ")}`,
    { hint: "Attest the very programs that are published; `pkg publish --dry-run` tells their digests" },
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
  const size = await sizeOf(path);
  if (size > maxBytes) {
    throw new PkgError(
      "PUBLISH_INVALID",
      `Cannot attach "${path}": it has ${size} bytes, expected at most ${maxBytes}`,
    );
  }
  try {
    return await readFile(path);
  } catch (error) {
    throw fileSystemError(error, `read "${path}"`);
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    throw fileSystemError(error, `read "${path}"`);
  }
}
