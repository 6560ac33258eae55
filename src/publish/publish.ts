import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { PkgError } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { openSigners, type SignersRequest } from "../keys/signers.ts";
import { descriptorOf } from "../oci/artifact.ts";
import { type Digest, sha256Digest } from "../oci/digest.ts";
import { formatReference, looksLikeReference, parseReference, type Reference } from "../oci/reference.ts";
import { openTarget, withPlace } from "../oci-tools/open-place.ts";
import { tellVisibility } from "../oci-tools/visibility.ts";
import type { Publication } from "../package/publication.ts";
import type { Signer } from "../sign/signer.ts";
import { type BuiltPublication, buildPublication } from "./build-publication.ts";
import { describePublication, PLANNED, type PublicationPlan, type Published } from "./outcome.ts";
import { prepareFiles } from "./prepare-files.ts";
import { pushPublication } from "./publish-push.ts";
import { pushAttachments } from "./push-attachments.ts";
import { type Attachment, readAttachments } from "./read-attachments.ts";
import { type PublicationRequest, readPublication } from "./read-publication.ts";
import { rollTags } from "./rolling-tags.ts";
import { tagsIn } from "./tagged-version.ts";

export interface PublishRequest extends PublicationRequest {
  /** Null: nothing is signed. */
  readonly signing: SignersRequest | null;
  /** Moves the rolling tags too. */
  readonly rolling: boolean;
  /** Replaces a version that is there with other content. */
  readonly force: boolean;
  /** A repository of the same registry that may hold the blobs: `me/tools/other`, with or without the registry. */
  readonly mountFrom: string | null;
  /** `FILE[@os/arch]` each. */
  readonly sboms: readonly string[];
  /** Files with a Sigstore bundle each. */
  readonly bundles: readonly string[];
  readonly dryRun: boolean;
}

export type PublishCapabilities = Pick<Capabilities, "config" | "emit" | "network" | "now" | "signal">;

/**
 * Publishes a program for all its platforms under one version: signed, verifiable, and the same bytes each time.
 * All is checked, hashed and signed before anything is sent, and a tag never names what is not there.
 *
 * @throws {PkgError} PUBLISH_INVALID, VERSION_EXISTS, KEY_MISSING; as readPublication, prepareFiles, openSigners; those of the
 * registry
 */
export async function publish(cap: PublishCapabilities, request: PublishRequest): Promise<Published> {
  const publication = await readPublication(request);
  const mountFrom = mountSource(publication.reference, request.mountFrom);
  const signers = await signersFor(cap, request);
  return withTemporary(async (temporary) => {
    const files = await prepareFiles(cap, publication, temporary);
    const { sourceDateEpoch } = cap.config;
    const built = buildPublication({ publication, files, signers, sourceDateEpoch });
    const statements = await readAttachments({ ...subjectsOf(built), ...request });
    const plan = { publication, built, signers };
    if (request.dryRun) return describePublication(plan, PLANNED);
    return send(cap, plan, { statements, mountFrom, force: request.force, rolling: request.rolling });
  });
}

interface SendOptions extends Pick<PublishRequest, "mountFrom" | "force" | "rolling"> {
  readonly statements: readonly Attachment[];
}

function send(cap: PublishCapabilities, plan: PublicationPlan, options: SendOptions): Promise<Published> {
  const { publication, built } = plan;
  const { force, mountFrom, statements } = options;
  return withPlace(openTarget(cap, formatReference(publication.reference)), async ({ place }) => {
    const knownTags = new Set(options.rolling ? await tagsIn(place, cap.signal) : []);
    const pushed = await pushPublication(cap, { place, publication, built, force, mountFrom });
    if (pushed.replaced !== null) cap.emit({ kind: "warning", message: replacedText(publication, pushed.replaced) });
    const attached = await pushAttachments(cap, { place, statements });
    const rolling = { place, version: publication.version, built, knownTags, force };
    const rolled = options.rolling ? await rollTags(cap, rolling) : [];
    const isPublic = await tellVisibility(cap, { ...publication.reference, tag: built.versionTag });
    return describePublication(plan, { pushed, rolled, attached, isPublic });
  });
}

function replacedText({ version }: Publication, replaced: Digest): string {
  return `Version ${version} was there with other content (${replaced}) and has been replaced`;
}

async function signersFor(cap: PublishCapabilities, { signing }: PublishRequest): Promise<readonly Signer[]> {
  if (signing === null) return [];
  const signers = await openSigners(cap.config, signing);
  if (signers.length > 0) return signers;
  throw new PkgError("KEY_MISSING", "Cannot sign what is to be published: there is no key", {
    hint: "Make one with `pkg key generate`, name one with --key, or publish unsigned with --no-sign",
  });
}

/** @throws {PkgError} USAGE for a repository of another registry; REFERENCE_INVALID */
function mountSource({ registry }: Reference, text: string | null): string | null {
  if (text === null) return null;
  const from = parseReference(looksLikeReference(text) ? text : `${registry}/${text}`);
  if (from.registry === registry) return from.name;
  throw new PkgError("USAGE", `Cannot mount from "${text}": expected a repository of "${registry}"`, {
    hint: "A registry takes over blobs from its own repositories alone",
  });
}

function subjectsOf({ index, packages }: BuiltPublication) {
  return {
    index: descriptorOf(index),
    platforms: packages.map(({ descriptor, program }) => ({
      descriptor,
      programDigest: sha256Digest(program.sha256),
    })),
  };
}

async function withTemporary<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), "pkg-publish-")).catch((error: unknown) => {
    throw fileSystemError(error, `make a directory in "${tmpdir()}"`);
  });
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
