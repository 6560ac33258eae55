import { basename, resolve } from "node:path";
import { asObject, type JsonObject, parseJson } from "../base/json.ts";
import { JsonProblem, jsonProblem } from "../base/strict-json.ts";
import { refuseUserInfo } from "../base/user-info.ts";
import { hasCode, PkgError } from "../errors.ts";
import { type PublishManifest, validatePublish } from "../generated/publication-schema.js";
import type { DescriptorPlatform } from "../oci/descriptor.ts";
import { parsePlatform } from "../oci/platform.ts";
import { parseReference, type Reference } from "../oci/reference.ts";
import { licenseProblem } from "../package/license.ts";
import { isSafeName } from "../package/names.ts";
import { parseProvide } from "../package/provides.ts";
import type { Publication } from "../package/publication.ts";
import { spelled } from "../package/version.ts";
import { describeProblem } from "./schema-problem.ts";
import { versionTag } from "./tags.ts";

/** What is to be published, as it was written in `pkg.json` or typed instead. */
export interface WrittenPublication {
  readonly fields: JsonObject;
  /** What messages call it: the path of `pkg.json`, or the reference that was typed. */
  readonly name: string;
  /** Where relative paths of files begin. */
  readonly filesIn: string;
  /** Where relative paths of documents begin. */
  readonly documentsIn: string;
}

/**
 * Parses the text of a `pkg.json`. Its fields are not checked yet: flags may replace them.
 *
 * @throws {PkgError} PUBLISH_INVALID
 */
export function parsePublishFile(bytes: Buffer, path: string): JsonObject {
  const object = asObject(parseJson(bytes, (cause) => notJson(path, cause)));
  if (object !== null) return object;
  throw new PkgError("PUBLISH_INVALID", `Cannot publish "${path}": expected an object, found another value`);
}

function notJson(path: string, cause: unknown): PkgError {
  const isJson = cause instanceof JsonProblem;
  const reason = !isJson && cause instanceof SyntaxError ? `: ${cause.message}` : "";
  return new PkgError("PUBLISH_INVALID", `Cannot publish "${path}": ${jsonProblem(cause)}${reason}`, { cause });
}

/**
 * Checks everything that can be checked before a file is read. A version is published without a `v` before its numbers.
 *
 * @throws {PkgError} PUBLISH_INVALID, with the field, what was expected and what was found
 */
export function decodePublication(written: WrittenPublication): Publication {
  const { fields, name } = written;
  if (!validatePublish(fields)) {
    const { problem, hint } = describeProblem(validatePublish.errors, fields);
    throw invalid(name, problem, hint);
  }
  const reference = readReference(fields.reference, name);
  checkLicense(fields.license, name);
  checkProvides(fields.provides ?? [], name);
  versionTag(fields.version);
  return {
    reference,
    ...identity(fields, reference, name),
    version: spelled(fields.version),
    ...texts(fields),
    provides: fields.provides ?? null,
    files: fields.files.map(({ path, platform, libc }) => ({
      path: resolve(written.filesIn, path),
      platform: readPlatform(platform),
      libc: libc ?? null,
    })),
    documents: (fields.documents ?? []).map((path) => resolve(written.documentsIn, path)),
  };
}

function texts(fields: PublishManifest) {
  const { homepage, source, documentation } = fields;
  for (const address of [homepage, source, documentation]) refuseUserInfo(address ?? "", "PUBLISH_INVALID");
  return {
    description: fields.description ?? null,
    license: fields.license ?? null,
    homepage: fields.homepage ?? null,
    source: fields.source ?? null,
    documentation: fields.documentation ?? null,
    maintainers: fields.maintainers ?? [],
    keywords: fields.keywords ?? [],
    categories: fields.categories ?? [],
    notes: fields.notes ?? [],
    replaces: fields.replaces ?? [],
  };
}

function identity(fields: PublishManifest, reference: Reference, label: string) {
  const name = fields.name ?? basename(reference.name);
  if (!isSafeName(name)) {
    throw invalid(
      label,
      `name is "${name}", expected a name that can be typed and linked, such as "trurl"`,
      'Letters, digits and "_.+@~-"; the first a letter, digit or "_"',
    );
  }
  const id = fields.id ?? `${reference.registry}/${reference.name}`.replaceAll("/", ".");
  return { name, family: fields.family ?? null, id };
}

function readReference(text: string, name: string): Reference {
  let reference: Reference;
  try {
    reference = parseReference(text);
  } catch (error) {
    if (!hasCode(error, "REFERENCE_INVALID")) throw error;
    throw new PkgError("PUBLISH_INVALID", error.message, { hint: error.hint ?? "", cause: error });
  }
  if (reference.tag === null && reference.digest === null) return reference;
  throw invalid(
    name,
    `reference is "${text}", expected one without a tag or digest`,
    "The version becomes the tag: give it as `version`, or with --version",
  );
}

function checkLicense(license: string | undefined, name: string): void {
  const found = license === undefined ? null : licenseProblem(license);
  if (found === null) return;
  const hint =
    found.suggestion === null
      ? "SPDX lists all licences and their short names; a licence of your own is written LicenseRef-NAME"
      : `Did you mean "${found.suggestion}"?`;
  throw invalid(name, `license is "${license}", ${found.problem}`, hint);
}

function checkProvides(provides: readonly string[], name: string): void {
  const wrong = provides.find((text) => parseProvide(text) === null);
  if (wrong === undefined) return;
  throw invalid(
    name,
    `provides has "${wrong}", expected a program's name, or one with another`,
    "It is written a, a==b (both names), a=>b (only b), a:b (alias) or @a",
  );
}

/** `arm64/v8` is written `arm64`, which means the same. */
function readPlatform(text: string): DescriptorPlatform {
  const platform = parsePlatform(text);
  const isUsual = platform.architecture === "arm64" && platform.variant === "v8";
  return isUsual ? { os: platform.os, architecture: platform.architecture } : platform;
}

function invalid(name: string, problem: string, hint: string): PkgError {
  return new PkgError("PUBLISH_INVALID", `Cannot publish "${name}": ${problem}`, { hint });
}
