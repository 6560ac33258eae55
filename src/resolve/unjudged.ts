import { ageInSentence } from "../base/age.ts";
import type { Failure } from "../capabilities/outcome.ts";
import { type ErrorCode, PkgError } from "../errors.ts";
import type { Installation } from "../package/installation.ts";

/** An installation of which nobody can tell whether it is up to date. */
export interface Unjudged {
  readonly installation: Installation;
  readonly error: PkgError;
  /** What went wrong for all packages of a repository at once; null: it is about this package alone. */
  readonly cause: PkgError | null;
}

interface Doubt {
  readonly code: ErrorCode;
  readonly reason: string;
  readonly hint: string | undefined;
  readonly cause?: PkgError;
}

/** States of the world that do not change by trying again: worth a word, but no failure of what was asked for everything. */
const STANDING: readonly ErrorCode[] = [
  "PACKAGE_NOT_FOUND",
  "VERSION_NOT_FOUND",
  "PACKAGE_UNINSTALLABLE",
  "PLATFORM_UNSUPPORTED",
  "REPOSITORY_UNKNOWN",
  "REPOSITORY_DISABLED",
  "OFFLINE",
];

/**
 * The errors that decide the exit code. Of packages that were named, each one counts: the request was not fulfilled. Of all
 * that is installed, those count that another try may help against, once for each repository.
 */
export function errorsOf(unjudged: readonly Unjudged[], isNamed: boolean): readonly PkgError[] {
  const counted = unjudged.filter(({ error }) => isNamed || !STANDING.includes(error.code));
  return [...new Set(counted.map(({ error, cause }) => cause ?? error))];
}

/** Its repository was removed. */
export function orphaned(installation: Installation): Unjudged {
  const { name, repository } = installation;
  return unjudged(installation, {
    code: "REPOSITORY_UNKNOWN",
    reason: `its repository "${repository}" was removed`,
    hint: `Run \`pkg install ${name} --replace\` to take another's, or \`pkg repo add\` with the address it had`,
  });
}

/** Its repository is disabled. */
export function inDisabled(installation: Installation): Unjudged {
  const { repository } = installation;
  return unjudged(installation, {
    code: "REPOSITORY_DISABLED",
    reason: `its repository "${repository}" is disabled`,
    hint: `Run \`pkg repo enable ${repository}\``,
  });
}

/** The index of its repository is missing, or may not be used. */
export function withoutIndex(installation: Installation, cause: PkgError): Unjudged {
  const reason = `the index of "${installation.repository}" cannot be used. ${cause.message}`;
  return unjudged(installation, { code: cause.code, reason, hint: cause.hint, cause });
}

/** Nothing newer is in an index that could not be refreshed. */
export function byOldIndex(installation: Installation, ageMs: number, cause: PkgError): Unjudged {
  const age = ageInSentence(ageMs);
  const reason = `the index of "${installation.repository}" is ${age} and could not be refreshed. ${cause.message}`;
  return unjudged(installation, { code: cause.code, reason, hint: cause.hint, cause });
}

/** The package, or the version that is installed, is not in its repository any more. */
export function withdrawn(installation: Installation, newest: string | null): Unjudged {
  const { name, version, repository } = installation;
  if (newest === null) {
    return unjudged(installation, {
      code: "PACKAGE_NOT_FOUND",
      reason: `its repository "${repository}" does not have it any more`,
      hint: `Run \`pkg remove ${name}\` if you do not want to keep what was withdrawn`,
    });
  }
  return unjudged(installation, {
    code: "VERSION_NOT_FOUND",
    reason: `its repository "${repository}" does not have version ${version} any more; the newest there is ${newest}`,
    hint: `Run \`pkg install ${name}@${newest} --allow-downgrade\` to take that`,
  });
}

/** The package has another name in its repository now. */
export function renamed(installation: Installation, newName: string): Unjudged {
  const { name, repository } = installation;
  return unjudged(installation, {
    code: "PACKAGE_NOT_FOUND",
    reason: `its repository "${repository}" calls it "${newName}" now`,
    hint: `Run \`pkg remove ${name}\`, then \`pkg install ${newName}\``,
  });
}

/** Its repository has the package, but nothing that could be installed here. */
export function unusable(installation: Installation, why: "disabled" | "other machines"): Unjudged {
  const { name, repository } = installation;
  const hint = `Run \`pkg info ${name}\` for what the index says`;
  return why === "disabled"
    ? unjudged(installation, {
        ...{ code: "PACKAGE_UNINSTALLABLE", hint },
        reason: `its repository "${repository}" marks it as disabled`,
      })
    : unjudged(installation, {
        ...{ code: "PLATFORM_UNSUPPORTED", hint },
        reason: `its repository "${repository}" has it only for other machines`,
      });
}

/** What it was installed from by reference could not be asked for its tag. */
export function unasked(installation: Installation, cause: PkgError): Unjudged {
  return unjudged(installation, { code: cause.code, reason: cause.message, hint: cause.hint });
}

/** The tag or the place that it was installed from by reference is gone: it was withdrawn. */
export function goneTag(installation: Installation, cause: PkgError): Unjudged {
  const { name, requested } = installation;
  const keep = `Run \`pkg remove ${name}\` if you do not want to keep what was withdrawn`;
  return unjudged(installation, {
    code: "PACKAGE_NOT_FOUND",
    reason: `"${requested}" is not there any more`,
    hint: cause.code === "HTTP_NOT_FOUND" ? cause.hint : keep,
  });
}

function unjudged(installation: Installation, { code, reason, hint, cause }: Doubt): Unjudged {
  const options = hint === undefined ? {} : { hint };
  const error = new PkgError(code, `${cannotTell(installation.name)}${reason}`, options);
  return { installation, error, cause: cause ?? null };
}

function cannotTell(name: string): string {
  return `Cannot tell whether "${name}" is up to date: `;
}

/** Whether a reason is about an index, and so the same for all that is from it. */
export function isAboutIndex(reason: string): boolean {
  return reason.startsWith("the index of ");
}

/** Why nobody can tell, as the end of a sentence about the package. */
export function reasonIn(name: string, { message }: Failure): string {
  return message.replace(cannotTell(name), "");
}
