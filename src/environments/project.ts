import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Paths } from "../config/paths.ts";
import { allowances } from "../declare/allowances.ts";
import { meantFile, readText, userFile } from "../declare/find-file.ts";
import { lockPath } from "../declare/lock-file.ts";
import { PkgError } from "../errors.ts";
import { removeFile, writeFileAtomic } from "../fs/atomic.ts";
import { openDirectory } from "../fs/directories.ts";
import type { DeclaredTexts } from "../resolve/read-declared.ts";

/** A directory with a file that declares packages. */
export interface Project {
  /** Absolute. */
  readonly directory: string;
  /** The path of its `packages.toml`. */
  readonly file: string;
  /** Whether a lock file lies beside it: then exactly that counts. */
  readonly isLocked: boolean;
  /** Hex SHA-256 of both files. */
  readonly digest: string;
  /** Both files, as they were when this was found: what is allowed is used, whatever they have become since. */
  readonly texts: DeclaredTexts;
}

/**
 * The project that a directory belongs to: the closest one upwards; null: none. The user-wide file is nobody's project.
 *
 * @throws {PkgError} PERMISSIONS_UNSAFE for files that others may write; CONFIG_INVALID when they cannot be read
 */
export function projectAt(directory: string, { configFile }: Pick<Paths, "configFile">): Project | null {
  const file = meantFile({ directory, configFile });
  if (file === userFile({ configFile })) return null;
  const [text, lock] = [readText(file), readText(lockPath(file))];
  // Removed since it was found.
  if (text === null) return null;
  const digest = createHash("sha256")
    .update(JSON.stringify([text, lock]))
    .digest("hex");
  return { directory: dirname(file), file, isLocked: lock !== null, digest, texts: { text, lock } };
}

/** The same where there has to be one. @throws {PkgError} USAGE; as projectAt */
export function expectProject(
  directory: string,
  paths: Pick<Paths, "configFile">,
  hint = "Change to a directory with a packages.toml, or name one",
): Project {
  const project = projectAt(directory, paths);
  if (project !== null) return project;
  throw new PkgError("USAGE", `Cannot find a project: no packages.toml is in "${directory}", or above it`, {
    hint,
  });
}

/** What says that a project may be used by the hook of a shell: it is there for these very files, and no others. */
export function allowancePath({ stateDatabase }: Pick<Paths, "stateDatabase">, { file, digest }: Project): string {
  const name = createHash("sha256")
    .update(JSON.stringify([file, digest]))
    .digest("hex");
  return join(allowances({ stateDatabase }), name);
}

/** True if a project may be used, as it is now. */
export function isAllowed(paths: Pick<Paths, "stateDatabase">, project: Project): boolean {
  return existsSync(allowancePath(paths, project));
}

/** Lets the hooks of shells use a project until its files change. @throws {PkgError} DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM */
export function allowProject(paths: Pick<Paths, "stateDatabase">, project: Project): void {
  const path = allowancePath(paths, project);
  openDirectory(dirname(path));
  writeFileAtomic(path, `${project.file}\n`, 0o600);
}

/** Takes that back; false: it was not allowed. @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM */
export function disallowProject(paths: Pick<Paths, "stateDatabase">, project: Project): boolean {
  const wasAllowed = isAllowed(paths, project);
  removeFile(allowancePath(paths, project));
  return wasAllowed;
}

/** The directory that a person names. */
export function namedDirectory(typed: string | undefined, from: string): string {
  return resolve(from, typed ?? ".");
}
