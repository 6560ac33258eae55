import { fileSystemError } from "../fs/errors.ts";
import { readStartSync } from "../fs/read-start.ts";
import { BUNDLE_BYTES, bundleType } from "../package/bundle-type.ts";
import { readFacts } from "./program-facts.ts";

/**
 * The type of the program at `path` if its content shows that it is an AppImage or the like, else null. What is declared stays
 * where it is more exact: a `nixappimage` is an AppImage.
 *
 * @throws {PkgError} FILE_SYSTEM, PERMISSION_DENIED
 */
export function bundleTypeOf(path: string, declared: string): string | null {
  try {
    const type = bundleType(readStartSync(path, BUNDLE_BYTES));
    return type !== null && declared.toLowerCase().endsWith(type) ? null : type;
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
