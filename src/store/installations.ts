import type { Digest } from "../oci/digest.ts";
import type { ExpectedHashes } from "../verify/package.ts";
import type { Check, Waiver } from "../verify/policy.ts";
import type { Database } from "./database.ts";
import {
  decodeEvidence,
  decodeFile,
  decodeInstallation,
  decodeLink,
  type EvidenceRow,
  type FileRow,
  type InstallationRow,
  type LinkRow,
} from "./installation-rows.ts";

/** What is installed under one name. */
export interface Installation {
  readonly name: string;
  readonly version: string;
  /** Null for a direct reference. */
  readonly repository: string | null;
  readonly packageId: string;
  readonly family: string;
  readonly type: string;
  readonly reference: string;
  readonly manifestDigest: Digest | null;
  readonly programDigest: Digest;
  /** Of all files together. */
  readonly sizeBytes: number;
  /** Relative to the packages directory. */
  readonly directory: string;
  readonly files: readonly InstalledFile[];
  readonly links: readonly InstalledLink[];
  readonly checks: readonly Check[];
  readonly skipped: readonly Waiver[];
  /** Key id. */
  readonly signedBy: string | null;
  /** Who built it, where that was verified: what `pkg info --provenance` shows, as JSON. */
  readonly provenance: string | null;
  /** The publisher's public key, where a person gave it with a direct reference: updates are checked against it. */
  readonly publisherKey: string | null;
  /** ISO 8601. */
  readonly installedAt: string;
  /** The spec as it was typed. */
  readonly requested: string;
  readonly expected: ExpectedHashes;
  readonly evidence: InstallationEvidence;
}

export interface InstalledFile {
  /** Relative to the installation's directory. */
  readonly path: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  /** Permission bits; of a symlink 0o120777, as git has it: its bytes are its target's text. */
  readonly mode: number;
  readonly blake3: string | null;
}

export interface InstalledLink {
  /** Its name in the bin directory. */
  readonly path: string;
  /** Relative to the installation's directory. */
  readonly target: string;
}

/** The documents that the installation was verified by. */
export interface InstallationEvidence {
  readonly manifest: Buffer | null;
  readonly checksum: Buffer | null;
  readonly checksumSignature: Buffer | null;
  /** By the title of the signed file. */
  readonly signatures: Readonly<Record<string, Buffer>>;
}

/** A link in the bin directory as it was placed. */
export interface RecordedLink {
  /** Name of the installation. */
  readonly owner: string;
  /** Relative to the packages directory. */
  readonly target: string;
}

export interface Installations {
  /** By name, without evidence: all of it is null or empty. */
  list(): readonly Installation[];
  /** With evidence. */
  get(name: string): Installation | null;
  /** Name of the installation that placed a link in the bin directory. */
  linkOwner(linkName: string): string | null;
  findLink(linkName: string): RecordedLink | null;
  /** Of every file of every installation. */
  referencedDigests(): ReadonlySet<Digest>;
}

const NO_EVIDENCE: InstallationEvidence = { manifest: null, checksum: null, checksumSignature: null, signatures: {} };

/** Reads what is recorded as installed; the journal alone writes it. */
export function createInstallations(database: Database): Installations {
  return {
    list: () => database.snapshot(() => list(database)),
    get: (name) => database.snapshot(() => get(database, name)),
    linkOwner: (linkName) => findLink(database, linkName)?.owner ?? null,
    findLink: (linkName) => findLink(database, linkName),
    referencedDigests: () =>
      new Set(database.all<{ digest: Digest }>("SELECT DISTINCT digest FROM files").map(({ digest }) => digest)),
  };
}

function list(database: Database): readonly Installation[] {
  const files = Map.groupBy(database.all<FileRow>("SELECT * FROM files ORDER BY position"), byInstallation);
  const links = Map.groupBy(database.all<LinkRow>("SELECT * FROM links ORDER BY position"), byInstallation);
  return database.all<InstallationRow>("SELECT * FROM installations ORDER BY name").map((row) => ({
    ...decodeInstallation(row),
    files: (files.get(row.name) ?? []).map(decodeFile),
    links: (links.get(row.name) ?? []).map(decodeLink),
    evidence: NO_EVIDENCE,
  }));
}

function byInstallation({ installation }: { readonly installation: string }): string {
  return installation;
}

function get(database: Database, name: string): Installation | null {
  const row = database.get<InstallationRow>("SELECT * FROM installations WHERE name = ?", name);
  if (row === undefined) return null;
  const files = database.all<FileRow>("SELECT * FROM files WHERE installation = ? ORDER BY position", name);
  const links = database.all<LinkRow>("SELECT * FROM links WHERE installation = ? ORDER BY position", name);
  const evidence = database.all<EvidenceRow>("SELECT kind, title, content FROM evidence WHERE installation = ?", name);
  return {
    ...decodeInstallation(row),
    files: files.map(decodeFile),
    links: links.map(decodeLink),
    evidence: decodeEvidence(evidence),
  };
}

function findLink(database: Database, linkName: string): RecordedLink | null {
  const row = database.get<RecordedLink>(
    `SELECT installation AS owner, directory || '/' || target AS target
     FROM links JOIN installations ON installation = name WHERE path = ?`,
    linkName,
  );
  return row ?? null;
}
