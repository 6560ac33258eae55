import { givenWith } from "../base/given-with.ts";
import { PkgError } from "../errors.ts";
import { formatLocation, keyIn, type Location, type LocationKey, withKey } from "../oci/location.ts";
import { PACKAGE_TYPE } from "../package/artifact-types.ts";
import type { SignedFacts, WantedFacts } from "../package/facts.ts";
import { type ImageWish, isSameWish, PLAIN_WISH } from "../package/image.ts";
import type { Installation } from "../package/installation.ts";
import type { Machine } from "../package/machine.ts";
import { isMade, NO_EXPECTATION, type Policy, type Waiver } from "../package/policy.ts";
import type { ReferenceSpec } from "../package/spec.ts";
import { providesIn } from "../package-format/annotations.ts";
import { storedFacts, storedManifest } from "../package-format/stored-evidence.ts";
import { isVersionTag, tagAdmits } from "../package-format/tags.ts";
import { artifactOrigin, imageOrigin } from "../plan/origin.ts";
import type { Resolution } from "../plan/resolution.ts";
import { withoutFreshness } from "../repositories/use-index.ts";
import { hintedForInstalled } from "../sources/image-hint.ts";
import type { SourceContext } from "../sources/source-context.ts";
import type { Installations } from "../state/installations.ts";
import { checkFacts, factsMismatch, readSignedFacts } from "../verify/check-facts.ts";
import { parsePublicKey } from "../verify/minisign.ts";
import { spelledAsInstalled } from "./installed-place.ts";
import { type ReferenceContext, type ReferenceFacts, readReference } from "./read-reference.ts";

export interface ReferenceOptions {
  readonly skip: readonly Waiver[];
  /** The publisher's public key, as a person gave it; null: none. */
  readonly key: string | null;
  /** What is wanted of an image, as a person gave it; absent: what was taken from it before, else its own program. */
  readonly image?: ImageWish;
  /** True when nothing is to be installed. */
  readonly isOnlyShown?: boolean;
  /**
   * What was installed from the very same place since then, in milliseconds since the epoch, or by the tag of one version, is
   * not asked for again; absent: it is.
   */
  readonly knownSince?: number;
}

/**
 * Resolves a direct reference: a place in a registry, in an OCI layout, or in a tar of one. Its manifest gives the digest
 * that a tag stands for, and the version and name of a package that `pkg publish` made. It is not read for a package that
 * is already installed by this digest, nor from a registry when offline.
 *
 * A reference has no repository: digests are checked, the CHECKSUM if there is one, and signatures by the key that a
 * person gave, now or when it was installed. With a key, name and version are what the publisher signed, where anything is
 * signed about them; the manifest is not trusted to say them.
 *
 * @throws {PkgError} KEY_INVALID, OFFLINE, PLATFORM_UNSUPPORTED; REFERENCE_INVALID if a layout holds several manifests
 * and no tag was named; FACTS_MISMATCH, SIGNATURE_INVALID, SIGNATURE_UNTRUSTED, SIGNATURE_MISSING; those of the place
 */
export async function resolveReference(
  context: ReferenceContext,
  spec: ReferenceSpec,
  options: ReferenceOptions,
): Promise<Resolution> {
  const typed = { ...spec, location: spelledAsInstalled(context.installations.list(), spec.location) };
  const location = withLatest(typed.location);
  const packageId = formatLocation(withKey(location, { tag: null, digest: null }));
  const place = { typed, location, packageId };
  const installed = installedFrom(context.installations, packageId, location);
  const resolution = await resolveOver(context, { ...place, installed }, options);
  const replaced = installed === null ? replacedBy(resolution, context.installations) : null;
  return replaced === null ? resolution : await resolveOver(context, { ...place, installed: replaced }, options);
}

/** A layout holds many packages, so only its manifest tells which installed one it would replace: its key counts, and its facts. */
function replacedBy({ name, packageId }: Resolution, installations: Installations): Installation | null {
  const found = installations.get(name);
  return found?.repository === null && found.packageId === packageId ? found : null;
}

interface ReferencePlace {
  readonly typed: ReferenceSpec;
  readonly location: Location;
  readonly packageId: string;
  readonly installed: Installation | null;
}

