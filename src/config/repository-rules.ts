import { type ErrorCode, PkgError } from "../errors.ts";

/** A repository's name becomes a file name and follows the colon of a spec. */
export function checkRepositoryName(name: string, code: ErrorCode): void {
  if (/^[a-z0-9][a-z0-9_-]{0,63}$/.test(name)) return;
  throw new PkgError(code, `Cannot use "${name}" as a repository's name: expected up to 64 of a-z, 0-9, "_" and "-"`);
}

/** Whether http is allowed for a host is decided where the connection is made. */
export function checkIndexUrl(url: string, code: ErrorCode): void {
  checkUrl(url, ["https:", "http:", "file:"], code);
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
