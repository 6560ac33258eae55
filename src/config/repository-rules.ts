import { type ErrorCode, PkgError } from "../errors.ts";
import { parseReference, type Reference } from "../oci/reference.ts";

const OCI = "oci://";
const DEFAULT_TAG = "latest";

/** A repository's name becomes a file name and follows the colon of a spec. */
export function checkRepositoryName(name: string, code: ErrorCode): void {
  if (/^[a-z0-9][a-z0-9_-]{0,63}$/.test(name)) return;
  throw new PkgError(code, `Cannot use "${name}" as a repository's name: expected up to 64 of a-z, 0-9, "_" and "-"`);
}

/** Whether http is allowed for a host is decided where the connection is made. */
export function checkIndexUrl(url: string, code: ErrorCode): void {
  checkUrl(url, ["https:", "http:", "file:", "oci:"], code);
  if (url.startsWith(OCI)) checkOciUrl(url, code);
}

function checkOciUrl(url: string, code: ErrorCode): void {
  try {
    // What stands for an architecture is filled in with a word like this one.
    const { digest } = parseReference(url.slice(OCI.length).replaceAll("{arch}", "x86_64"));
    if (digest === null) return;
  } catch (error) {
    if (!(error instanceof PkgError)) throw error;
    throw new PkgError(code, `Cannot use "${url}": ${error.message.replace(/^Cannot /, "cannot ")}`, {
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      cause: error,
    });
  }
  throw new PkgError(code, `Cannot use "${url}": it names a digest, which never leads to a newer index`, {
    hint: "Leave out the digest",
  });
}

/** What an `oci://` address of an index names: in its registry, by the tag `latest` unless it has one. Null for others. */
export function indexReference(url: string): Reference | null {
  if (!url.startsWith(OCI)) return null;
  const reference = parseReference(url.slice(OCI.length));
  return { ...reference, tag: reference.tag ?? DEFAULT_TAG };
}

export function checkMirrorUrl(url: string): void {
  checkUrl(url, ["https:", "http:"], "CONFIG_INVALID");
}

function checkUrl(url: string, protocols: readonly string[], code: ErrorCode): void {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !protocols.includes(parsed.protocol)) {
    throw new PkgError(code, `Cannot use "${url}": expected a URL that begins with ${protocols.join(" or ")}`);
  }
}
