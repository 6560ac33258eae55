import type { Digest } from "../oci/digest.ts";
import type { InstalledImage } from "../package/image.ts";
import { nameInRepository, wishIn } from "../package/install-name.ts";
import type {
  Installation,
  InstallationEvidence,
  InstalledFile,
  InstalledLink,
  Needing,
} from "../package/installation.ts";
import type { InstalledKeg } from "../package/keg.ts";
import type { Check, Waiver } from "../package/policy.ts";
import { type Database, IN_LIST, listed } from "./database.ts";
import type { ReturnedLink } from "./intent.ts";

/** A row of the table `installations`. */
export interface InstallationRow {
  readonly name: string;
  /** Null: as `name` says. */
  readonly package_name: string | null;
  readonly version: string;
  /** Empty: what `requested` says. */
  readonly wish: string | null;
  readonly is_pinned: number;
  readonly unlinked: string;
  readonly repository: string | null;
  readonly owner: number | null;
  readonly package_id: string;
  readonly family: string;
  readonly type: string;
  readonly reference: string;
  readonly manifest_digest: Digest | null;
  readonly program_digest: Digest;
  readonly size_bytes: number;
  readonly directory: string;
  readonly checks: string;
  readonly skipped: string;
  readonly signed_by: string | null;
  readonly provenance: string | null;
  readonly publisher_key: string | null;
  readonly signed_as: string | null;
  readonly dependencies: string;
  readonly is_dependency: number;
  readonly keg: string | null;
  readonly image: string | null;
  readonly installed_at: string;
  readonly requested: string;
  readonly expected_sha256: string | null;
  readonly expected_blake3: string | null;
  readonly expected_size_bytes: number | null;
}

/** A row of the table `files`. */
export interface FileRow {
  readonly installation: string;
  readonly path: string;
  readonly digest: Digest;
  readonly size_bytes: number;
  readonly mode: number;
  readonly blake3: string | null;
}

/** A row of the table `links`. */
export interface LinkRow {
  readonly installation: string;
  readonly path: string;
  readonly target: string;
  readonly kind: "link" | "copy";
}

/** A row of the table `taken_links`. */
export interface TakenRow extends LinkRow {
  readonly id: number;
}

/** A row of the table `evidence`. */
export interface EvidenceRow {
  readonly kind: "manifest" | "checksum" | "checksum-signature" | "signature" | "entry";
  readonly title: string;
  readonly content: Buffer;
}

/** What an installation needs, and whether somebody asked for it. */
export type NeedingRow = Pick<InstallationRow, "name" | "dependencies" | "is_dependency">;

/** What the row of an installation says about that. */
export function decodeNeeding({ name, dependencies, is_dependency }: NeedingRow): Needing {
  return { name, dependencies: decodeJson<readonly string[]>(dependencies), isDependency: is_dependency === 1 };
}

/** What other tables hold of an installation. */
export type HeldElsewhere = Pick<Installation, "owner" | "files" | "links" | "taken" | "evidence">;

/** An installation, in one go: to add to an object of that size, or to copy it, takes as long as to read it. */
export function decodeInstallation(row: InstallationRow, held: HeldElsewhere): Installation {
  const { owner, files, links, taken, evidence } = held;
  return {
    name: row.name,
    dependencies: decodeJson<readonly string[]>(row.dependencies),
    isDependency: row.is_dependency === 1,
    packageName: row.package_name ?? nameInRepository(row),
    version: row.version,
    wish: row.wish === "" ? wishIn(row) : row.wish,
    isPinned: row.is_pinned === 1,
    unlinked: decodeJson<readonly string[]>(row.unlinked),
    repository: row.repository,
    owner,
    packageId: row.package_id,
    family: row.family,
    type: row.type,
    reference: row.reference,
    manifestDigest: row.manifest_digest,
    programDigest: row.program_digest,
    sizeBytes: row.size_bytes,
    directory: row.directory,
    checks: decodeJson<readonly Check[]>(row.checks),
    skipped: decodeJson<readonly Waiver[]>(row.skipped),
    provenance: row.provenance,
    publisherKey: row.publisher_key,
    signedAs: row.signed_as,
    signedBy: row.signed_by,
    keg: row.keg === null ? null : decodeKeg(row.keg),
    image: row.image === null ? null : decodeJson<InstalledImage>(row.image),
    installedAt: row.installed_at,
    requested: row.requested,
    expected: { sha256: row.expected_sha256, blake3: row.expected_blake3, sizeBytes: row.expected_size_bytes },
    files,
    links,
    taken,
    evidence,
  };
}

/** What is recorded of a keg. */
export function decodeKeg(text: string): InstalledKeg {
  return decodeJson<InstalledKeg>(text);
}

/** Decodes JSON that `recordInstallation` wrote. */
function decodeJson<T>(text: string): T {
  return JSON.parse(text) as T;
}

/** A file of an installation. */
export function decodeFile({ path, digest, size_bytes, mode, blake3 }: FileRow): InstalledFile {
  return { path, digest, size: size_bytes, mode, blake3 };
}

/** A link of an installation. */
export function decodeLink({ path, target, kind }: LinkRow): InstalledLink {
  return { path, target, kind };
}

