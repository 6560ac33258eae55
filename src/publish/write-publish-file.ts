import { existsSync, lstatSync, realpathSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import type { JsonObject } from "../base/json.ts";
import { PkgError } from "../errors.ts";
import { checkOutput, writeOutput } from "../fs/output-file.ts";
import { rewriteFile } from "../fs/rewrite-file.ts";
import { typedOutputFile } from "../fs/typed-output.ts";
import { DEFAULT_KEY, type KeySettings, keyPlace } from "../keys/key-files.ts";
import { spelled } from "../package/version.ts";
import { decodePublication } from "../package-format/decode-publication.ts";
import { type TypedPublication, typedFile } from "./read-publication.ts";

/** A `pkg.json` to write. */
export interface InitRequest {
  readonly typed: TypedPublication;
  /** The file to write. */
  readonly manifest: string;
  /** Where relative paths begin. */
  readonly directory: string;
  /** Overwrites an existing file. */
  readonly force: boolean;
  /** True: all is checked, and nothing is written. */
  readonly dryRun: boolean;
}

/** The `pkg.json` that was written. */
export interface Initialized {
  /** Its path, absolute. */
  readonly path: string;
  readonly content: JsonObject;
  /** Whether a key exists that signs when none is named. */
  readonly hasKey: boolean;
}

/** The id by which editors find the schema. */
const SCHEMA = "urn:pkg:publish:v1";

/** Refuses early a file that `writePublishFile` would refuse. @throws {PkgError} PATH_CONFLICT when the file exists */
export function refuseExisting({
  manifest,
  directory,
  force,
}: Pick<InitRequest, "manifest" | "directory" | "force">): void {
  const path = resolve(directory, typedOutputFile(manifest));
  if (force || lstatSync(path, { throwIfNoEntry: false }) === undefined) return;
  throw new PkgError("PATH_CONFLICT", `Cannot write "${manifest}": it exists already`, {
    hint: "Edit it, or overwrite it with --force",
  });
}

/**
 * Checks a `pkg.json`, then writes it. Whether its files exist is not checked: they may be built later.
 *
 * @throws {PkgError} PUBLISH_INVALID; PATH_CONFLICT when the file exists; FILE_SYSTEM, PERMISSION_DENIED, DISK_FULL
 */
export async function writePublishFile(settings: KeySettings, request: InitRequest): Promise<Initialized> {
  const { manifest, directory } = request;
  refuseExisting(request);
  const file = resolve(directory, manifest);
  const content = await contentOf(request, dirname(file));
  decodePublication({ fields: content, name: manifest, filesIn: dirname(file), documentsIn: dirname(file) });
  await write(file, `${JSON.stringify(content, null, 2)}\n`, request);
  const hasKey = settings.signing.key !== null || existsSync(keyPlace(settings.paths, DEFAULT_KEY).secretFile);
  return { path: file, content, hasKey };
}

/** A link to a file that is there stays a link, as with other files that their owner edits too. */
async function write(
  file: string,
  text: string,
  { force, dryRun }: Pick<InitRequest, "force" | "dryRun">,
): Promise<void> {
  const isLinked = force && isLink(file) && existsSync(file);
  if (isLinked) {
    checkOutput({ path: realpathSync(file), force });
    if (!dryRun) rewriteFile(file, text, { newMode: 0o644 });
  } else await writeOutput({ path: file, force, dryRun }, [Buffer.from(text)]);
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

/** The fields in the order in which people look for them. */
async function contentOf({ typed, directory }: InitRequest, base: string): Promise<JsonObject> {
  const { files, documents, provides, ...texts } = typed;
  const moved = (path: string) => relative(base, resolve(directory, path));
  const written = await Promise.all(files.map((text) => typedFile(text, directory)));
  const fields = {
    $schema: SCHEMA,
    reference: texts.reference,
    name: texts.name,
    version: texts.version === null ? null : spelled(texts.version),
    description: texts.description,
    license: texts.license,
    homepage: texts.homepage,
    source: texts.source,
    family: texts.family,
    id: texts.id,
    provides: provides.length === 0 ? null : provides,
    files: written.length === 0 ? null : written.map(({ path, ...rest }) => ({ path: moved(String(path)), ...rest })),
    documents: documents.length === 0 ? null : documents.map(moved),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
