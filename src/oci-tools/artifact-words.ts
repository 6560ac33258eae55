import { isAbsolute, posix } from "node:path";
import { PkgError } from "../errors.ts";
import { isMediaType } from "../oci/artifact.ts";
import { isTag } from "../oci/reference.ts";
import { safeTitlePath } from "../oci/title.ts";

/** A file as it was typed: `FILE[:mediatype]`. */
export interface TypedFile {
  readonly path: string;
  readonly mediaType: string | null;
}

/**
 * Splits `FILE[:mediatype]` at its last colon if a media type follows it. A file whose own name ends like that is typed
 * with a colon at the end: `a:b/c:`.
 *
 * @throws {PkgError} USAGE
 */
export function parseFile(text: string): TypedFile {
  const colon = text.lastIndexOf(":");
  const end = text.slice(colon + 1);
  const hasType = colon >= 0 && (end === "" || isMediaType(end));
  const path = hasType ? text.slice(0, colon) : text;
  if (path === "") throw new PkgError("USAGE", `Cannot push "${text}": it names no file`);
  return { path, mediaType: hasType && end !== "" ? end : null };
}

/** `REF:tag1,tag2`, split into the reference with its first tag and the other tags. */
export interface TaggedReference {
  readonly reference: string;
  readonly otherTags: readonly string[];
}

/** Parses a reference with one or more tags, `REF:tag1,tag2`. @throws {PkgError} REFERENCE_INVALID */
export function parseTaggedReference(text: string): TaggedReference {
  const colon = text.lastIndexOf(":");
  const tags = text.slice(colon + 1).split(",");
  const [first = "", ...others] = tags;
  // `oci:my,dir` is a directory.
  if (
    colon < 0 ||
    others.length === 0 ||
    tags.some((tag) => tag.includes("/")) ||
    /^oci(?:-archive)?$/.test(text.slice(0, colon))
  ) {
    return { reference: text, otherTags: [] };
  }
  for (const tag of tags) {
    if (isTag(tag)) continue;
    throw new PkgError(
      "REFERENCE_INVALID",
      `Cannot use "${text}": tag is "${tag}", expected at most 128 letters, digits, "_", "." or "-"`,
    );
  }
  return { reference: `${text.slice(0, colon)}:${first}`, otherTags: [...new Set(others)] };
}

/** How titleFor() treats unsafe paths. */
export interface TitleOptions {
  /** Allows a path that leads out of the directory. */
  readonly anyPath: boolean;
}

/**
 * The title of a file that was typed as `path`: the path without `.` and doubled slashes.
 *
 * @throws {PkgError} USAGE for a path that nobody could pull into a directory, unless `anyPath` is set
 */
export function titleFor(path: string, { anyPath }: TitleOptions): string {
  const title = posix.normalize(path).replace(/(?<=.)\/$/, "");
  if (anyPath) return title;
  const problem = isAbsolute(title) ? "it is absolute" : title.split("/").includes("..") ? 'it has ".."' : null;
  const pointless = title === "." ? "it names no entry of a directory" : null;
  if (problem === null && pointless === null) return safeTitlePath(title);
  throw new PkgError("USAGE", `Cannot push "${path}" under that name: ${problem ?? pointless}`, {
    hint: "Push it from its own directory, give a single file another name with --name, or use --disable-path-validation",
  });
}
