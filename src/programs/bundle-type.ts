import { fileSystemError } from "../fs/errors.ts";
import { streamFile } from "../fs/read-file.ts";
import { BUNDLE_BYTES, bundleType } from "../package/bundle-type.ts";
import { readFacts } from "./program-facts.ts";

/**
 * The type of the program at `path` if its content shows that it is an AppImage or the like, else null. What is declared stays
 * where it is more exact: a `nixappimage` is an AppImage.
 *
 * @throws {PkgError} FILE_SYSTEM, PERMISSION_DENIED
 */
export async function bundleTypeOf(path: string, declared: string): Promise<string | null> {
  try {
    for await (const start of streamFile(path, { pieceBytes: BUNDLE_BYTES })) {
      const type = bundleType(start);
      return type !== null && declared.toLowerCase().endsWith(type) ? null : type;
    }
    return null;
  } catch (error) {
    throw fileSystemError(error, `read "${path}"`);
  }
}

/** The type of a program of which nobody says any: `static`, `dynamic`, or empty for a script. @throws {PkgError} as bundleTypeOf */
export async function programTypeOf(path: string): Promise<string> {
  const facts = await readFacts(path);
  if (facts?.kind !== "elf") return "";
  return facts.interpreter === null ? "static" : "dynamic";
}
