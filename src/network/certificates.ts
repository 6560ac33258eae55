import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../config/config.ts";
import type { Origin } from "../config/origins.ts";
import { PkgError, systemCode } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { readLocalFileSync } from "../fs/read-file.ts";

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** More than any system's bundle of authorities has. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;

/**
 * The certificates of further authorities, as PEM: those of `caFile`, and of all files in `caDirectories`; null: none. As
 * for OpenSSL and Go, a directory that is not there, or a file in one that holds no certificate, is passed over.
 *
 * @returns what reads the directories: they may hold hundreds of files, which plain http does without
 * @throws {PkgError} CONFIG_INVALID if `caFile` cannot be read
 */
export function openCertificates({
  caFile,
  caDirectories,
  overrides,
}: Pick<Config, "caFile" | "caDirectories"> & Partial<Pick<Config, "overrides">>): () => string | null {
  const own = caFile === null ? [] : [readNamed(caFile, nameOf(overrides?.caFile))];
  return () => {
    // The same certificate is there under several names, and in a bundle of all of them.
    const found = new Set(caDirectories.flatMap(filesIn).flatMap((path) => readAny(path).match(CERTIFICATE) ?? []));
    const all = [...own, ...found];
    return all.length === 0 ? null : all.join("\n");
  };
}

/** What named the file. */
function nameOf(origin: Origin | undefined): string {
  return origin?.kind === "environment" || origin?.kind === "option" ? origin.name : "--ca-file";
}

function readNamed(path: string, name: string): string {
  try {
    return readLocalFileSync(path, { maxBytes: MAX_FILE_BYTES }).toString("utf8");
  } catch (error) {
    const known = fileSystemError(error, `read certificates "${path}"`);
    if (!(known instanceof PkgError)) throw known;
    throw new PkgError("CONFIG_INVALID", known.message, { hint: `Check the path in ${name}`, cause: error });
  }
}

function filesIn(directory: string): readonly string[] {
  return passingOver([], () => readdirSync(directory).map((name) => join(directory, name)));
}

function readAny(path: string): string {
  return passingOver("", () => {
    const stats = statSync(path);
    return stats.isFile() && stats.size <= MAX_FILE_BYTES
      ? readLocalFileSync(path, { maxBytes: MAX_FILE_BYTES }).toString("latin1")
      : "";
  });
}

function passingOver<T>(fallback: T, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (systemCode(error) === undefined && !(error instanceof PkgError)) throw error;
    return fallback;
  }
}
