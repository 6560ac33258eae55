import { basename, dirname } from "node:path";
import { profilesBeside } from "../capabilities/profiles-beside.ts";
import { DEFAULT_PROFILE } from "../config/paths.ts";
import { PkgError } from "../errors.ts";
import { openPicture } from "../state/picture.ts";
import type { Found } from "./finding.ts";
import type { Patient } from "./patient.ts";

/** The records of the other profiles: while those of one cannot be read, nobody knows what it needs of the store. */
export function checkProfiles({ cap: { config } }: Patient): readonly Found[] {
  return profilesBeside(config.paths)
    .databases()
    .flatMap((path) => {
      const error = errorOf(path);
      return error === null ? [] : [unreadable(path, nameOf(path, config.paths.sharedDatabase), error)];
    });
}

function errorOf(path: string): PkgError | null {
  try {
    openPicture(path).close();
    return null;
  } catch (error) {
    if (error instanceof PkgError && error.code !== "INTERRUPTED") return error;
    throw error;
  }
}

function nameOf(path: string, shared: string): string {
  return path === shared ? DEFAULT_PROFILE : basename(dirname(path));
}

function unreadable(path: string, profile: string, { code, message }: PkgError): Found {
  return {
    code: code === "DATABASE_INVALID" ? "database-damaged" : "database-unreadable",
    subject: path,
    message: `nothing is removed from the store as long as profile ${profile} cannot be read: ${message}`,
    cure: `Run \`pkg doctor --fix --profile ${profile}\``,
    mend: null,
  };
}
