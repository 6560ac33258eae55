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
 * Splits `FILE[:mediatype]` at its last colon, when a media type follows it. A file whose own name ends so is named
 * with a colon at its end: `a:b/c:`.
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

/** `REF:tag1,tag2`: the reference with its first tag, and the others. */
export interface TaggedReference {
  readonly reference: string;
  readonly otherTags: readonly string[];
}

/** @throws {PkgError} REFERENCE_INVALID */
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
      `Cannot use "${text}": tag is "${tag}", expected at most 128 of letters, digits, "_", "." and "-"`,
    );
  }
  return { reference: `${text.slice(0, colon)}:${first}`, otherTags: [...new Set(others)] };
}

export interface TitleOptions {
  /** Keeps what leaves the directory as it was typed. */
  readonly anyPath: boolean;
}

/**
 * The title of a file that was typed as `path`: the same without `.` and doubled slashes.
 *
 * @throws {PkgError} USAGE for what no one could pull into a directory, unless that is wanted
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
