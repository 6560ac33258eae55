import type { Capabilities } from "../capabilities/capabilities.ts";
import { PkgError } from "../errors.ts";
import { TITLE_ANNOTATION } from "../oci/descriptor.ts";
import { type Digest, digestHex } from "../oci/digest.ts";
import type { Manifest } from "../oci/manifest.ts";
import { formatReference, type Reference } from "../oci/reference.ts";
import type { Installation } from "../package/installation.ts";
import { isSafeName } from "../package/names.ts";
import type { Policy, Waiver } from "../package/policy.ts";
import type { ReferenceSpec } from "../package/spec.ts";
import { VERSION_ANNOTATION } from "../package-format/annotations.ts";
import { PACKAGE_TYPE } from "../package-format/documents.ts";
import type { Resolution } from "../plan/resolution.ts";
import { withoutFreshness } from "../repositories/use-index.ts";
import { parsePublicKey } from "../verify/minisign.ts";
import { withManifestOrBlob } from "./image-manifest.ts";
import { storedManifest } from "./stored-package.ts";

export type ReferenceCapabilities = Pick<Capabilities, "config" | "network" | "state" | "signal">;

export interface ReferenceOptions {
  readonly skip: readonly Waiver[];
  /** The publisher's public key, as a person gave it; null: none. */
  readonly key: string | null;
}

/** A version that may be shown and be part of a path's name. */
const VERSION = /^[^\s\p{Cc}\p{Cf}]{1,128}$/u;

/**
 * What a direct reference means. Its manifest is read, which tells version and name of what `pkg publish` made, and at
 * which digest a tag stands; not for what is installed by its digest, nor offline.
 *
 * A reference has no repository: digests are checked, the CHECKSUM where there is one, and signatures by the key that a
 * person gave, now or when it was installed.
 *
 * @throws {PkgError} KEY_INVALID, OFFLINE, PLATFORM_UNSUPPORTED; and those of the registry
 */
export async function resolveReference(
  cap: ReferenceCapabilities,
  typed: ReferenceSpec,
  options: ReferenceOptions,
): Promise<Resolution> {
  const spec = { ...typed, reference: withTag(typed.reference) };
  const packageId = formatReference({ ...spec.reference, tag: null, digest: null });
  const installed = await installedFrom(cap, packageId);
  const publisherKey = options.key ?? installed?.publisherKey ?? null;
  const facts = (installed === null ? null : knownFacts(cap, spec, installed)) ?? (await readFacts(cap, spec));
  return {
    ...facts,
    requested: spec.text,
    repository: null,
    packageId,
    family: "",
    type: "",
    provides: [],
    expected: { sha256: null, blake3: null, sizeBytes: null },
    policy: referencePolicy(publisherKey, withoutFreshness(options.skip)),
    publisherKey,
  };
}

/** Without tag and digest the newest release is meant, which publishers tag so. */
function withTag(reference: Reference): Reference {
  return reference.tag === null && reference.digest === null ? { ...reference, tag: "latest" } : reference;
}

function referencePolicy(key: string | null, skip: readonly Waiver[]): Policy {
  const common = { allowLegacy: false, provenance: null, skip };
  if (key === null) return { ...common, require: ["digest"], keys: [] };
  return { ...common, require: ["digest", "checksum", "signature"], keys: [parsePublicKey(key)] };
}

async function installedFrom(cap: ReferenceCapabilities, packageId: string): Promise<Installation | null> {
  const { installations } = await cap.state();
  const found = installations.list().find((item) => item.repository === null && item.packageId === packageId);
  return found === undefined ? null : installations.get(found.name);
}

type Facts = Pick<Resolution, "name" | "version" | "source">;

/** As it is installed, where nothing need be asked for: digests do not move, and offline nothing can be. */
function knownFacts(
  { config }: ReferenceCapabilities,
  { reference }: ReferenceSpec,
  installed: Installation,
): Facts | null {
  const { name, version, manifestDigest, programDigest } = installed;
  const isExact = reference.digest !== null && [manifestDigest, programDigest].includes(reference.digest);
  if (!isExact && !(config.offline && installed.reference === formatReference(reference))) return null;
  const manifest = storedManifest(installed);
  const blob = manifest === null ? programDigest : null;
  return { name, version, source: { kind: "oci", reference, blob, files: [], manifest } };
}

async function readFacts(cap: ReferenceCapabilities, { reference, text }: ReferenceSpec): Promise<Facts> {
  if (cap.config.offline) {
    throw new PkgError("OFFLINE", `Cannot fetch "${text}": --offline is set`, {
      hint: "Run the command again without --offline",
    });
  }
  const network = await cap.network();
  network.trust(reference);
  const { registry } = network;
  return withManifestOrBlob(
    { registry, reference, machine: cap.config, signal: cap.signal },
    {
      manifest: async (manifest) => manifestFacts(reference, manifest),
      blob: async (blob) => blobFacts(reference, blob),
    },
  );
}

function manifestFacts(reference: Reference, manifest: Manifest): Facts {
  const source = { kind: "oci" as const, reference, blob: null, files: [], manifest };
  const { [VERSION_ANNOTATION]: version = "", [TITLE_ANNOTATION]: title = "" } =
    manifest.artifactType === PACKAGE_TYPE ? manifest.annotations : {};
  return {
    name: isSafeName(title) ? title : lastName(reference),
    version: VERSION.test(version) ? version : tagVersion(reference),
    source,
  };
}

function blobFacts(reference: Reference, blob: Digest): Facts {
  const source = { kind: "oci" as const, reference, blob, files: [], manifest: null };
  return { name: lastName(reference), version: tagVersion(reference), source };
}

function lastName({ name }: Reference): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

/** The tag without the platform that today's registries end it with, else a short digest. */
function tagVersion({ tag, digest }: Reference): string {
  if (tag !== null) return tag.replace(/-(?:x86_64|aarch64|riscv64)-linux$/i, "");
  return digest === null ? "latest" : digestHex(digest).slice(0, 12);
}
