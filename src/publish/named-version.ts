import type { JsonObject } from "../base/json.ts";
import { PkgError } from "../errors.ts";
import { formatReference, parseReference, type Reference, tagText } from "../oci/reference.ts";
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
 * Takes the version from what was typed in place of a plain reference: `REGISTRY/NAME:1.2.0`, also with an `@` as elsewhere,
 * or `1.2.0` alone, which is a version of what `pkg.json` describes.
 *
 * @throws {PkgError} PUBLISH_INVALID for a tag that is no version, for a digest, and for two versions
 */
export function withNamedVersion<T extends NamedPublication>(typed: T): T {
  const text = typed.reference;
  if (text === null) return typed;
  if (VERSION.test(text)) return { ...typed, reference: null, version: oneOf(text, text, typed.version, "--version") };
  refuseDigest(text);
  const tag = tagOf(text);
  if (tag === null) return typed;
  if (!isVersionTag(tagText(tag))) throw noVersion(text, tag);
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

/** What a reference has after its name, be it as a tag or as people write versions: `:1.0.0`, `:1.0.0+b`, `@1.0.0`. */
const ENDING = /(?::|@(?=v?\d))([^:@/]+)$/;

/**
 * The tag of a reference, as it was typed: a version may have characters that no tag can hold. Null for everything else,
 * which is judged where references are decoded.
 */
function tagOf(text: string): string | null {
  const [ending, typed] = ENDING.exec(text) ?? [];
  if (ending === undefined || typed === undefined) return null;
  const parsed = parsedOrNull(`${text.slice(0, -ending.length)}:${tagText(typed)}`);
  return parsed?.tag === tagText(typed) ? typed : null;
}

/** Content gets its digest by being published. @throws {PkgError} PUBLISH_INVALID */
function refuseDigest(text: string): void {
  const parsed = parsedOrNull(text);
  if (parsed === null || parsed.digest === null) return;
  const { tag } = parsed;
  const place = formatReference({ ...parsed, tag: tag ?? "1.0.0", digest: null });
  throw new PkgError("PUBLISH_INVALID", `Cannot publish "${text}": it has a digest, which what is published decides`, {
    hint: `Name the version alone: ${place}`,
  });
}

function parsedOrNull(text: string): Reference | null {
  try {
    return parseReference(text);
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