/** The evidence in the rows of one installation. */
export function decodeEvidence(rows: readonly EvidenceRow[]): InstallationEvidence {
  const find = (kind: EvidenceRow["kind"]) => rows.find((row) => row.kind === kind)?.content ?? null;
  const signatures = rows.filter(({ kind }) => kind === "signature");
  return {
    manifest: find("manifest"),
    checksum: find("checksum"),
    checksumSignature: find("checksum-signature"),
    entry: find("entry"),
    signatures: Object.fromEntries(signatures.map(({ title, content }) => [title, content])),
  };
}

/** Records an installation instead of the one with its name, and takes over its links. Must run in a transaction. */
export function recordInstallation(database: Database, installation: Installation): void {
  const { name, files, links, taken } = installation;
  const order = new Map(
    database
      .all<TakenRow>("SELECT * FROM taken_links WHERE installation = ?", name)
      .map(({ path, id }) => [path, id] as const),
  );
  forgetInstallation(database, name);
  database.insert("installations", encodeInstallation(installation));
  for (const [position, { path, digest, size, mode, blake3 }] of files.entries()) {
    database.run(INSERT_FILE, name, position, path, digest, size, mode, blake3);
  }
  const held = linksHeld(database, links);
  for (const [position, { path, target, kind }] of links.entries()) {
    if (held.has(path.toWellFormed())) takeLink(database, path);
    database.run(INSERT_LINK, path, name, position, target, kind);
    held.add(path.toWellFormed());
  }
  for (const { path, target, kind } of taken) {
    database.insert("taken_links", { id: order.get(path) ?? null, path, installation: name, target, kind });
  }
  for (const row of encodeEvidence(installation.evidence)) database.insert("evidence", { installation: name, ...row });
}

/** A statement that is run for each file of thousands is not put together anew each time. */
const INSERT_FILE = `INSERT INTO files (installation, position, path, digest, size_bytes, mode, blake3)
  VALUES (?, ?, ?, ?, ?, ?, ?)`;
const INSERT_LINK = "INSERT INTO links (path, installation, position, target, kind) VALUES (?, ?, ?, ?, ?)";

/** The paths of those links that some package has. */
function linksHeld(database: Database, links: readonly InstalledLink[]): Set<string> {
  const paths = listed(links.map(({ path }) => path));
  const rows = database.all<{ path: string }>(`SELECT path FROM links WHERE path ${IN_LIST}`, paths);
  return new Set(rows.map(({ path }) => path));
}

/** The package that has a link only claims it from now on. */
function takeLink(database: Database, path: string): void {
  database.run(
    `INSERT OR REPLACE INTO taken_links (path, installation, target, kind)
     SELECT path, installation, target, kind FROM links WHERE path = ?`,
    path,
  );
  database.run("DELETE FROM links WHERE path = ?", path);
}

/** Records that a link is again that of a package which another one had taken it from. Must run in a transaction. */
export function returnLink(database: Database, { path, name, target, kind }: ReturnedLink): void {
  database.run("DELETE FROM taken_links WHERE path = ? AND installation = ?", path, name);
  database.run("DELETE FROM links WHERE path = ?", path);
  database.run(
    `INSERT INTO links (path, installation, position, target, kind)
     VALUES (?, ?, (SELECT coalesce(max(position), -1) + 1 FROM links WHERE installation = ?), ?, ?)`,
    ...[path, name, name, target, kind],
  );
}

/** Deletes the record of an installation. Must run in a transaction. */
export function forgetInstallation(database: Database, name: string): void {
  database.run("DELETE FROM installations WHERE name = ?", name);
}

function encodeInstallation(installation: Installation): InstallationRow {
  return {
    name: installation.name,
    package_name: installation.packageName,
    version: installation.version,
    wish: installation.wish,
    is_pinned: installation.isPinned ? 1 : 0,
    unlinked: JSON.stringify(installation.unlinked),
    repository: installation.repository,
    owner: installation.owner?.id ?? null,
    package_id: installation.packageId,
    family: installation.family,
    type: installation.type,
    reference: installation.reference,
    manifest_digest: installation.manifestDigest,
    program_digest: installation.programDigest,
    size_bytes: installation.sizeBytes,
    directory: installation.directory,
    checks: JSON.stringify(installation.checks),
    skipped: JSON.stringify(installation.skipped),
    signed_by: installation.signedBy,
    provenance: installation.provenance,
    publisher_key: installation.publisherKey,
    signed_as: installation.signedAs,
    dependencies: JSON.stringify(installation.dependencies),
    is_dependency: installation.isDependency ? 1 : 0,
    keg: installation.keg === null ? null : JSON.stringify(installation.keg),
    image: installation.image === null ? null : JSON.stringify(installation.image),
    installed_at: installation.installedAt,
    requested: installation.requested,
    expected_sha256: installation.expected.sha256,
    expected_blake3: installation.expected.blake3,
    expected_size_bytes: installation.expected.sizeBytes,
  };
}

function encodeEvidence(evidence: InstallationEvidence): readonly EvidenceRow[] {
  const { manifest, checksum, checksumSignature, entry, signatures } = evidence;
  const whole = (kind: EvidenceRow["kind"], content: Buffer | null): readonly EvidenceRow[] =>
    content === null ? [] : [{ kind, title: "", content }];
  return [
    ...whole("manifest", manifest),
    ...whole("checksum", checksum),
    ...whole("checksum-signature", checksumSignature),
    ...whole("entry", entry),
    ...Object.entries(signatures).map(([title, content]) => ({ kind: "signature" as const, title, content })),
  ];
}
