import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { byteCount } from "../base/format-bytes.ts";
import type { TomlText } from "../config/toml.ts";
import { PkgError, systemCode } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { exposedError, fileExposure } from "../fs/exposure.ts";
import { readLocalFileSync } from "../fs/read-file.ts";
import { readBrewfile } from "./brewfile.ts";
import type { Declaration } from "./declaration.ts";
import { readPackagesFile } from "./packages-file.ts";

/** What a file that declares packages is called. */
export const PACKAGES_FILE = "packages.toml";
const MAX_BYTES = 1024 * 1024;

/** Where files that declare packages are looked for. */
export interface DeclarationPlace {
  /** Where a person is: a project's own file is there, or in a directory above. */
  readonly directory: string;
  /** The path of `config.toml`: the user-wide file is beside it. */
  readonly configFile: string;
}

/** The user-wide file. */
export function userFile({ configFile }: Pick<DeclarationPlace, "configFile">): string {
  return join(dirname(configFile), PACKAGES_FILE);
}

/** A project's own file: in `directory`, or the closest one above; null: there is none. */
export function projectFile(directory: string): string | null {
  const path = join(directory, PACKAGES_FILE);
  if (existsSync(path)) return path;
  return dirname(directory) === directory ? null : projectFile(dirname(directory));
}

/**
 * The file that is meant where none is named: the project's own, else the user-wide one, which need not exist.
 *
 * @throws {PkgError} PERMISSIONS_UNSAFE for a file of a project that others may write, and that nobody named
 */
export function meantFile(place: DeclarationPlace): string {
  const own = projectFile(place.directory);
  if (own === null || own === userFile(place)) return userFile(place);
  const exposure = fileExposure(own);
  if (exposure?.isCertain !== true) return own;
  const { code, message, hint } = exposedError(exposure);
  throw new PkgError(code, message, { hint: `${hint ?? ""}. To use it all the same, name it` });
}

/**
 * Reads the file that is named, or else meant: a Brewfile if it is called so, else `packages.toml`.
 *
 * @throws {PkgError} CONFIG_INVALID; as meantFile
 */
export function readDeclaration(place: DeclarationPlace, named: string | null): Declaration {
  const path = named === null ? meantFile(place) : resolve(place.directory, named);
  const text = readText(path);
  if (text === null) throw named === null ? nowhere(place) : missing(path);
  return declarationIn({ path, text });
}

/** Decodes the text of a file, by what the file is called. @throws {PkgError} CONFIG_INVALID */
export function declarationIn(file: TomlText): Declaration {
  return /^\.?brewfile(?:\.|$)|\.brewfile$/i.test(basename(file.path)) ? readBrewfile(file) : readPackagesFile(file);
}

/** The text of a file; null if there is no such file. @throws {PkgError} CONFIG_INVALID */
export function readText(path: string): string | null {
  const tooLarge = (bytes: number) =>
    new PkgError("CONFIG_INVALID", `Cannot read "${path}": it is ${byteCount(bytes)}, at most ${MAX_BYTES} allowed`);
  try {
    return readLocalFileSync(path, { maxBytes: MAX_BYTES, tooLarge }).toString("utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    if (error instanceof PkgError) throw error;
    throw new PkgError("CONFIG_INVALID", fileSystemError(error, `read "${path}"`).message, { cause: error });
  }
}

const WRITE_ONE = `\`pkg export -o ${PACKAGES_FILE}\` writes one from what is installed`;

function missing(path: string): PkgError {
  return new PkgError("CONFIG_INVALID", `Cannot read "${path}": there is no such file`, { hint: WRITE_ONE });
}

function nowhere(place: DeclarationPlace): PkgError {
  const where = `in "${place.directory}" or above it, and none is at "${userFile(place)}"`;
  return new PkgError("CONFIG_INVALID", `Cannot find ${PACKAGES_FILE}: there is none ${where}`, { hint: WRITE_ONE });
}
