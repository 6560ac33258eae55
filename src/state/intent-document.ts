import type { InstallationEvidence } from "../package/installation.ts";
import type { Cleanup, Intent } from "./intent.ts";

/** Evidence as JSON holds it: bytes in base64. */
type EncodedEvidence = Readonly<Record<keyof Omit<InstallationEvidence, "signatures">, string | null>> & {
  readonly signatures: readonly (readonly [title: string, base64: string])[];
};

/** What an intent does not have that an older program left behind. */
const LATER_FIELDS = { provenance: null, publisherKey: null };

/** An intent as one JSON text. */
export function encodeIntent(intent: Intent): string {
  if (intent.kind === "remove") return JSON.stringify(intent);
  const { installation } = intent;
  return JSON.stringify({
    ...intent,
    installation: { ...installation, evidence: encodeEvidence(installation.evidence) },
  });
}

/** What `encodeIntent` made. */
export function decodeIntent(text: string): Intent {
  const intent = JSON.parse(text) as Intent;
  if (intent.kind === "remove") return intent;
  const evidence = decodeEvidence(intent.installation.evidence as unknown as EncodedEvidence);
  return { ...intent, installation: { ...LATER_FIELDS, ...intent.installation, evidence } };
}

export function encodeCleanup(cleanup: Cleanup): string {
  return JSON.stringify(cleanup);
}

/** What `encodeCleanup` made. */
export function decodeCleanup(text: string): Cleanup {
  return JSON.parse(text) as Cleanup;
}

function encodeEvidence(evidence: InstallationEvidence): EncodedEvidence {
  const encode = (bytes: Buffer | null) => bytes?.toString("base64") ?? null;
  return {
    manifest: encode(evidence.manifest),
    checksum: encode(evidence.checksum),
    checksumSignature: encode(evidence.checksumSignature),
    signatures: Object.entries(evidence.signatures).map(([title, bytes]) => [title, bytes.toString("base64")]),
  };
}

function decodeEvidence(evidence: EncodedEvidence): InstallationEvidence {
  const decode = (base64: string | null) => (base64 === null ? null : Buffer.from(base64, "base64"));
  return {
    manifest: decode(evidence.manifest),
    checksum: decode(evidence.checksum),
    checksumSignature: decode(evidence.checksumSignature),
    signatures: Object.fromEntries(
      evidence.signatures.map(([title, base64]) => [title, Buffer.from(base64, "base64")]),
    ),
  };
}
