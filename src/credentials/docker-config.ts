import { readFileSync, statSync } from "node:fs";
import { asObject, parseJson } from "../base/json.ts";
import { PkgError, systemCode } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { type Credential, locationAndParents, normalizeLocation } from "./credentials.ts";

/** What a credential file says; secrets stay as they were read until one is asked for. */
export interface DockerConfig {
  readonly path: string;
  /** By normalised location. */
  readonly entries: ReadonlyMap<string, unknown>;
  /** Names of helper programs, by registry; an empty one stands for none. */
  readonly helpers: ReadonlyMap<string, string>;
  /** The helper of all registries that `helpers` lacks. */
  readonly defaultHelper: string | null;
}

const MAX_FILE_BYTES = 1024 * 1024;

/**
 * Reads docker's `config.json`, or an `auth.json` of podman and skopeo, which has the same form.
 *
 * @returns null when there is no such file
 * @throws {PkgError} CREDENTIALS_INVALID, PERMISSION_DENIED, FILE_SYSTEM; none shows what is in the file
 * @see containers-auth.json(5)
 */
export function readDockerConfig(path: string): DockerConfig | null {
  const text = readCredentialFile(path);
  return text === null ? null : parseDockerConfig(text, path);
}

/** The text of a credential file; null when there is none. @throws {PkgError} as readDockerConfig */
export function readCredentialFile(path: string): string | null {
  try {
    const stats = statSync(path);
    if (!stats.isFile()) throw invalid(path, "it is no file");
    if (stats.size > MAX_FILE_BYTES)
      throw invalid(path, `it has ${stats.size} bytes, at most ${MAX_FILE_BYTES} are read`);
    return readFileSync(path, "utf8");
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(systemCode(error) ?? "")) return null;
    throw fileSystemError(error, `read credentials "${path}"`);
  }
}

/** @throws {PkgError} CREDENTIALS_INVALID */
export function parseDockerConfig(text: string, path: string): DockerConfig {
  const document = asObject(parseCredentialJson(text, path));
  if (document === null) throw invalid(path, "it is no JSON object");
  const helper = document["credsStore"] ?? "";
  if (typeof helper !== "string") throw invalid(path, '"credsStore" is no text');
  return {
    path,
    entries: byLocation(section(document, "auths", path)),
    helpers: helpersOf(section(document, "credHelpers", path), path),
    defaultHelper: helper === "" ? null : helper,
  };
}

/** Parses a credential file. The parser's message may quote a secret, so it is left out. @throws {PkgError} CREDENTIALS_INVALID */
export function parseCredentialJson(text: string, path: string): unknown {
  if (text.trim() === "") return {};
  return parseJson(text, () => invalid(path, "it is not JSON"));
}

/**
 * The credential of the file's own entry for a location: for `quay.io/org/app` that of `quay.io/org/app`, else `quay.io/org`,
 * else `quay.io`.
 *
 * @throws {PkgError} CREDENTIALS_INVALID
 */
export function findCredential(config: DockerConfig, location: string): Credential | null {
  const keys = locationAndParents(normalizeLocation(location));
  const key = keys.find((candidate) => config.entries.has(candidate));
  if (key === undefined) return null;
  return decodeEntry(config.entries.get(key), (problem) => invalid(config.path, `its entry "${key}" ${problem}`));
}

/** The helper program that keeps a registry's credentials; null: the file does itself. */
export function helperFor(config: DockerConfig, registry: string): string | null {
  const own = config.helpers.get(normalizeLocation(registry));
  return own === undefined ? config.defaultHelper : own || null;
}

/** A key that is written in its plain form comes before others that mean the same. */
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
  if (value === null) throw invalid(path, `its "${name}" is no JSON object`);
  return value;
}

type Complain = (problem: string) => PkgError;

/** A token that was given outright comes before one to be exchanged, that before a password. */
function decodeEntry(value: unknown, complain: Complain): Credential | null {
  const entry = asObject(value ?? {});
  if (entry === null) throw complain("is no JSON object");
  const field = (name: string): string => {
    const text = entry[name] ?? "";
    if (typeof text !== "string") throw complain(`has a "${name}" that is no text`);
    return text;
  };
  const [registryToken, identityToken] = [field("registrytoken"), field("identitytoken")];
  if (registryToken !== "") return { kind: "bearer", token: sendable(registryToken, complain) };
  if (identityToken !== "") return { kind: "identity-token", token: identityToken };
  if (field("auth") !== "") return decodeAuth(field("auth"), complain);
  const [username, password] = [field("username"), field("password")];
  return username === "" && password === "" ? null : { kind: "basic", username, password };
}

/** It becomes a header's value as it is. */
function sendable(token: string, complain: Complain): string {
  if (!/^[\x21-\x7e]+$/.test(token)) throw complain('has a "registrytoken" that cannot be sent');
  return token;
}

function decodeAuth(text: string, complain: Complain): Credential {
  const decoded = Buffer.from(text, "base64").toString("utf8").replace(/\0+$/, "");
  const colon = decoded.indexOf(":");
  if (!/^[A-Za-z0-9+/_-]+=*\s*$/.test(text) || colon < 0)
    throw complain('has an "auth" that is no base64 of "name:password"');
  return { kind: "basic", username: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}

function invalid(path: string, problem: string): PkgError {
  return new PkgError("CREDENTIALS_INVALID", `Cannot use credentials "${path}": ${problem}`, {
    hint: "Correct the file, or move it away and run `pkg login REGISTRY`",
  });
}
