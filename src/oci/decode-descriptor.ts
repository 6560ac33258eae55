import { asObject, type JsonObject } from "../base/json.ts";
import { PkgError } from "../errors.ts";
import { type Descriptor, type DescriptorPlatform, freezeDescriptor } from "./descriptor.ts";
import { type Digest, parseDigest } from "./digest.ts";

/**
 * Decodes one descriptor. `where` names it in messages, e.g. `layer 3`.
 *
 * @param untyped the media type of one that has none; null: it must have one
 * @throws {PkgError} MANIFEST_INVALID
 * @see OCI image-spec 1.1, descriptor.md, "Properties"
 */
export function decodeDescriptor(value: unknown, where: string, untyped: string | null = null): Descriptor {
  const object = asObject(value);
  if (object === null) throw invalid(where, "it is not an object");
  const platform = decodePlatform(object["platform"], where);
  const artifactType = decodeOptionalText(object, "artifactType", where);
  return freezeDescriptor({
    mediaType: decodeText({ mediaType: object["mediaType"] || untyped }, "mediaType", where),
    digest: decodeDigest(decodeText(object, "digest", where), where),
    size: decodeSize(object["size"], where),
    annotations: decodeAnnotations(object["annotations"], where),
    ...(artifactType === null ? {} : { artifactType }),
    ...(platform === null ? {} : { platform }),
  });
}

/**
 * Decodes a descriptor that may be missing. Null if it is missing, null or the empty object, or has no digest and no
 * bytes, which is what programs in Go write for one that was never set.
 *
 * @throws {PkgError} MANIFEST_INVALID
 */
export function decodeOptionalDescriptor(value: unknown, where: string): Descriptor | null {
  if (value === undefined || value === null) return null;
  const { digest = "", size = 0 } = asObject(value) ?? { digest: null };
  return digest === "" && size === 0 ? null : decodeDescriptor(value, where);
}

/**
 * Decodes a map of strings to strings; a missing one is empty, and so is an empty list, which PHP writes for one. Numbers and truth values become text, as some writers
 * forget the quotes; anything else that is not text is left out.
 *
 * @throws {PkgError} MANIFEST_INVALID
 */
export function decodeAnnotations(value: unknown, where: string): Readonly<Record<string, string>> {
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) return Object.freeze({});
  const object = asObject(value);
  if (object === null) throw invalid(where, "its annotations are not an object");
  const entries = Object.entries(object).flatMap(([key, value]) => {
    const isText = ["string", "number", "boolean"].includes(typeof value);
    return isText ? [[key, String(value)] as const] : [];
  });
  return Object.freeze(Object.fromEntries(entries));
}

/**
 * Decodes an optional string; null if it is missing.
 *
 * @throws {PkgError} MANIFEST_INVALID
 */
export function decodeOptionalText(object: JsonObject, field: string, where: string): string | null {
  const value = object[field];
  if (value === undefined || value === null) return null;
  if (typeof value !== "string") throw invalid(where, `its ${field} is not a string`);
  return value;
}

function decodeText(object: JsonObject, field: string, where: string): string {
  const value = decodeOptionalText(object, field, where);
  if (value === null || value === "") throw invalid(where, `it has no ${field}`);
  return value;
}

function decodeDigest(text: string, where: string): Digest {
  try {
    return parseDigest(text);
  } catch (cause) {
    throw invalid(where, `its digest is "${text}"`, cause);
  }
}

/** Some writers put the number in quotes. */
function decodeSize(value: unknown, where: string): number {
  if (typeof value === "string" && /^\d{1,16}$/.test(value)) return decodeSize(Number(value), where);
  if (Number.isSafeInteger(value) && Number(value) >= 0) return Number(value);
  throw invalid(where, `expected its size to be a whole number of bytes, found ${JSON.stringify(value) ?? "none"}`);
}

/** Null if it is missing, null, or lacks the system or the architecture, and so says nothing. */
function decodePlatform(value: unknown, where: string): DescriptorPlatform | null {
  if (value === undefined || value === null) return null;
  const object = asObject(value);
  if (object === null) throw invalid(where, "its platform is not an object");
  const os = decodeOptionalText(object, "os", where);
  const architecture = decodeOptionalText(object, "architecture", where);
  if (!os || !architecture) return null;
  const variant = decodeOptionalText(object, "variant", where);
  const osFeatures = decodeTexts(object, "os.features", where);
  return {
    os,
    architecture,
    ...(variant === null ? {} : { variant }),
    ...(osFeatures.length === 0 ? {} : { osFeatures }),
  };
}

function decodeTexts(object: JsonObject, field: string, where: string): readonly string[] {
  const value = object[field];
  if (value === undefined || value === null) return [];
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  throw invalid(where, `its ${field} is not a list of strings`);
}

function invalid(where: string, problem: string, cause?: unknown): PkgError {
  return new PkgError("MANIFEST_INVALID", `Cannot use manifest: ${where} is wrong, ${problem}`, { cause });
}
