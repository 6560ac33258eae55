import { parseExactJson } from "../base/exact-json.ts";
import { asObject } from "../base/json.ts";
import { PkgError } from "../errors.ts";
import { rewriteFile } from "../fs/rewrite-file.ts";
import { type Credential, normalizeLocation, serverUrlOf } from "./credentials.ts";
import { parseCredentialJson, readCredentialFile } from "./docker-config.ts";

type Fields = Readonly<Record<string, unknown>>;

const NEW_FILE_MODE = 0o600;
/** A group may have been let in on purpose; nobody lets everybody read passwords. */
const MOST_BITS = 0o660;
/** The indentation that docker uses. */
const DEFAULT_INDENT = "\t";

/**
 * Writes a registry's entry in a credential file. Null writes an empty entry, which means that a helper keeps the
 * credential.
 *
 * @throws {PkgError} CREDENTIALS_INVALID, PERMISSION_DENIED, DISK_FULL, FILE_SYSTEM
 */
export function writeEntry(path: string, registry: string, credential: Credential | null): void {
  change(path, (auths) => {
    const key = keysOf(auths, registry)[0] ?? serverUrlOf(registry);
    return { ...auths, [key]: { ...keptFields(auths[key]), ...entryOf(credential) } };
  });
}

/** Removes all entries of a registry from a credential file; true if there was one. @throws {PkgError} as writeEntry */
export function removeEntries(path: string, registry: string): boolean {
  let found = false;
  change(path, (auths) => {
    const gone = keysOf(auths, registry);
    found = gone.length > 0;
    return found ? Object.fromEntries(Object.entries(auths).filter(([key]) => !gone.includes(key))) : null;
  });
  return found;
}

/** Whether a credential file has an entry of a registry. @throws {PkgError} CREDENTIALS_INVALID, PERMISSION_DENIED, FILE_SYSTEM */
export function hasEntries(path: string, registry: string): boolean {
  let found = false;
  change(path, (auths) => {
    found = keysOf(auths, registry).length > 0;
    return null;
  });
  return found;
}

/** Edits a file: every other field stays as it was, and the file is written only when something changes. */
function change(path: string, edit: (auths: Fields) => Fields | null): void {
  const text = readCredentialFile(path);
  if (text !== null) parseCredentialJson(text, path);
  const document = text === null || text.trim() === "" ? {} : asObject(parseExactJson(text));
  const auths = asObject(document?.["auths"] ?? {});
  if (document === null || auths === null) {
    throw new PkgError(
      "CREDENTIALS_INVALID",
      `Cannot change credentials "${path}": it is not a JSON object of "auths"`,
    );
  }
  const edited = edit(auths);
  if (edited === null) return;
  const written = JSON.stringify({ ...document, auths: edited }, null, indentOf(text));
  rewriteFile(path, `${written}\n`, { newMode: NEW_FILE_MODE, most: MOST_BITS });
}

function indentOf(text: string | null): string {
  return /^\{\r?\n([ \t]+)"/.exec(text ?? "")?.[1] ?? DEFAULT_INDENT;
}

function keysOf(auths: Fields, registry: string): readonly string[] {
  const location = normalizeLocation(registry);
  return Object.keys(auths).filter((key) => normalizeLocation(key) === location);
}

function keptFields(entry: unknown): Fields {
  const secrets = ["auth", "username", "password", "identitytoken", "registrytoken"];
  return Object.fromEntries(Object.entries(asObject(entry ?? {}) ?? {}).filter(([name]) => !secrets.includes(name)));
}

function entryOf(credential: Credential | null): Fields {
  switch (credential?.kind) {
    case undefined:
      return {};
    case "basic":
      return { auth: Buffer.from(`${credential.username}:${credential.password}`).toString("base64") };
    case "identity-token":
      return { identitytoken: credential.token };
    case "bearer":
      return { registrytoken: credential.token };
  }
}
