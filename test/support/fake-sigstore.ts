import { createHash, generateKeyPairSync, type KeyObject, sign, X509Certificate } from "node:crypto";
import { type CA, type ExtensionValue, initializeCA } from "@sigstore/mock/dist/fulcio/ca.js";
import { type CTLog, initializeCTLog } from "@sigstore/mock/dist/fulcio/ctlog.js";
import { initializeTLog, type TLog } from "@sigstore/mock/dist/rekor/tlog.js";
import { initializeTSA, type TSA } from "@sigstore/mock/dist/timestamp/tsa.js";

export const IDENTITY = "https://github.com/me/tools/.github/workflows/release.yml@refs/tags/v1.2.0";
export const ISSUER = "https://token.actions.githubusercontent.com";
export const COMMIT = "0123456789abcdef0123456789abcdef01234567";
export const RUN = "https://github.com/me/tools/actions/runs/42/attempts/1";

const LOG_URL = "https://rekor.sigstore.mock";
const ALWAYS = { start: "2020-01-01T00:00:00Z" };
const PAYLOAD_TYPE = "application/vnd.in-toto+json";
const FULCIO = "1.3.6.1.4.1.57264.1";

/** A bundle as JSON.parse gives it: tests change what they like. */
// biome-ignore lint/suspicious/noExplicitAny: tests break its fields on purpose
export type BundleDocument = any;

export interface StatementOptions {
  /** Hex of the SHA-256 of each subject. */
  readonly subjects: readonly string[];
  readonly predicateType?: string;
  readonly predicate?: object;
  /** Changes what is signed. */
  readonly change?: (statement: BundleDocument) => BundleDocument;
}

export interface SignOptions extends StatementOptions {
  readonly identity?: string;
  readonly issuer?: string;
  readonly payloadType?: string;
  /** The bytes that are signed, in place of a statement. */
  readonly payload?: Buffer;
  readonly extensions?: readonly ExtensionValue[];
  /** Issues the certificate; absent: this Sigstore's own. */
  readonly authority?: CA;
  /** Logs the signature; absent: this Sigstore's own. */
  readonly log?: TLog;
  /** What is logged as the statement, in place of what is signed. */
  readonly logged?: Buffer;
  /** Signs with a key that the certificate does not name. */
  readonly otherKey?: boolean;
}

/** A Sigstore of its own: what real ones do, with keys that only this test trusts. */
export interface FakeSigstore {
  /** What a `trusted_root.json` holds. */
  readonly trustedRoot: BundleDocument;
  /** Without logs, as private instances have it: only a timestamp authority gives the time. */
  readonly logless: BundleDocument;
  sign(options: SignOptions): Promise<BundleDocument>;
  /** A bundle without a log entry. */
  signLogless(options: SignOptions): Promise<BundleDocument>;
  /** Issues certificates by the same key; they are recorded in its own log, or in none. */
  authority(options?: { readonly ctLog: CTLog | null }): Promise<CA>;
  log(clock: Date): Promise<TLog>;
}

