import type { Digest } from "../oci/digest.ts";
import { nameInRepository, wishIn } from "../package/install-name.ts";
import type { Installation, InstallationEvidence, InstalledLink } from "../package/installation.ts";
import type { Cleanup, Intent, LinkChange, LinkRemoval, StagedInstall } from "./intent.ts";

/** Evidence as JSON holds it: bytes in base64. */
type EncodedEvidence = Readonly<Record<keyof Omit<InstallationEvidence, "signatures">, string | null>> & {
  readonly signatures: readonly (readonly [title: string, base64: string])[];
};

/** An installation as JSON holds it. */
export type EncodedInstallation = Omit<Installation, "evidence"> & { readonly evidence: EncodedEvidence };

type EncodedIntent = Omit<Intent, "installs" | "renewals"> & {
  readonly installs: readonly EncodedInstall[];
  readonly renewals: readonly EncodedInstallation[];
};

type EncodedInstall = Omit<StagedInstall, "installation"> & { readonly installation: EncodedInstallation };

/** An intent as older programs wrote it: always about one package. */
type SingleIntent =
  | {
      readonly kind: "install";
      readonly installation: EncodedInstallation;
      readonly staging: string;
      readonly links: readonly LinkChange[];
      readonly unlinks: readonly LinkRemoval[];
    }
  | {
      readonly kind: "remove";
      readonly name: string;
      readonly directory: string;
      readonly digests: readonly Digest[];
      readonly unlinks: readonly LinkRemoval[];
    };

/** Fields that an older program did not write. */
const LATER_FIELDS = {
  ...{ provenance: null, publisherKey: null, signedAs: null, owner: null, taken: [] },
  ...{ dependencies: [], isDependency: false, keg: null, image: null },
  ...{ isPinned: false, unlinked: [] },
};

const SINGLE_DRAFT = ".pkg-draft";

/** An intent as one JSON text. */
export function encodeIntent(intent: Intent): string {
  const encoded: EncodedIntent = {
    ...intent,
    installs: intent.installs.map(({ installation, ...rest }) => ({
      installation: encodeInstallation(installation),
      ...rest,
    })),
    renewals: intent.renewals.map(encodeInstallation),
  };
  return JSON.stringify(encoded);
}

/** Decodes what `encodeIntent` of this version or an older one wrote. */
export function decodeIntent(text: string): Intent {
  const parsed = JSON.parse(text) as EncodedIntent | SingleIntent;
  const encoded = "kind" in parsed ? fromSingle(parsed) : parsed;
  return {
    ...encoded,
    installs: encoded.installs.map(({ installation, ...rest }) => ({
      installation: decodeInstallation(installation),
      ...rest,
    })),
    renewals: encoded.renewals.map(decodeInstallation),
    ...(encoded.returns === undefined ? {} : { returns: encoded.returns.map(withKind) }),
  };
}

function fromSingle(single: SingleIntent): EncodedIntent {
  const nothing = { installs: [], removals: [], renewals: [], links: [], unlinks: single.unlinks };
  if (single.kind === "install") {
    const { installation, staging, links } = single;
    return { ...nothing, installs: [{ installation, staging }], links, draft: staging };
  }
  const { name, directory, digests } = single;
  return { ...nothing, removals: [{ name, directory, digests }], draft: SINGLE_DRAFT };
}

/** A cleanup as JSON text. */
export function encodeCleanup(cleanup: Cleanup): string {
  return JSON.stringify(cleanup);
}

/** Decodes what `encodeCleanup` wrote. */
export function decodeCleanup(text: string): Cleanup {
  return JSON.parse(text) as Cleanup;
}

/** An installation, to be written as JSON. */
export function encodeInstallation(installation: Installation): EncodedInstallation {
  return { ...installation, evidence: encodeEvidence(installation.evidence) };
}

/** Decodes what `encodeInstallation` of this version or an older one made. */
export function decodeInstallation(encoded: EncodedInstallation): Installation {
  const ofName = { packageName: nameInRepository(encoded), wish: wishIn(encoded) };
  const installation = { ...LATER_FIELDS, ...ofName, ...encoded };
  const [links, taken] = [installation.links, installation.taken].map((list) => list.map(withKind));
  return { ...installation, links: links ?? [], taken: taken ?? [], evidence: decodeEvidence(encoded.evidence) };
}

/** An older program made links alone. */
function withKind<Link extends { readonly kind: InstalledLink["kind"] }>(link: Link): Link {
  return { ...link, kind: link.kind ?? "link" };
}

function encodeEvidence(evidence: InstallationEvidence): EncodedEvidence {
  const encode = (bytes: Buffer | null) => bytes?.toString("base64") ?? null;
  return {
    manifest: encode(evidence.manifest),
    checksum: encode(evidence.checksum),
    checksumSignature: encode(evidence.checksumSignature),
    entry: encode(evidence.entry),
    signatures: Object.entries(evidence.signatures).map(([title, bytes]) => [title, bytes.toString("base64")]),
  };
}

function decodeEvidence(evidence: EncodedEvidence): InstallationEvidence {
  const decode = (base64: string | null) => (base64 === null ? null : Buffer.from(base64, "base64"));
  // An older program did not write it.
  const entry = evidence.entry ?? null;
  return {
    manifest: decode(evidence.manifest),
    checksum: decode(evidence.checksum),
    checksumSignature: decode(evidence.checksumSignature),
    entry: decode(entry),
    signatures: Object.fromEntries(
      evidence.signatures.map(([title, base64]) => [title, Buffer.from(base64, "base64")]),
    ),
  };
}
