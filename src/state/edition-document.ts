import { hashHex } from "../base/hashes.ts";
import type { Digest } from "../oci/digest.ts";
import type { Installation } from "../package/installation.ts";
import type { Database } from "./database.ts";
import { decodeInstallation, type EncodedInstallation, encodeInstallation } from "./intent-document.ts";
import { type Owners, ownerIn } from "./known-owners.ts";

/** A row of the table `editions`, with the document of its contents. */
export interface EditionRow {
  readonly id: number;
  readonly owner: number | null;
  readonly document: string;
  readonly contents: string;
}

/** What the record of an installation has in common with others of the same package: seldom changed, and most of it. */
type Contents = Pick<EncodedInstallation, "files" | "evidence" | "provenance">;

/** Stores an installation as it is recorded, unless it is stored already. Must run in a transaction. @returns its id */
export function storeEdition(database: Database, installation: Installation): number {
  const { files, evidence, provenance, owner, ...record } = encodeInstallation(installation);
  const contents = JSON.stringify({ files, evidence, provenance } satisfies Contents);
  const document = JSON.stringify(record);
  const same = sameEdition(database, record, { document, owner: owner?.id ?? null, contents });
  if (same !== null) return same;
  const hash = hashOf(`${document}\n${owner?.id ?? ""}\n${contents}`);
  const known = database.get<{ id: number }>("SELECT id FROM editions WHERE hash = ?", hash);
  if (known !== undefined) return known.id;
  return database.run(
    "INSERT INTO editions (hash, name, version, owner, document, contents) VALUES (?, ?, ?, ?, ?, ?)",
    ...[hash, record.name, record.version, owner?.id ?? null, document, storeContents(database, contents)],
  );
}

/** Compared as it is: to hash it would load what a change that removes something has no other use for. */
function sameEdition(
  database: Database,
  { name, version }: Pick<EncodedInstallation, "name" | "version">,
  { document, owner, contents }: Omit<EditionRow, "id">,
): number | null {
  const same = database.get<{ id: number }>(
    `SELECT editions.id FROM editions JOIN edition_contents ON contents = edition_contents.id
     WHERE name = ? AND version = ? AND owner IS ? AND editions.document = ? AND edition_contents.document = ?`,
    ...[name, version, owner, document, contents],
  );
  return same?.id ?? null;
}

function storeContents(database: Database, document: string): number {
  const hash = hashOf(document);
  const known = database.get<{ id: number }>("SELECT id FROM edition_contents WHERE hash = ?", hash);
  return known?.id ?? database.run("INSERT INTO edition_contents (hash, document) VALUES (?, ?)", hash, document);
}

function hashOf(text: string): string {
  return hashHex("sha256", Buffer.from(text));
}

/** Reads an edition by its id. */
export function readEdition(database: Database, owners: Owners, id: number): Installation {
  const row = database.get<EditionRow>(
    `SELECT editions.id, owner, editions.document, edition_contents.document AS contents
     FROM editions JOIN edition_contents ON contents = edition_contents.id WHERE editions.id = ?`,
    id,
  );
  if (row === undefined) throw new Error(`there is no edition ${id}`);
  const record = JSON.parse(row.document) as Omit<EncodedInstallation, keyof Contents | "owner">;
  const contents = JSON.parse(row.contents) as Contents;
  const owner = ownerIn(owners, { owner: row.owner, repository: record.repository });
  return decodeInstallation({ ...record, ...contents, owner });
}

/** The digests of all files of all editions. */
export function editionDigests(database: Database): ReadonlySet<Digest> {
  const documents = database.all<{ document: string }>("SELECT document FROM edition_contents");
  return new Set(
    documents.flatMap(({ document }) => (JSON.parse(document) as Contents).files.map(({ digest }) => digest)),
  );
}