export async function createSigstore(): Promise<FakeSigstore> {
  const keys = { ca: ecKeys("P-384"), ctLog: ecKeys(), log: ecKeys(), tsa: ecKeys("P-384") };
  const ctLog = await initializeCTLog(keys.ctLog);
  const ca = await initializeCA(keys.ca, ctLog);
  const unlogged = await initializeCA(keys.ca);
  const log = await initializeTLog(LOG_URL, keys.log);
  // Whole seconds, since it writes fractions that no reader accepts. Later than the certificates, which last ten minutes.
  const tsa = await initializeTSA(keys.tsa, new Date((Math.floor(Date.now() / 1000) + 60) * 1000));
  const authorities = [authorityFields("sigstore", [ca.rootCertificate])];
  const timestampAuthorities = [authorityFields("tsa", [tsa.intCertificate, tsa.rootCertificate])];
  const logs = { tlogs: [logFields(LOG_URL, log.publicKey)], ctlogs: [logFields("https://ct.mock", ctLog.publicKey)] };
  const root = { mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1" };
  return {
    trustedRoot: { ...root, ...logs, certificateAuthorities: authorities, timestampAuthorities },
    logless: { ...root, tlogs: [], ctlogs: [], certificateAuthorities: authorities, timestampAuthorities },
    sign: (options) => signStatement(options, { ca, log }),
    signLogless: (options) => signWithTimestamp(options, { ca: unlogged, tsa }),
    authority: (options) => initializeCA(keys.ca, options === undefined ? ctLog : (options.ctLog ?? undefined)),
    log: (clock) => initializeTLog(LOG_URL, keys.log, clock),
  };
}

/** What GitHub's own action writes, as far as it is read here. */
export function statementOf({ subjects, predicateType, predicate, change }: StatementOptions): Buffer {
  const statement = {
    _type: "https://in-toto.io/Statement/v1",
    subject: subjects.map((sha256, position) => ({ name: `file-${position}`, digest: { sha256 } })),
    predicateType: predicateType ?? "https://slsa.dev/provenance/v1",
    predicate: predicate ?? {
      buildDefinition: {
        buildType: "https://actions.github.io/buildtypes/workflow/v1",
        externalParameters: { workflow: { repository: "https://github.com/me/tools", ref: "refs/tags/v1.2.0" } },
        resolvedDependencies: [{ uri: "git+https://github.com/me/tools", digest: { gitCommit: COMMIT } }],
      },
      runDetails: {
        builder: { id: "https://github.com/actions/runner/github-hosted" },
        metadata: { invocationId: RUN },
      },
    },
  };
  return Buffer.from(JSON.stringify(change === undefined ? statement : change(statement)));
}

/** What a GitHub workflow's certificate says. */
export function workflowExtensions(issuer: string = ISSUER): readonly ExtensionValue[] {
  const values: Readonly<Record<number, string>> = {
    8: issuer,
    9: IDENTITY,
    12: "https://github.com/me/tools",
    13: COMMIT,
    14: "refs/tags/v1.2.0",
    18: IDENTITY,
    21: RUN,
  };
  return [
    { oid: `${FULCIO}.1`, value: issuer, legacy: true },
    ...Object.entries(values).map(([number, value]) => ({ oid: `${FULCIO}.${number}`, value })),
  ];
}

async function signStatement(
  options: SignOptions,
  own: { readonly ca: CA; readonly log: TLog },
): Promise<BundleDocument> {
  const signed = await signEnvelope(options, own.ca);
  const { envelope, certificate } = signed;
  const body = {
    apiVersion: "0.0.1",
    kind: "dsse",
    spec: {
      envelopeHash: { algorithm: "sha256", value: sha256(Buffer.from(JSON.stringify(envelope))) },
      payloadHash: { algorithm: "sha256", value: sha256(options.logged ?? signed.payload) },
      signatures: [
        {
          signature: envelope.signatures[0]?.sig,
          verifier: Buffer.from(new X509Certificate(certificate).toString()).toString("base64"),
        },
      ],
    },
  };
  const [entry] = Object.values(await (options.log ?? own.log).log(body));
  return bundleOf(signed, { tlogEntries: [logEntry(entry)] });
}

async function signWithTimestamp(
  options: SignOptions,
  own: { readonly ca: CA; readonly tsa: TSA },
): Promise<BundleDocument> {
  const signed = await signEnvelope(options, own.ca);
  const signature = Buffer.from(signed.envelope.signatures[0]?.sig ?? "", "base64");
  const timestamp = await own.tsa.timestamp({
    artifactHash: createHash("sha256").update(signature).digest(),
    hashAlgorithmOID: "2.16.840.1.101.3.4.2.1",
    nonce: 1,
    policyOID: "1.3.6.1.4.1.57264.2",
  });
  const signedTimestamp = bytesOf(timestamp).toString("base64");
  return bundleOf(signed, { tlogEntries: [], timestampVerificationData: { rfc3161Timestamps: [{ signedTimestamp }] } });
}

interface SignedEnvelope {
  readonly payload: Buffer;
  readonly certificate: Buffer;
  readonly envelope: {
    readonly payloadType: string;
    readonly payload: string;
    readonly signatures: readonly { readonly sig: string; readonly keyid: string }[];
  };
}

async function signEnvelope(options: SignOptions, ca: CA): Promise<SignedEnvelope> {
  const key = ecKeys();
  const certificate = await (options.authority ?? ca).issueCertificate({
    publicKey: key.publicKey.export({ type: "spki", format: "der" }),
    subjectAltName: options.identity ?? IDENTITY,
    extensions: [...(options.extensions ?? workflowExtensions(options.issuer))],
  });
  const payload = options.payload ?? statementOf(options);
  const payloadType = options.payloadType ?? PAYLOAD_TYPE;
  const sig = signPayload(payloadType, payload, options.otherKey === true ? ecKeys().privateKey : key.privateKey);
  const envelope = { payloadType, payload: payload.toString("base64"), signatures: [{ sig, keyid: "" }] };
  return { payload, certificate: bytesOf(certificate), envelope };
}

/** @see DSSE 1.0, "Pre-Authentication Encoding" */
function signPayload(payloadType: string, payload: Buffer, key: KeyObject): string {
  const head = `DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `;
  return sign("sha256", Buffer.concat([Buffer.from(head), payload]), key).toString("base64");
}

function bundleOf({ certificate, envelope }: SignedEnvelope, material: object): BundleDocument {
  return {
    mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
    verificationMaterial: { certificate: { rawBytes: certificate.toString("base64") }, ...material },
    dsseEnvelope: envelope,
  };
}

function logEntry(entry: BundleDocument): BundleDocument {
  const { inclusionProof, signedEntryTimestamp } = entry.verification;
  return {
    logIndex: String(entry.logIndex),
    logId: { keyId: Buffer.from(entry.logID, "hex").toString("base64") },
    kindVersion: { kind: "dsse", version: "0.0.1" },
    integratedTime: String(entry.integratedTime),
    inclusionPromise: { signedEntryTimestamp },
    inclusionProof: {
      logIndex: String(inclusionProof.logIndex),
      rootHash: Buffer.from(inclusionProof.rootHash, "hex").toString("base64"),
      treeSize: String(inclusionProof.treeSize),
      hashes: [],
      checkpoint: { envelope: inclusionProof.checkpoint },
    },
    canonicalizedBody: entry.body,
  };
}

function authorityFields(commonName: string, certificates: readonly ArrayBufferView[]): object {
  return {
    subject: { commonName, organization: "sigstore.mock" },
    uri: `https://${commonName}.mock`,
    certChain: { certificates: certificates.map((bytes) => ({ rawBytes: bytesOf(bytes).toString("base64") })) },
    validFor: ALWAYS,
  };
}

function logFields(baseUrl: string, publicKey: Buffer): object {
  return {
    baseUrl,
    hashAlgorithm: "SHA2_256",
    publicKey: {
      rawBytes: publicKey.toString("base64"),
      keyDetails: "PKIX_ECDSA_P256_SHA_256",
      validFor: ALWAYS,
    },
    logId: { keyId: createHash("sha256").update(publicKey).digest("base64") },
  };
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function ecKeys(namedCurve = "P-256"): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } {
  return generateKeyPairSync("ec", { namedCurve });
}
