import type { JsonObject } from "../base/json.ts";
import { PkgError } from "../errors.ts";
import { parseReference, tagText } from "../oci/reference.ts";
import { isSameVersion } from "../package/version.ts";
import { isVersionTag } from "../package-format/tags.ts";

/** The part of what was typed that a version may be in. */
interface NamedPublication {
  readonly reference: string | null;
  readonly version: string | null;
}

/** What is typed in place of a reference: `1.2.0`, `v1.2.0`. */
const VERSION = /^v?\d[A-Za-z0-9._+-]*$/;

/**
 * Takes the version from what was typed in place of a plain reference: `REGISTRY/NAME:1.2.0`, or `1.2.0` alone, which is a
 * version of what `pkg.json` describes.
 *
 * @throws {PkgError} PUBLISH_INVALID for a tag that is no version, and for two versions
 */
export function withNamedVersion<T extends NamedPublication>(typed: T): T {
  const text = typed.reference;
  if (text === null) return typed;
  if (VERSION.test(text)) return { ...typed, reference: null, version: oneOf(text, text, typed.version, "--version") };
  const tag = tagOf(text);
  if (tag === null) return typed;
  if (!isVersionTag(tag)) throw noVersion(text, tag);
  const reference = text.slice(0, -(tag.length + 1));
  return { ...typed, reference, version: oneOf(text, tag, typed.version, "--version") };
}

/**
 * Refuses a tag that contradicts the version of the file that supplies the rest.
 *
 * @throws {PkgError} PUBLISH_INVALID
 */
export function checkNamedVersion(text: string | null, file: JsonObject, name: string): void {
  const tag = text === null ? null : tagOf(text);
  const written = file["version"];
  if (text !== null && tag !== null && typeof written === "string") oneOf(text, tag, written, name);
}

/** The tag of a reference without a digest; null for everything else, which is judged where references are decoded. */
function tagOf(text: string): string | null {
  try {
    const { tag, digest } = parseReference(text);
    return digest === null ? tag : null;
  } catch (error) {
    if (error instanceof PkgError) return null;
    throw error;
  }
}

/** The version that both name; the other one is whole, while a tag has "_" for what no tag can hold. */
function oneOf(text: string, named: string, other: string | null, from: string): string {
  if (other === null) return named;
  if (isSameVersion(tagText(named), tagText(other))) return other;
  throw new PkgError(
    "PUBLISH_INVALID",
    `Cannot publish "${text}": it names version "${named}", and ${from} says "${other}"`,
    { hint: "Leave one of them out" },
  );
}

function noVersion(text: string, tag: string): PkgError {
  return new PkgError("PUBLISH_INVALID", `Cannot publish "${text}": its tag "${tag}" is no version`, {
    hint: `Name the version: ${text.slice(0, -tag.length)}1.0.0; tags such as latest follow by themselves`,
  });
}