async function resolveOver(
  context: ReferenceContext,
  { typed, location, packageId, installed }: ReferencePlace,
  options: ReferenceOptions,
): Promise<Resolution> {
  const publisherKey = options.key ?? installed?.publisherKey ?? null;
  const policy = referencePolicy(publisherKey, withoutFreshness(options.skip));
  const wish = options.image ?? installed?.image ?? PLAIN_WISH;
  const recorded = installed ?? (await keptFrom(context, { packageId, location, wish }));
  const known =
    recorded === null
      ? null
      : await knownFacts(context, {
          location,
          installed: recorded,
          publisherKey,
          wish,
          knownSince: options.knownSince,
        });
  const { tag, digest } = keyIn(typed.location);
  const isTyped = tag !== null || digest !== null;
  const isWished = options.image !== undefined;
  const wanting = { wish, isWished, isOnlyShown: options.isOnlyShown === true };
  const reading = { location, text: typed.text, isTyped, policy, installed: installed?.version ?? null, ...wanting };
  const said = known ?? (await readReference(context, reading).catch((error) => refuse(error, installed)));
  return {
    ...signedOver({ said, policy, location, installed, machine: context.sources.machine }),
    // Absolute, since the next update may run in another directory.
    requested: location.kind === "registry" ? typed.text : formatLocation(typed.location),
    repository: null,
    owner: null,
    packageId,
    family: "",
    type: "",
    aliases: [],
    wish: null,
    ...{ dependencies: [], isDependency: false, keg: null },
    indexSigned: null,
    policy,
    publisherKey,
    isOtherVersion: isOtherVersion(keyIn(typed.location), installed),
  };
}

function refuse(error: unknown, installed: Installation | null): never {
  throw error instanceof PkgError && installed !== null ? hintedForInstalled(error, installed.requested) : error;
}

interface SaidAndSigned {
  readonly said: ReferenceFacts;
  readonly policy: Policy;
  readonly location: Location;
  readonly installed: Installation | null;
  readonly machine: Machine;
}

/** What the publisher signed instead of what the manifest says; held against what was typed, and what is installed. */
function signedOver({ said, policy, location, installed, machine }: SaidAndSigned) {
  const { origin, written } = said;
  const signed = written === null || !isMade(policy, "facts") ? null : readSignedFacts(written, said.name, policy);
  const { name, version } = signed ?? said;
  const facts: WantedFacts = {
    name: signed === null ? name : (installed?.packageName ?? name),
    ...{ version, machine, written, tellsMissing: true },
    repository: signed?.repository ?? null,
    signedBefore: installed?.signedAs ?? null,
  };
  checkFacts({ written, manifest: origin.manifest, program: null }, facts, policy);
  if (signed !== null) checkTag(location, signed);
  const expected =
    signed === null ? NO_EXPECTATION : { sha256: signed.sha256, blake3: signed.blake3, sizeBytes: signed.sizeBytes };
  return { origin, name, version, packageName: name, expected, facts, provides: providesOf(said, signed, policy) };
}

/** What the publisher signed, or else says on the manifest, where nothing signed is looked for: a program may have other names. */
function providesOf({ origin }: ReferenceFacts, signed: SignedFacts | null, policy: Policy): Resolution["provides"] {
  if (signed !== null) return signed.provides;
  const { manifest } = origin;
  const counts = manifest?.artifactType === PACKAGE_TYPE && !isMade(policy, "facts");
  return counts ? providesIn(manifest) : [];
}

function checkTag(location: Location, { name, version }: SignedFacts): void {
  const { tag } = keyIn(location);
  if (tag === null || tagAdmits(tag, version)) return;
  throw factsMismatch(name, `version is "${version}", expected "${tag}", as was typed`);
}

/** True when what was typed excludes the installed version, so that a lower one was asked for. */
function isOtherVersion({ tag, digest }: LocationKey, installed: Installation | null): boolean {
  if (installed === null || digest !== null) return digest !== null;
  return tag !== null && isVersionTag(tag) && !tagAdmits(tag, installed.version);
}

