import { parse, TomlError } from "smol-toml";
import { expectationOf, pointerSegments, TOML_TYPES, valueAt } from "../base/schema-words.ts";
import { querySecrets } from "../base/secret-patterns.ts";
import { PkgError } from "../errors.ts";
import type { SchemaError, Validator } from "../generated/config-schema.js";
import { nearest } from "../package/nearest.ts";
import { keyLine, tableLine } from "./key-lines.ts";

/** A TOML file that was read, for messages about what is in it. */
export interface TomlText {
  readonly path: string;
  readonly text: string;
}

/**
 * Decodes a TOML file by its schema: what does not fit is named by file, line, key, what was expected and what was found.
 *
 * @param help where its keys are explained, as the end of a hint
 * @throws {PkgError} CONFIG_INVALID
 */
export function decodeToml<T>(
  file: TomlText,
  { validate, help }: { readonly validate: Validator<T>; readonly help: string },
): T {
  const value = parseToml(file, help);
  if (validate(value)) return value;
  const [error] = validate.errors ?? [];
  const line = error === undefined ? null : nearestLine(file.text, misfitKey(error));
  throw new PkgError("CONFIG_INVALID", `Cannot read "${file.path}"${atLine(line)}: ${describe(error, value)}`, {
    hint: suggestion(error) ?? `${help.slice(0, 1).toUpperCase()}${help.slice(1)}`,
  });
}

/**
 * Parses TOML. @param help where the keys are explained, as the end of a hint
 * @throws {PkgError} CONFIG_INVALID
 */
export function parseToml({ path, text }: TomlText, help: string): unknown {
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
      hint: `It is TOML: text stands in quotes, a table begins with [its.name]; ${help}`,
    });
  }
}

const MAX_SHOWN_CHARACTERS = 80;

/** `, line 3`; nothing where the line is not known. */
export function atLine(line: number | null): string {
  return line === null ? "" : `, line ${line}`;
}

/** The line of a key, or else of the closest one above it that is on a line of its own. */
export function nearestLine(text: string, key: readonly string[]): number | null {
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
