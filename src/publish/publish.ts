import { resolve } from "node:path";
import type { WorkOptions } from "../base/work-options.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { PkgError } from "../errors.ts";
import { expectReadable } from "../fs/read-file.ts";
import { withTemporaryDirectory } from "../fs/temporary-directory.ts";
import type { KeySettings } from "../keys/key-files.ts";
import { openSigners, type SignersRequest } from "../keys/signers.ts";
import { descriptorOf } from "../oci/artifact.ts";
import type { BlobWritten, Target } from "../oci/content.ts";
import { type Digest, sha256Digest } from "../oci/digest.ts";
import { formatReference, looksLikeReference, parseReference, type Reference, tagText } from "../oci/reference.ts";
import { openTarget, withPlace } from "../oci-tools/open-place.ts";
import { tagsIn } from "../oci-tools/set-tag.ts";
import { tellVisibility } from "../oci-tools/visibility.ts";
import type { Publication } from "../package/publication.ts";
import type { Signer } from "../sign/signer.ts";
import { type BuiltPublication, buildPublication } from "./build-publication.ts";
import { nextSteps } from "./next-steps.ts";
import { describePublication, PLANNED, type PublicationPlan, type Published, type Sent } from "./outcome.ts";
import { lookAgain } from "./platform-tags.ts";
import { checkPublicationFiles, completeFiles, digestFiles } from "./prepare-files.ts";
import { pushAttachments } from "./push-attachments.ts";
import { pushPublication } from "./push-publication.ts";
import { type Attachment, readAttachments, sbomFile } from "./read-attachments.ts";
import { type PublicationRequest, readPublication } from "./read-publication.ts";
import { rollTags } from "./rolling-tags.ts";
import { sendAhead } from "./send-ahead.ts";
import { readTag } from "./tagged-version.ts";

/** What to publish, and how. */
export interface PublishRequest extends PublicationRequest {
  /** Null: nothing is signed. */
  readonly signing: SignersRequest | null;
  /** Moves the rolling tags too. */
  readonly rolling: boolean;
  /** Replaces a version that exists with other content. */
  readonly force: boolean;
  /** A repository of the same registry that may hold the blobs: `me/tools/other`, with or without the registry; null: none. */
  readonly mountFrom: string | null;
  /** `FILE[@os/arch]` each. */
  readonly sboms: readonly string[];
  /** Files with Sigstore bundles. */
  readonly bundles: readonly string[];
  /** Checks, hashes and signs everything, and sends nothing. */
  readonly dryRun: boolean;
}

/** What publishing needs of the world. */
export type PublishCapabilities = Pick<Capabilities, "config" | "emit" | "network" | "now" | "signal">;

/**
 * Publishes a program for all its platforms under one version: signed, verifiable, and the same bytes every time.
 * Everything is checked, hashed and signed before anything but large files of a new version is sent, and a tag never names anything that
 * has not arrived.
 *
 * @throws {PkgError} PUBLISH_INVALID, VERSION_EXISTS, KEY_MISSING; as readPublication, checkPublicationFiles, digestFiles, openSigners; those of the
 * registry
 */
export async function publish(cap: PublishCapabilities, request: PublishRequest): Promise<Published> {
  const options = { concurrency: cap.config.concurrency, emit: cap.emit, signal: cap.signal };
  const publication = await readPublication(request);
  const mountFrom = mountSource(publication.reference, request.mountFrom);
  // Before a passphrase is asked for, and a key derived from it for seconds.
  const checked = await checkPublicationFiles(publication, cap.emit);
  await lookAtAttachments(request);
  const signers = request.signing === null ? [] : await signersFor(cap.config, request.signing);
  return withTemporaryDirectory("pkg-publish-", async (temporary) => {
    const files = await digestFiles(checked, temporary, options);
    const make = async (signal: AbortSignal) => {
      const complete = await completeFiles(files, { ...options, signal });
      const { sourceDateEpoch } = cap.config;
      const built = buildPublication({ publication, files: complete, signers, sourceDateEpoch });
      const attachments = await readAttachments({ ...subjectsOf(built), ...request });
      return { plan: { publication, built, signers }, attachments };
    };
    if (request.dryRun) return describePublication((await make(cap.signal)).plan, PLANNED);
    return withPlace(openTarget(cap, formatReference(publication.reference)), async ({ place }) => {
      const ahead = { place, version: publication.version, files, mountFrom };
      const { sent: sentAhead, made } = await sendAhead(ahead, make, options);
      const sent = await send({ ...request, ...made, place, mountFrom, sentAhead }, options);
      const reference = { ...publication.reference, tag: made.plan.built.versionTag };
      const isPublic = await tellVisibility(cap, reference);
      return describePublication(made.plan, { ...sent, isPublic, next: nextSteps(cap.config, reference) });
    });
  });
}