/** A registry reference without tag and digest means the newest release, which publishers tag `latest`. */
function withLatest(location: Location): Location {
  const { tag, digest } = keyIn(location);
  return location.kind === "registry" && tag === null && digest === null
    ? withKey(location, { tag: "latest", digest })
    : location;
}

/** What a reference has to prove. @throws {PkgError} KEY_INVALID */
export function referencePolicy(key: string | null, skip: readonly Waiver[]): Policy {
  const common = { allowLegacy: false, provenance: null, skip };
  if (key === null) return { ...common, require: ["digest"], keys: [] };
  return {
    ...common,
    require: ["digest", "checksum", "signature"],
    keys: [givenWith("--key", () => parsePublicKey(key))],
  };
}

/** What is installed from the same place; of a layout, which may hold many packages, by the same tag. */
function installedFrom(installations: Installations, packageId: string, location: Location): Installation | null {
  const same = installations.list().filter((item) => item.repository === null && item.packageId === packageId);
  const text = formatLocation(location);
  const exact = same.find(({ reference, requested }) => reference === text || requested === text);
  const found = exact ?? (location.kind === "registry" ? same[0] : undefined);
  return found === undefined ? null : installations.get(found.name);
}

interface KnownRequest {
  readonly location: Location;
  readonly installed: Installation;
  readonly publisherKey: string | null;
  readonly wish: ImageWish;
  readonly knownSince: number | undefined;
}

/** What was installed from the same place and is kept, where nothing has to be asked: a digest never moves, and offline nobody answers. */
async function keptFrom(
  { sources, generations }: ReferenceContext,
  { packageId, location, wish }: { readonly packageId: string; readonly location: Location; readonly wish: ImageWish },
): Promise<Installation | null> {
  const { digest } = keyIn(location);
  if (generations === undefined || location.kind !== "registry") return null;
  if (digest === null && !(await sources.network()).isOffline) return null;
  const text = formatLocation(location);
  for (const { id } of generations.editions()) {
    const kept = generations.edition(id);
    const isThere = kept.repository === null && kept.packageId === packageId;
    const isMeant =
      digest === null ? kept.reference === text : [kept.manifestDigest, kept.programDigest].includes(digest);
    if (isThere && isMeant && (kept.image === null || isSameWish(kept.image, wish))) return kept;
  }
  return null;
}

/** The recorded facts of the installation, if no request is needed (a digest never moves) or possible (offline); else null. */
async function knownFacts({ sources }: ReferenceContext, request: KnownRequest): Promise<ReferenceFacts | null> {
  const { location, installed } = request;
  const { name, version, manifestDigest, programDigest } = installed;
  const { digest } = keyIn(location);
  const isExact = digest !== null && [manifestDigest, programDigest].includes(digest);
  const isKnown = (isExact || isRecent(request)) && isVouchedFor(request);
  if (!isKnown && !(await isAllThereIs(sources, location, { installed, isExact }))) return null;
  const manifest = storedManifest(installed);
  const { image } = installed;
  const blob = manifest === null ? programDigest : null;
  const origin =
    image === null
      ? artifactOrigin(location, { blob, manifest })
      : imageOrigin(location, { manifest, config: null, image: { ...image, ...request.wish } });
  return { name, version, origin, written: storedFacts(installed) };
}

/** Nobody expects that a version's tag moves, or that another one has since. */
function isRecent({ location, installed, knownSince }: KnownRequest): boolean {
  if (knownSince === undefined || installed.reference !== formatLocation(location)) return false;
  const { tag } = keyIn(location);
  return (tag !== null && isVersionTag(tag)) || Date.parse(installed.installedAt) >= knownSince;
}

/** Without a key nothing more could be learned. With one, the recorded facts have to be signed by it. */
function isVouchedFor({ installed, publisherKey }: KnownRequest): boolean {
  return publisherKey === null || (installed.publisherKey === publisherKey && storedFacts(installed) !== null);
}

async function isAllThereIs(
  { network }: SourceContext,
  location: Location,
  { installed, isExact }: { readonly installed: Installation; readonly isExact: boolean },
): Promise<boolean> {
  const isSame = location.kind === "registry" && (isExact || installed.reference === formatLocation(location));
  return isSame && (await network()).isOffline;
}
