import { byteCount } from "../base/format-bytes.ts";
import { asObject, parseJson } from "../base/json.ts";
import { jsonProblem } from "../base/strict-json.ts";
import { hasCode, PkgError, systemCode } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { readLocalFileSync } from "../fs/read-file.ts";
import { type Credential, locationAndParents, normalizeLocation } from "./credentials.ts";

/** The content of a credential file; secrets are decoded only when one is asked for. */
export interface DockerConfig {
  readonly path: string;
  /** The entries by normalised location. */
  readonly entries: ReadonlyMap<string, unknown>;
  /** Names of helper programs, by registry; an empty name means that there is no helper. */
  readonly helpers: ReadonlyMap<string, string>;
  /** The helper for all registries that are not in `helpers`. */
  readonly defaultHelper: string | null;
}

const MAX_FILE_BYTES = 1024 * 1024;

/**
 * Reads docker's `config.json`, or an `auth.json` of podman and skopeo, which has the same form.
 *
 * @returns null when there is no such file
 * @throws {PkgError} CREDENTIALS_INVALID, PERMISSION_DENIED, FILE_SYSTEM; their messages show none of its content
 * @see containers-auth.json(5)
 */
export function readDockerConfig(path: string): DockerConfig | null {
  const text = readCredentialFile(path);
  return text === null ? null : parseDockerConfig(text, path);
}

/** The text of a credential file; null when there is no such file. @throws {PkgError} as readDockerConfig */
export function readCredentialFile(path: string): string | null {
  try {
    const tooLarge = (bytes: number) => invalid(path, `it has ${byteCount(bytes)}, at most ${MAX_FILE_BYTES} are read`);
    return readLocalFileSync(path, { maxBytes: MAX_FILE_BYTES, tooLarge }).toString("utf8");
  } catch (error) {
    if (systemCode(error) === "EISDIR" || hasCode(error, "FILE_SYSTEM")) throw invalid(path, "it is not a file", error);
    if (["ENOENT", "ENOTDIR"].includes(systemCode(error) ?? "")) return null;
    throw fileSystemError(error, `read credentials "${path}"`);
  }
}

/** Decodes the text of a credential file; `path` is for messages. @throws {PkgError} CREDENTIALS_INVALID */
export function parseDockerConfig(text: string, path: string): DockerConfig {
  const document = asObject(parseCredentialJson(text, path));
  if (document === null) throw invalid(path, "it is not a JSON object");
  const helper = document["credsStore"] ?? "";
  if (typeof helper !== "string") throw invalid(path, '"credsStore" is not text');
  return {
    path,
    entries: byLocation(section(document, "auths", path)),
    helpers: helpersOf(section(document, "credHelpers", path), path),
    defaultHelper: helper === "" ? null : helper,
  };
}

/** Parses a credential file; errors never quote its text, perhaps a secret. @throws {PkgError} CREDENTIALS_INVALID */
export function parseCredentialJson(text: string, path: string): unknown {
  if (text.trim() === "") return {};
  return parseJson(text, (cause) => invalid(path, jsonProblem(cause)));
}

/**
 * The credential that the file itself holds for a location: for `quay.io/org/app` that of `quay.io/org/app`, else of
 * `quay.io/org`, else of `quay.io`.
 *
 * @throws {PkgError} CREDENTIALS_INVALID
 */
export function findCredential(config: DockerConfig, location: string): Credential | null {
  const keys = locationAndParents(normalizeLocation(location));
  const key = keys.find((candidate) => config.entries.has(candidate));
  if (key === undefined) return null;
  return decodeEntry(config.entries.get(key), (problem) => invalid(config.path, `its entry "${key}" ${problem}`));
}

/** The helper program that keeps a registry's credentials; null when the file itself holds them. */
export function helperFor(config: DockerConfig, registry: string): string | null {
  const own = config.helpers.get(normalizeLocation(registry));
  return own === undefined ? config.defaultHelper : own || null;
}

/** A key in its plain form takes precedence over other keys that mean the same. */
function byLocation(section: Readonly<Record<string, unknown>>): ReadonlyMap<string, unknown> {
  const entries = new Map<string, unknown>();
  for (const [key, value] of Object.entries(section)) {
    const location = normalizeLocation(key);
    if (key === location || !entries.has(location)) entries.set(location, value);
  }
  return entries;
}

function helpersOf(section: Readonly<Record<string, unknown>>, path: string): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(section).map(([key, value]) => {
      if (typeof value !== "string") throw invalid(path, `its "credHelpers" has no name for "${key}"`);
      return [normalizeLocation(key), value];
    }),
  );
}

function section(document: Readonly<Record<string, unknown>>, name: string, path: string) {
  const value = asObject(document[name] ?? {});
  if (value === null) throw invalid(path, `its "${name}" is not a JSON object`);
  return value;
}

type Complain = (problem: string) => PkgError;

/** A registry token takes precedence over an identity token, and that over a password. */
function decodeEntry(value: unknown, complain: Complain): Credential | null {
  const entry = asObject(value ?? {});
  if (entry === null) throw complain("is not a JSON object");
  const field = (name: string): string => {
    const text = entry[name] ?? "";
    if (typeof text !== "string") throw complain(`has a "${name}" that is not text`);
    return text;
  };
  const [registryToken, identityToken] = [field("registrytoken"), field("identitytoken")];
  if (registryToken !== "") return { kind: "bearer", token: sendable(registryToken, complain) };
  if (identityToken !== "") return { kind: "identity-token", token: identityToken };
  if (field("auth") !== "") return decodeAuth(field("auth"), complain);
  const [username, password] = [field("username"), field("password")];
  return username === "" && password === "" ? null : { kind: "basic", username, password };
}

/** A registry token is sent as the value of a header, so it must have no other characters. */
function sendable(token: string, complain: Complain): string {
  if (!/^[\x21-\x7e]+$/.test(token)) throw complain('has a "registrytoken" that cannot be sent');
  return token;
}

function decodeAuth(text: string, complain: Complain): Credential {
  const decoded = Buffer.from(text, "base64").toString("utf8").replace(/\0+$/, "");
  const colon = decoded.indexOf(":");
  if (!/^[A-Za-z0-9+/_-]+=*\s*$/.test(text) || colon < 0)
    throw complain('has an "auth" that is not base64 of "name:password"');
  return { kind: "basic", username: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}

function invalid(path: string, problem: string, cause?: unknown): PkgError {
  return new PkgError("CREDENTIALS_INVALID", `Cannot use credentials "${path}": ${problem}`, {
    hint: "Correct the file, or move it away and run `pkg login REGISTRY`",
    cause,
  });
}
