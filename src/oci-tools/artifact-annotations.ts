import { byteCount } from "../base/format-bytes.ts";
import { asObject, type JsonObject, parseJson } from "../base/json.ts";
import { jsonProblem } from "../base/strict-json.ts";
import { PkgError } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { readLocalFileSync } from "../fs/read-file.ts";
import { decodeAnnotations } from "../oci/decode-descriptor.ts";

const MAX_FILE_BYTES = 4 * 1024 * 1024;
const MANIFEST_KEY = "$manifest";
const CONFIG_KEY = "$config";

type Annotations = Readonly<Record<string, string>>;

/** The annotations of an artifact and its parts. */
export interface ArtifactAnnotations {
  readonly manifest: Annotations;
  readonly config: Annotations;
  /** Keyed by the file as it was typed, or by its title. */
  readonly files: ReadonlyMap<string, Annotations>;
}

/**
 * Reads annotations from `KEY=VALUE` words and from a file in oras's format,
 * `{"$manifest": {}, "$config": {}, "FILE": {}}`; the words take precedence.
 *
 * @throws {PkgError} USAGE for a malformed word or file; FILE_SYSTEM, PERMISSION_DENIED
 */
export function readAnnotations(words: readonly string[], file: string | null): ArtifactAnnotations {
  const { [MANIFEST_KEY]: manifest = {}, [CONFIG_KEY]: config = {}, ...files } = file === null ? {} : readFile(file);
  return {
    manifest: { ...manifest, ...Object.fromEntries(words.map(parseWord)) },
    config,
    files: new Map(Object.entries(files)),
  };
}

function parseWord(word: string): readonly [string, string] {
  const equals = word.indexOf("=");
  if (equals > 0) return [word.slice(0, equals), word.slice(equals + 1)];
  throw new PkgError("USAGE", `Cannot use annotation "${word}": expected KEY=VALUE`);
}

function readFile(path: string): Readonly<Record<string, Annotations>> {
  const document = parse(path, readBytes(path));
  const entries = Object.entries(document).map(([key, value]) => {
    try {
      return [key, decodeAnnotations(value, `"${key}"`)] as const;
    } catch (cause) {
      throw unusable(path, `expected "${key}" to be an object of strings`, cause);
    }
  });
  return Object.fromEntries(entries);
}

function parse(path: string, text: string): JsonObject {
  const object = asObject(parseJson(text, (cause) => unusable(path, jsonProblem(cause), cause)));
  if (object === null) throw unusable(path, "it is not an object");
  return object;
}

function readBytes(path: string): string {
  try {
    const tooLarge = (bytes: number) =>
      unusable(path, `it has ${byteCount(bytes)}, expected at most ${MAX_FILE_BYTES}`);
    return readLocalFileSync(path, { maxBytes: MAX_FILE_BYTES, tooLarge }).toString("utf8");
  } catch (error) {
    throw fileSystemError(error, `read "${path}"`);
  }
}

function unusable(path: string, problem: string, cause?: unknown): PkgError {
  return new PkgError("USAGE", `Cannot use annotation file "${path}": ${problem}`, {
    hint: 'Expected something like {"$manifest": {"key": "value"}, "$config": {}, "FILE": {"key": "value"}}',
    cause,
  });
}
