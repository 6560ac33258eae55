import { dirname } from "node:path";
import { parse, TomlError } from "smol-toml";
import { byteCount } from "../base/format-bytes.ts";
import { expectationOf, pointerSegments, TOML_TYPES, valueAt } from "../base/schema-words.ts";
import { querySecrets } from "../base/secret-patterns.ts";
import { PkgError, systemCode } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { readLocalFileSync } from "../fs/read-file.ts";
import type { ConfigFile, SchemaError } from "../generated/config-schema.js";
import { validateConfig } from "../generated/config-schema.js";
import { nearest } from "../package/nearest.ts";
import { keyLine, tableLine } from "./key-lines.ts";

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
  const value = parseToml(text, path);
  if (validateConfig(value)) return value;
  const [error] = validateConfig.errors ?? [];
  const line = error === undefined ? null : nearestLine(text, misfitKey(error));
  throw new PkgError("CONFIG_INVALID", `Cannot read "${path}"${atLine(line)}: ${describe(error, value)}`, {
    hint: suggestion(error) ?? "See `pkg config --help` for every key",
  });
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

function parseToml(text: string, path: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = error.message.split("\n", 1)[0]?.replace(/^Invalid TOML document: /, "") ?? "";
    const place = `line ${error.line}, column ${error.column}`;
    const line = text.split("\n")[error.line - 1]?.trim().slice(0, MAX_SHOWN_CHARACTERS) ?? "";
    // An address may hold a token.
    const shown = querySecrets(line).length > 0 || line === "" ? "" : `, in \`${line}\``;
    throw new PkgError("CONFIG_INVALID", `Cannot read "${path}", ${place}: ${reason}${shown}`, {
      cause: error,
      hint: "It is TOML: text stands in quotes, a table begins with [its.name]; `pkg config --help` has every key",
    });
  }
}

const MAX_SHOWN_CHARACTERS = 80;

function atLine(line: number | null): string {
  return line === null ? "" : `, line ${line}`;
}

/** The line of a key, or else of the closest one above it that is on a line of its own. */
function nearestLine(text: string, key: readonly string[]): number | null {
  for (let length = key.length; length > 0; length -= 1) {
    const line = keyLine(text, key.slice(0, length)) ?? tableLine(text, key.slice(0, length));
    if (line !== null) return line;
  }
  return null;
}

function misfitKey({ instancePath, params, propertyName }: SchemaError): readonly string[] {
  const unknown = params["additionalProperty"];
  const last = typeof unknown === "string" ? unknown : propertyName;
  return [...pointerSegments(instancePath), ...(last === undefined ? [] : [last])];
}

function describe(error: SchemaError | undefined, value: unknown): string {
  if (error === undefined) return "it does not match the schema";
  const key = keyPath(pointerSegments(error.instancePath));
  const { additionalProperty, missingProperty } = error.params;
  if (typeof additionalProperty === "string") {
    return `key "${additionalProperty}" is unknown${key === "" ? "" : ` in [${key}]`}`;
  }
  if (typeof missingProperty === "string") return `[${key}] has no key "${missingProperty}"`;
  if (error.propertyName !== undefined) {
    return `"${error.propertyName}" cannot be the name of one of its ${key}, expected letters, digits, and "." "_" "-"`;
  }
  return `${key === "" ? "it" : key}${expectationOf(error, TOML_TYPES)}, found ${JSON.stringify(valueAt(value, error.instancePath))}`;
}

function suggestion(error: SchemaError | undefined): string | undefined {
  const unknownKey = error?.params["additionalProperty"];
  if (typeof unknownKey !== "string") return undefined;
  const known = Object.keys(error?.parentSchema?.properties ?? {});
  const [guess] = nearest(unknownKey, known, 1);
  return guess === undefined ? `Known keys: ${known.join(", ")}` : `Did you mean "${guess}"?`;
}

function keyPath(segments: readonly string[]): string {
  return segments.map((segment) => (/^[\w-]+$/.test(segment) ? segment : `"${segment}"`)).join(".");
}

/** A config file that was read, for messages about what is in it. */
export interface ReadConfigFile {
  readonly path: string;
  readonly text: string;
}

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
