import type { Config } from "../config/config.ts";
import { isSameAddress } from "../config/same-address.ts";
import type { LockedPackage } from "../declare/lock-file.ts";
import { PkgError } from "../errors.ts";
import type { PackageIndexes } from "../index-database/package-indexes.ts";
import { type Digest, digestHex, isDigest } from "../oci/digest.ts";
import { keyIn, type Location, parseLocation } from "../oci/location.ts";
import type { WantedFacts } from "../package/facts.ts";
import { nameInRepository, wishIn } from "../package/install-name.ts";
import type { Installation } from "../package/installation.ts";
import { isSafeName } from "../package/names.ts";
import {
  type Check,
  type ExpectedHashes,
  isActive,
  NO_EXPECTATION,
  type Policy,
  type Waiver,
} from "../package/policy.ts";
import { artifactOrigin, bottleOrigin, downloadOrigin, imageOrigin, type PackageOrigin } from "../plan/origin.ts";
import type { Resolution } from "../plan/resolution.ts";
import { withoutFreshness } from "../repositories/use-index.ts";
import type { Installations } from "../state/installations.ts";
import type { TrustStore } from "../state/trust.ts";
import { parsePublicKey } from "../verify/minisign.ts";
import { checkGivenKey, keyGivenFor } from "./given-key.ts";
import { checkAsRequested } from "./locked-as-requested.ts";
import { decodeKeg } from "./locked-keg.ts";
import { disabledRepository } from "./lookup.ts";
import { signedPolicy, withoutEvidence } from "./resolve-entry.ts";
import { referencePolicy } from "./resolve-reference.ts";
import { checkVouched, nameInIndex } from "./vouched-place.ts";

/** What a locked package is resolved with; no index is read. */
export interface LockedContext {
  readonly config: Config;
  readonly installations: Pick<Installations, "get" | "list" | "ownerOf">;
  /** What is pinned for the repositories. */
  readonly pins: Pick<TrustStore, "get">;
  /** What is at hand of their indexes: nothing is fetched. */
  readonly indexes: Pick<PackageIndexes, "open">;
  readonly skip: readonly Waiver[];
}

/**
 * The resolution of exactly what is locked. What was required of it then is required again, and all that the config and the
 * pinned keys require now: whoever can change a lock file must not be able to weaken these.
 *
 * @throws {PkgError} CONFIG_INVALID; REPOSITORY_UNKNOWN, REPOSITORY_DISABLED; SIGNATURE_UNTRUSTED for another signer than the
 * config or what is pinned allows; KEY_INVALID; as checkVouched
 */
export function lockedResolution(context: LockedContext, item: LockedPackage): Resolution {
  const { config, installations } = context;
  const { name, version, id, repository = null } = item;
  checkNames(item);
  const there = installations.get(name);
  const installed = there?.packageId === id && there.repository === repository ? there : null;
  const origin = lockedOrigin(item);
  checkAsRequested(item, `Cannot install "${name}" as it is locked`, ANEW);
  const publisherKey = repository === null ? declaredKeyOf(context, item) : null;
  const policy =
    repository === null
      ? lockedReferencePolicy(context, item, publisherKey)
      : lockedPolicy(context, { item, repository, hasEvidence: origin.hasEvidence, cannot: cannotInstall(item) });
  if (!origin.hasEvidence || !isActive(policy, "signature")) checkVouched(context.indexes, item);
  const isAsked = item.requested !== undefined || installed?.isDependency === false;
  const requested = item.requested ?? (isAsked ? (installed?.requested ?? name) : name);
  return {
    ...{ name, version, repository, packageId: id, origin, policy, publisherKey },
    packageName: nameInIndex(item),
    ...(item.pinned === true ? { isPinned: true as const } : {}),
    ...{ requested, wish: wishIn({ name, repository, requested }) },
    owner: repository === null ? null : installations.ownerOf(repository),
    family: item.family ?? "",
    type: item.type ?? "",
    provides: item.provides ?? [],
    aliases: item.aliases ?? [],
    dependencies: item.dependencies ?? [],
    isDependency: !isAsked,
    keg: item.keg === undefined ? null : decodeKeg(item.keg, name),
    expected: expectedOf(item),
    indexSigned: null,
    facts: origin.kind === "artifact" ? factsOf({ item, config, installed }) : null,
    isOtherVersion: true,
  };
}

/** The publisher's key: what a person gave for the place counts, and no file changes it. */
function declaredKeyOf({ installations }: LockedContext, { id, name, ...item }: LockedPackage): string | null {
  const given = keyGivenFor(installations.list(), id);
  const key = item.key ?? null;
  checkGivenKey(`Cannot install "${name}" as it is locked`, { given, key });
  return key ?? given;
}

const ANEW = "Write the lock file anew with `pkg lock`";

/** Names become directories and links: those that an index could not have are refused. */
function checkNames(item: LockedPackage): void {
  const { name, version, repository = null, provides = [], kind } = item;
  const own = nameInRepository({ name, repository });
  const all = [own, nameInIndex(item), ...provides.flatMap(({ program, links }) => [program, ...links])];
  const unsafe = all.find((one) => !isSafeName(one));
  if (unsafe !== undefined) throw damaged(item, `"${unsafe}" cannot be a name`);
  if (kind === "bottle" && !isSafeName(version)) throw damaged(item, `"${version}" cannot be a bottle's version`);
}

