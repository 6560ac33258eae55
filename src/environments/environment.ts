import { isObject, parseJsonOrNull } from "../base/json.ts";
import { systemCode } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { readLocalFileSync } from "../fs/read-file.ts";

/** A package in an environment. */
export interface EnvironmentPackage {
  readonly name: string;
  readonly version: string;
  /** Null for a direct reference. */
  readonly repository: string | null;
  readonly reference: string;
  /** Of its program, or of the archive that it came in: "sha256:…". */
  readonly digest: string;
  /** Bytes of its files. */
  readonly sizeBytes: number;
  readonly isDependency: boolean;
  /** Names in the environment's `bin`. */
  readonly programs: readonly string[];
}

/** Packages in one directory, to be run and never changed: `bin/` in it goes on PATH. Nothing is recorded as installed. */
export interface Environment {
  /** Absolute. */
  readonly directory: string;
  /** Hex SHA-256 of all that decides its content. */
  readonly key: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly packages: readonly EnvironmentPackage[];
}

/** What an environment is known by: written last, so that a directory that has it is whole. */
export const RECORD_NAME = "environment.json";

const SCHEMA_VERSION = 1;
const MAX_RECORD_BYTES = 4 * 1024 * 1024;

/** The text of an environment's own record. */
export function recordText({ key, createdAt, packages }: Omit<Environment, "directory">): string {
  return `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, key, createdAt, packages }, null, 1)}\n`;
}

/** The environment in a directory; null when there is none, or none that this program understands. @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM */
export function readEnvironment(directory: string): Environment | null {
  const record = parseJsonOrNull(readRecord(`${directory}/${RECORD_NAME}`));
  if (!isObject(record) || record["schemaVersion"] !== SCHEMA_VERSION) return null;
  const { key, createdAt, packages } = record;
  if (typeof key !== "string" || typeof createdAt !== "string" || !Array.isArray(packages)) return null;
  const decoded = packages.map(decodePackage);
  return decoded.includes(null) ? null : { directory, key, createdAt, packages: decoded.filter((one) => one !== null) };
}

function readRecord(path: string): Uint8Array {
  try {
    return readLocalFileSync(path, { maxBytes: MAX_RECORD_BYTES });
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(systemCode(error) ?? "")) return Buffer.alloc(0);
    throw fileSystemError(error, `read "${path}"`);
  }
}

function decodePackage(item: unknown): EnvironmentPackage | null {
  if (!isObject(item)) return null;
  const { name, version, repository, reference, digest, sizeBytes, isDependency, programs } = item;
  const isWhole =
    typeof name === "string" &&
    typeof version === "string" &&
    (repository === null || typeof repository === "string") &&
    typeof reference === "string" &&
    typeof digest === "string" &&
    typeof sizeBytes === "number" &&
    typeof isDependency === "boolean" &&
    isTexts(programs);
  return isWhole ? { name, version, repository, reference, digest, sizeBytes, isDependency, programs } : null;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