/** Refuses what could not be read later on. @throws {PkgError} FILE_SYSTEM, PERMISSION_DENIED */
async function lookAtAttachments({ directory, sboms, bundles }: PublishRequest): Promise<void> {
  const attached = [...sboms.map((text) => sbomFile(text).file), ...bundles].map((file) => resolve(directory, file));
  for (const path of attached) await expectReadable(path);
}

interface Sending extends Pick<PublishRequest, "mountFrom" | "force" | "rolling"> {
  readonly place: Target;
  readonly plan: PublicationPlan;
  readonly attachments: readonly Attachment[];
  /** The blobs that are there already. */
  readonly sentAhead: ReadonlyMap<Digest, BlobWritten>;
}

async function send(
  { place, plan, attachments, mountFrom, sentAhead, force, rolling }: Sending,
  options: WorkOptions,
): Promise<Omit<Sent, "isPublic" | "next">> {
  const { publication, built } = plan;
  const { emit, signal } = options;
  const { version } = publication;
  const [tags, before] = await Promise.all([
    rolling ? tagsIn(place, signal) : [],
    readTag(place, built.versionTag, signal),
  ]);
  const knownTags = new Set(tags);
  refuseOtherSpelling(publication, { knownTags, force });
  let attached: Sent["attached"] = [];
  const attach = async () => {
    attached = await pushAttachments({ place, attachments }, options);
  };
  const pushed = await pushPublication(
    {
      ...{ place, before, publication, built, force, mountFrom, sentAhead, rolling },
      attach: attachments.length === 0 ? null : attach,
    },
    options,
  );
  if (pushed.replaced !== null) emit({ kind: "warning", message: replacedText(publication, pushed.replaced) });
  const rolled = rolling ? await rollTags({ place, version, built, knownTags, force, emit, signal }) : [];
  const moved = rolled.filter(({ how }) => how === "moved").map(({ tag }) => tag);
  if (pushed.hasSetTags || moved.length > 0) await lookAgain({ place, built, rolling }, moved, signal);
  return { pushed, attached, rolled };
}

/** `v1.0.0` and `1.0.0` are one version, which is published once. @throws {PkgError} VERSION_EXISTS */
function refuseOtherSpelling(
  { reference, version }: Publication,
  { knownTags, force }: { readonly knownTags: ReadonlySet<string>; readonly force: boolean },
): void {
  const other = [`v${version}`, `V${version}`].find((spelling) => knownTags.has(tagText(spelling)));
  if (other === undefined || force) return;
  const name = formatReference({ ...reference, tag: tagText(other) });
  throw new PkgError("VERSION_EXISTS", `Cannot publish version "${version}": "${name}" is the same version`, {
    hint: "Publish it as a new version, or beside the other one with --force",
  });
}

function replacedText({ version }: Publication, replaced: Digest): string {
  return `Version ${version} was there with other content (${replaced}) and has been replaced`;
}

async function signersFor(settings: KeySettings, request: SignersRequest): Promise<readonly Signer[]> {
  const signers = await openSigners(settings, request);
  if (signers.length > 0) return signers;
  throw new PkgError("KEY_MISSING", "Cannot sign what is to be published: there is no key", {
    hint: "Make one with `pkg key generate`, name one with --key, or publish unsigned with --no-sign",
  });
}

/** The repository to mount from. @throws {PkgError} USAGE for a repository of another registry; REFERENCE_INVALID */
function mountSource({ registry }: Reference, text: string | null): string | null {
  if (text === null) return null;
  const from = parseReference(looksLikeReference(text) ? text : `${registry}/${text}`);
  if (from.registry === registry) return from.name;
  throw new PkgError("USAGE", `Cannot mount from "${text}": expected a repository of "${registry}"`, {
    hint: "A registry mounts blobs from its own repositories only",
  });
}

function subjectsOf({ imageIndex, packages }: BuiltPublication) {
  return {
    imageIndex: descriptorOf(imageIndex),
    platforms: packages.map(({ descriptor, program }) => ({
      descriptor,
      programDigest: sha256Digest(program.sha256),
    })),
  };
}
