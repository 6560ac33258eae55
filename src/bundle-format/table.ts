import { asObject, type JsonObject, parseJson } from "../base/json.ts";
import { PkgError } from "../errors.ts";
import { type Digest, isDigest } from "../oci/digest.ts";

/** The artifact type of a bundle's image index, which its manifests are in. */
export const BUNDLE_TYPE = "application/vnd.pkg.bundle.v1";
/** The artifact type of the manifest whose first layer is the table of contents. */
export const TABLE_TYPE = "application/vnd.pkg.bundle.table.v1";
export const TABLE_LAYER = { title: "bundle.json", mediaType: "application/vnd.pkg.bundle.table.v1+json" } as const;
/** The type of a layer that is a document of the table, such as the image index that a package's tag names. */
export const DOCUMENT_LAYER_TYPE = "application/vnd.pkg.bundle.document.v1+json";
/** The artifact type of a manifest that was made for one blob, such as a bottle or a download. */
export const BLOB_TYPE = "application/vnd.pkg.bundle.blob.v1";
/** Bytes of a table at most. */
export const MAX_TABLE_BYTES = 64 * 1024 * 1024;

/** An index that came along, as it was signed. */
export interface BundledIndex {
  /** What the repository was called where the bundle was made. */
  readonly repository: string;
  readonly url: string;
  readonly kind: "index" | "homebrew";
  /** The machine that it is for, e.g. `x86_64-linux`. */
  readonly platform: string;
  /** Of the manifest that its document and signatures are layers of. */
  readonly manifest: Digest;
  /** Which of several documents below its address it is; null: the only one. */
  readonly file: string | null;
}

/** A package in a bundle. None of this is trusted: it is shown, and says what there is. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  readonly platform: string;
  /** Null for one that was named by its reference. */
  readonly repository: string | null;
  readonly reference: string;
  /** Of its main file or its manifest, as its index says. */
  readonly sizeBytes: number | null;
  readonly isDependency: boolean;
}

/** What one repository of a registry has in a bundle. */
export interface BundledPlace {
  /** `ghcr.io/owner/name` */
  readonly name: string;
  readonly tags: Readonly<Record<string, Digest>>;
}

/** A file that is at an address. */
export interface BundledDownload {
  readonly url: string;
  readonly digest: Digest;
}

/** What is in a bundle, and where it came from. It only leads to bytes: indexes are verified, and blobs by their digests. */
export interface BundleTable {
  /** What was asked for, as words that `install` takes. */
  readonly requested: readonly string[];
  readonly platforms: readonly string[];
  readonly indexes: readonly BundledIndex[];
  readonly packages: readonly BundledPackage[];
  readonly places: readonly BundledPlace[];
  readonly downloads: readonly BundledDownload[];
  /** Image indexes that lead to more than is in the bundle, and so are among the blobs. */
  readonly documents: readonly Digest[];
}

/** The same table gives the same bytes. */
export function formatTable(table: BundleTable): Buffer {
  return Buffer.from(`${JSON.stringify({ schemaVersion: 1, ...table }, null, 1)}\n`);
}

/** Reads a table of contents. @throws {PkgError} LAYOUT_INVALID */
export function parseTable(bytes: Uint8Array, bundle: string): BundleTable {
  const refuse = (problem: string, cause?: unknown) =>
    new PkgError("LAYOUT_INVALID", `Cannot use the bundle "${bundle}": its table of contents is invalid: ${problem}`, {
      hint: "Make it again with `pkg bundle create`, or copy it again",
      cause,
    });
  const document = asObject(parseJson(bytes, (cause) => refuse("it is not JSON", cause)));
  if (document === null) throw refuse("it is not an object");
  if (document["schemaVersion"] !== 1) throw refuse("it is of a version that this program does not know");
  try {
    return tableOf(document);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    throw refuse(error.message);
  }
}

class Malformed extends Error {}

function tableOf(document: JsonObject): BundleTable {
  return {
    requested: listOf(document, "requested", (item) => textOf(item, "requested")),
    platforms: listOf(document, "platforms", (item) => textOf(item, "platforms")),
    indexes: objectsOf(document, "indexes").map((item) => ({
      repository: textIn(item, "repository"),
      url: textIn(item, "url"),
      kind: item["kind"] === "homebrew" ? "homebrew" : "index",
      platform: textIn(item, "platform"),
      manifest: digestOfField(item, "manifest"),
      file: textOrNull(item, "file"),
    })),
    packages: objectsOf(document, "packages").map((item) => ({
      name: textIn(item, "name"),
      version: textIn(item, "version"),
      platform: textIn(item, "platform"),
      repository: textOrNull(item, "repository"),
      reference: textIn(item, "reference"),
      sizeBytes: Number.isSafeInteger(item["sizeBytes"]) ? Number(item["sizeBytes"]) : null,
      isDependency: item["isDependency"] === true,
    })),
    places: objectsOf(document, "places").map((item) => ({ name: textIn(item, "name"), tags: tagsIn(item) })),
    downloads: objectsOf(document, "downloads").map((item) => ({
      url: textIn(item, "url"),
      digest: digestOfField(item, "digest"),
    })),
    documents: listOf(document, "documents", (item) => digestFrom(item, "documents")),
  };
}

function listOf<T>(object: JsonObject, field: string, decode: (item: unknown) => T): readonly T[] {
  const value = object[field];
  if (!Array.isArray(value)) throw new Malformed(`"${field}" is not a list`);
  return value.map((item: unknown) => decode(item));
}

function objectsOf(object: JsonObject, field: string): readonly JsonObject[] {
  return listOf(object, field, (item) => {
    const found = asObject(item);
    if (found === null) throw new Malformed(`"${field}" has an item that is not an object`);
    return found;
  });
}

function textOf(value: unknown, field: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw new Malformed(`"${field}" is not text`);
}

function textIn(object: JsonObject, field: string): string {
  return textOf(object[field], field);
}

function textOrNull(object: JsonObject, field: string): string | null {
  return object[field] === null ? null : textIn(object, field);
}

function digestFrom(value: unknown, field: string): Digest {
  const text = textOf(value, field);
  if (isDigest(text)) return text;
  throw new Malformed(`"${field}" is no digest`);
}

function digestOfField(object: JsonObject, field: string): Digest {
  return digestFrom(object[field], field);
}

function tagsIn(item: JsonObject): Readonly<Record<string, Digest>> {
  const tags = asObject(item["tags"]);
  if (tags === null) throw new Malformed('"tags" is not an object');
  return Object.fromEntries(Object.entries(tags).map(([tag, digest]) => [tag, digestFrom(digest, "tags")]));
}
