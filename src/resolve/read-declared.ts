import { basename, resolve } from "node:path";
import type { Capabilities } from "../capabilities/capabilities.ts";
import type { Config } from "../config/config.ts";
import { knownProfile } from "../config/profile-names.ts";
import { isSameAddress } from "../config/same-address.ts";
import { type Declaration, type DeclaredPackage, declaredFor } from "../declare/declaration.ts";
import { declarationIn, readDeclaration } from "../declare/find-file.ts";
import { isLockFile } from "../declare/lock-file.ts";
import { PkgError } from "../errors.ts";
import { profileInUse } from "./profile-in-use.ts";

/** Which file is meant. */
export interface DeclaredFile {
  /** The path of the file, as typed; null: the project's own, or else the user-wide one. */
  readonly file: string | null;
  /** Where a person is. */
  readonly directory: string;
  /** What was read of the file that is named; absent: it is read now. */
  readonly texts?: DeclaredTexts;
}

/** A file that declares packages, and the lock file beside it, as they were read. */
export interface DeclaredTexts {
  readonly text: string;
  /** Null: there is none. */
  readonly lock: string | null;
}

/** Reads the file that is meant, and says what of it is not read. @throws {PkgError} as readDeclaration */
export function readDeclared(
  { config, emit }: Pick<Capabilities, "emit"> & { readonly config: Pick<Config, "paths"> },
  { file, directory, texts }: DeclaredFile,
): Declaration {
  const declaration =
    file === null || texts === undefined
      ? readDeclaration({ directory, configFile: config.paths.configFile }, file)
      : declarationIn({ path: resolve(directory, file), text: texts.text });
  for (const { line, text, why } of declaration.notRead) {
    const where = line === null ? "" : `, line ${line}`;
    emit({ kind: "warning", message: `"${text}" (${basename(declaration.path)}${where}) is not read: ${why}` });
  }
  return declaration;
}

/**
 * The name of the profile that a file is for, else of the one in use, which is also taken where a person has named one.
 *
 * @throws {PkgError} CONFIG_INVALID for a file that cannot be read; USAGE, PROFILE_UNKNOWN
 */
export function profileDeclared(config: Config, { file, directory }: DeclaredFile): string {
  const inUse = profileInUse(config);
  // A lock file is for whatever profile it is applied to.
  if (config.overrides.profile !== undefined || isLockFile(file)) return inUse;
  const { profile } = readDeclaration({ directory, configFile: config.paths.configFile }, file);
  return profile === null ? inUse : knownProfile(config.paths.namedProfiles, profile);
}

/**
 * What of a file is for this machine and the profile in use.
 *
 * @throws {PkgError} CONFIG_INVALID for a file of another profile; REPOSITORY_UNKNOWN for a repository that is not configured so
 */
export function packagesHere(config: Config, declaration: Declaration): readonly DeclaredPackage[] {
  const profile = profileInUse(config);
  checkProfile(declaration, profile);
  checkRepositories(config, declaration);
  return declaredFor(declaration, { host: config.host, profile });
}

function checkProfile({ path, profile }: Declaration, inUse: string): void {
  if (profile === null || profile === inUse) return;
  throw new PkgError(
    "CONFIG_INVALID",
    `Cannot apply "${path}": it is for the profile "${profile}", and "${inUse}" is in use`,
    {
      hint: `Use that one with \`--profile ${profile}\`, or change \`profile\` in the file`,
    },
  );
}

/** A file adds no repository: whoever wrote it would decide what is trusted. */
function checkRepositories({ repositories, host }: Config, { path, repositories: declared }: Declaration): void {
  const [arch = ""] = host.split("-");
  for (const [name, written] of declared) {
    const url = written.replaceAll("{arch}", arch);
    const own = repositories.find((repository) => repository.name === name);
    if (own !== undefined && isSameAddress(own.url, url)) continue;
    const found = own === undefined ? "no such repository is configured" : `"${name}" is at "${own.url}"`;
    throw new PkgError(
      "REPOSITORY_UNKNOWN",
      `Cannot use "${path}": its repository "${name}" is at "${url}", and ${found}`,
      {
        hint:
          own === undefined ? `Run \`pkg repo add ${name} ${url}\`, if you trust it` : "Use another name in the file",
      },
    );
  }
}
