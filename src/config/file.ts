import { dirname } from "node:path";
import { parse } from "smol-toml";
import { PkgError, systemCode } from "../errors.ts";
import { readLocalFileSync } from "../fs/read-file.ts";
import type { ConfigFile, SchemaError } from "../generated/config-schema.js";
import { validateConfig } from "../generated/config-schema.js";
import { nearest } from "../package/nearest.ts";

const MAX_CONFIG_BYTES = 1024 * 1024;

/**
 * Reads and checks `config.toml`. A missing file is an empty configuration, unless it has to exist.
 *
 * @throws {PkgError} CONFIG_INVALID
 */
export function readConfigFile(
  path: string,
  { mustExist }: { readonly mustExist: boolean } = { mustExist: false },
): { readonly text: string; readonly config: ConfigFile } {
  const text = readText(path);
  if (text === null && mustExist) throw missing(path);
  if (text === null) return { text: "", config: {} };
  return { text, config: parseConfig(text, path) };
}

/** Decodes the text of a config file; `path` is for messages. */
export function parseConfig(text: string, path: string): ConfigFile {
  const value = parseToml(text, path);
  if (validateConfig(value)) return value;
  const [error] = validateConfig.errors ?? [];
  throw new PkgError("CONFIG_INVALID", `Cannot read "${path}": ${describe(error, value)}`, {
    hint: suggestion(error) ?? "See `pkg config --help` for every key",
  });
}

function missing(path: string): PkgError {
  return new PkgError("CONFIG_INVALID", `Cannot read "${path}": there is no such file`, {
    hint: "Check --config and PKG_CONFIG; without them the config file may be missing",
  });
}

/** Null if there is no such file. */
function readText(path: string): string | null {
  try {
    const tooLarge = (bytes: number) =>
      new PkgError(
        "CONFIG_INVALID",
        `Cannot read "${path}": it is ${bytes} bytes, at most ${MAX_CONFIG_BYTES} allowed`,
      );
    return readLocalFileSync(path, { maxBytes: MAX_CONFIG_BYTES, tooLarge }).toString("utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    if (error instanceof PkgError) throw error;
    const code = systemCode(error) ?? "unknown error";
    const hint = code === "EACCES" ? { hint: deniedHint(path) } : {};
    throw new PkgError("CONFIG_INVALID", `Cannot read "${path}": ${code}`, { ...hint, cause: error });
  }
}

function deniedHint(path: string): string {
  return `See whose it is with \`ls -ld ${dirname(path)} ${path}\`; what \`sudo pkg\` made in your home belongs to root: \`sudo chown -R\` gives it to you`;
}

function parseToml(text: string, path: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : "";
    throw new PkgError("CONFIG_INVALID", `Cannot read "${path}": ${reason}`, { cause: error });
  }
}

function describe(error: SchemaError | undefined, value: unknown): string {
  if (error === undefined) return "it does not match the schema";
  const where = error.instancePath === "" ? "" : `${keyPath(error.instancePath)}: `;
  const unknownKey = error.params["additionalProperty"];
  if (typeof unknownKey === "string") return `${where}key "${unknownKey}" is unknown`;
  return `${where}${error.message ?? "is invalid"}, found ${JSON.stringify(valueAt(value, error.instancePath))}`;
}

function suggestion(error: SchemaError | undefined): string | undefined {
  const unknownKey = error?.params["additionalProperty"];
  if (typeof unknownKey !== "string") return undefined;
  const known = Object.keys(error?.parentSchema?.properties ?? {});
  const [guess] = nearest(unknownKey, known, 1);
  return guess === undefined ? `Known keys: ${known.join(", ")}` : `Did you mean "${guess}"?`;
}

function pointerSegments(pointer: string): readonly string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function keyPath(pointer: string): string {
  return pointerSegments(pointer)
    .map((segment) => (/^[\w-]+$/.test(segment) ? segment : `"${segment}"`))
    .join(".");
}

function valueAt(value: unknown, pointer: string): unknown {
  let current = value;
  for (const segment of pointerSegments(pointer)) {
    if (typeof current !== "object" || current === null) return undefined;
    current = Object.entries(current).find(([key]) => key === segment)?.[1];
  }
  return current;
}

/** Adds to the error for a value that cannot be used which file it is in. @throws {PkgError} what `work` throws */
export function inConfigFile<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof PkgError)) throw error;
    const place = `It is in "${path}"`;
    const hint = error.hint === undefined ? place : `${place}. ${error.hint}`;
    throw new PkgError(error.code, error.message, { hint, cause: error });
  }
}