function lockedOrigin(item: LockedPackage): PackageOrigin {
  const [main] = item.blobs;
  const blob = main === undefined ? null : digestIn(item, main.digest);
  if (item.kind === "download") {
    if (blob === null || !/^https?:\/\//i.test(item.location) || !URL.canParse(item.location))
      throw damaged(item, "it has no address or no digest");
    return downloadOrigin(item.location, blob, item.mapped ?? []);
  }
  const location = placeOf(item);
  if (item.kind === "bottle") {
    if (blob === null) throw damaged(item, "it has no digest");
    return bottleOrigin(location, blob);
  }
  if (keyIn(location).digest === null) throw damaged(item, "its location has no digest");
  if (item.manifest !== undefined && item.manifest !== keyIn(location).digest) {
    throw damaged(item, "its location has another digest than its manifest");
  }
  if (item.kind === "image") {
    const { programs = [], with_libraries: withLibraries = false } = item;
    const image = { programs, withLibraries, description: null, license: null, source: null };
    return imageOrigin(location, { manifest: null, config: null, image });
  }
  const isKnown = item.blob_known === true || item.manifest === undefined;
  return artifactOrigin(location, { blob: isKnown ? blob : null, files: item.files ?? [], manifest: null });
}

function placeOf(item: LockedPackage): Location {
  return parseLocation(item.location);
}

function digestIn(item: LockedPackage, text: string): Digest {
  if (isDigest(text)) return text;
  throw damaged(item, `"${text}" is no digest`);
}

function damaged({ name }: LockedPackage, problem: string): PkgError {
  return new PkgError("CONFIG_INVALID", `Cannot install "${name}" as it is locked: ${problem}`, {
    hint: ANEW,
  });
}

/** The main file is compared with what is locked, whatever its manifest says; an image's manifest names the layers. */
function expectedOf(item: LockedPackage): ExpectedHashes {
  const [main] = item.blobs;
  if (main === undefined || item.kind === "image") return NO_EXPECTATION;
  const digest = digestIn(item, main.digest);
  const sha256 = digest.startsWith("sha256:") ? digestHex(digest) : null;
  return { sha256, blake3: item.blake3 ?? null, sizeBytes: main.size ?? null };
}

function cannotInstall({ name }: Pick<LockedPackage, "name">): string {
  return `Cannot install "${name}" as it is locked`;
}

/** What was required of a package once. */
export interface RequiredOnce {
  readonly item: Pick<LockedPackage, "name" | "kind" | "require" | "signer" | "built_by">;
  readonly repository: string;
  /** Whether a CHECKSUM, signatures and provenance can accompany its files. */
  readonly hasEvidence: boolean;
  /** How errors begin. */
  readonly cannot: string;
}

/**
 * What was required of a package of a repository, and all that the config and the pinned keys require now.
 *
 * @throws {PkgError} REPOSITORY_UNKNOWN, REPOSITORY_DISABLED, CONFIG_INVALID, SIGNATURE_UNTRUSTED
 */
export function lockedPolicy(
  { config, pins, skip }: Pick<LockedContext, "config" | "pins" | "skip">,
  { item, repository: name, hasEvidence, cannot }: RequiredOnce,
): Policy {
  const repository = config.repositories.find((own) => own.name === name);
  if (repository === undefined) {
    throw new PkgError(
      "REPOSITORY_UNKNOWN",
      `${cannot}: no repository "${name}" is configured, whose policy holds for it`,
      {
        hint: `Add it with \`pkg repo add ${name} URL\``,
      },
    );
  }
  if (!repository.enabled) throw disabledRepository(cannot, name);
  if ((repository.kind === "homebrew") !== (item.kind === "bottle"))
    throw new PkgError("CONFIG_INVALID", `${cannot}: it is of the kind "${item.kind}", which "${name}" has none of`, {
      hint: `Look at what \`pkg repo list\` says of ${name}`,
    });
  const pinned = pins.get(name);
  const isPinned = pinned !== null && isSameAddress(pinned.url, repository.url);
  const base = isPinned ? signedPolicy(repository, pinned) : repository.policy;
  const own = hasEvidence ? base.require : withoutEvidence(base);
  const provenance = item.built_by === undefined ? null : { ...item.built_by, trustedRoot: null };
  return {
    ...base,
    keys: signersOf(item, base),
    require: [...new Set<Check>([...own, ...item.require])],
    provenance: base.provenance ?? provenance,
    skip: withoutFreshness(skip),
  };
}

/** The signer that is locked, if nothing that this machine knows speaks against it. */
function signersOf({ name, signer }: RequiredOnce["item"], { keys }: Policy): Policy["keys"] {
  if (signer === undefined) return keys;
  const locked = parsePublicKey(signer);
  if (keys.length === 0 || keys.some(({ text }) => text === locked.text)) return [locked];
  throw new PkgError(
    "SIGNATURE_UNTRUSTED",
    `Cannot install "${name}" as it is locked: it is signed by ${locked.keyId}, expected ${keys.map(({ keyId }) => keyId).join(" or ")}`,
    { hint: "If its publisher has new keys, lock it anew with `pkg lock --upgrade`" },
  );
}

function lockedReferencePolicy({ skip }: LockedContext, item: LockedPackage, key: string | null): Policy {
  const policy = referencePolicy(key, withoutFreshness(skip));
  const keys = key === null ? signersOf(item, policy) : policy.keys;
  return { ...policy, keys, require: [...new Set<Check>([...policy.require, ...item.require])] };
}

interface FactsRequest {
  readonly item: LockedPackage;
  readonly config: Config;
  readonly installed: Installation | null;
}

/** The same program in the same version, by what its publisher signed about it, if anything is signed. */
function factsOf({ item, config: { host, libcs }, installed }: FactsRequest): WantedFacts {
  const { version, signed_as: signedAs = null } = item;
  return {
    ...{ name: nameInIndex(item), version, repository: signedAs, machine: { host, libcs } },
    ...{ signedBefore: installed?.signedAs ?? null, tellsMissing: false, written: null },
  };
}
