import { dirname } from "node:path";
import { byteCount } from "../base/format-bytes.ts";
import { PkgError, systemCode } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { readLocalFileSync } from "../fs/read-file.ts";
import type { ConfigFile } from "../generated/config-schema.js";
import { validateConfig } from "../generated/config-schema.js";
import { atLine, decodeToml, nearestLine, type TomlText } from "./toml.ts";

/** A table `[repositories.NAME]` of the config file. */
export type WrittenRepository = NonNullable<ConfigFile["repositories"]>[string];

const MAX_CONFIG_BYTES = 1024 * 1024;

/**
 * Reads and checks `config.toml`. A missing file is an empty configuration, unless it has to exist.
 *
 * @param namedBy the option or variable that its path comes from; null: a default
 *
 * @throws {PkgError} CONFIG_INVALID
 */
export function readConfigFile(
  path: string,
  { mustExist, namedBy = null }: { readonly mustExist: boolean; readonly namedBy?: string | null } = {
    mustExist: false,
  },
): { readonly text: string; readonly config: ConfigFile } {
  const text = readText(path, namedBy);
  if (text === null && mustExist) throw missing(path, namedBy);
  if (text === null) return { text: "", config: {} };
  return { text, config: parseConfig(text, path) };
}

/** Decodes the text of a config file; `path` is for messages. */
export function parseConfig(text: string, path: string): ConfigFile {
  return decodeToml({ path, text }, { validate: validateConfig, help: "`pkg config --help` has every key" });
}

function missing(path: string, namedBy: string | null): PkgError {
  return new PkgError("CONFIG_INVALID", `Cannot read "${path}": there is no such file`, {
    hint: `Check the path in ${namedBy ?? "--config"}; without it the config file may be missing`,
  });
}

/** Null if there is no such file. */
function readText(path: string, namedBy: string | null): string | null {
  try {
    const tooLarge = (bytes: number) =>
      new PkgError(
        "CONFIG_INVALID",
        `Cannot read "${path}": it is ${byteCount(bytes)}, at most ${MAX_CONFIG_BYTES} allowed`,
      );
    return readLocalFileSync(path, { maxBytes: MAX_CONFIG_BYTES, tooLarge }).toString("utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    if (error instanceof PkgError) throw error;
    const known = fileSystemError(error, `read "${path}"`);
    if (namedBy !== null && systemCode(error) === "ENOTDIR") {
      throw new PkgError("CONFIG_INVALID", known.message, { hint: `Check the path in ${namedBy}`, cause: error });
    }
    const hint = systemCode(error) === "EACCES" ? deniedHint(path) : known instanceof PkgError ? known.hint : undefined;
    throw new PkgError("CONFIG_INVALID", known.message, hint === undefined ? { cause: error } : { hint, cause: error });
  }
}

function deniedHint(path: string): string {
  return `See whose it is with \`ls -ld ${dirname(path)} ${path}\`; what \`sudo pkg\` made in your home belongs to root: \`sudo chown -R\` gives it to you`;
}

/** A config file that was read, for messages about what is in it. */
export type ReadConfigFile = TomlText;

/**
 * Adds to the error for a value that cannot be used where it is: in which file, and the line of the first of `keys` that has one.
 *
 * @throws {PkgError} what `work` throws
 */
export function inConfigFile<T>(
  { path, text }: ReadConfigFile,
  keys: readonly (readonly string[])[],
  work: () => T,
): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof PkgError)) throw error;
    const line = keys.map((key) => nearestLine(text, key)).find((found) => found !== null) ?? null;
    const place = `It is in "${path}"${atLine(line)}`;
    const hint = error.hint === undefined ? place : `${place}. ${error.hint}`;
    throw new PkgError(error.code, error.message, { hint, cause: error });
  }
}
