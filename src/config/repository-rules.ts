import { isAbsolute } from "node:path";
import { refuseUserInfo } from "../base/user-info.ts";
import { type ErrorCode, PkgError } from "../errors.ts";
import { keyIn } from "../oci/location.ts";
import type { RepositoryKind } from "./defaults.ts";
import { type IndexAddress, parseIndexUrl } from "./index-address.ts";

/** True for what a repository can be called. */
export function canBeRepository(name: string): boolean {
  return /^[a-z0-9][a-z0-9_-]{0,63}$/.test(name);
}

/** Checks a repository's name, which becomes a file name and a part of specs. @throws {PkgError} with `code` */
export function checkRepositoryName(name: string, code: ErrorCode): void {
  if (canBeRepository(name)) return;
  throw new PkgError(code, `Cannot use "${name}" as a repository's name: expected up to 64 of a-z, 0-9, "_" and "-"`);
}

/**
 * Checks the address of a repository's index; `{arch}` in it stands for an architecture. Whether http is allowed for a
 * host is decided where the connection is made.
 *
 * @throws {PkgError} with `code`
 */
export function checkIndexUrl(url: string, code: ErrorCode): void {
  refuseUserInfo(url, code);
  const address = parsed(url, code);
  if (address.kind !== "place") return;
  const { location } = address;
  const { digest } = keyIn(location);
  if (digest !== null) {
    throw new PkgError(code, `Cannot use "${url}": it names a digest, which never leads to a newer index`, {
      hint: "Leave out the digest",
    });
  }
  if (location.kind === "registry" || isAbsolute(location.path)) return;
  throw new PkgError(code, `Cannot use "${url}": its path is "${location.path}", expected an absolute one`);
}

/** As checkIndexUrl(), for a repository of some kind: formulae are several files below an address. @throws {PkgError} with `code` */
export function checkRepositoryUrl(url: string, kind: RepositoryKind, code: ErrorCode): void {
  checkIndexUrl(url, code);
  if (kind !== "homebrew") return;
  const { search = "", hash = "", protocol = "" } = URL.parse(url) ?? {};
  if (["https:", "http:", "file:"].includes(protocol) && search === "" && hash === "") return;
  const expected = "expected an address that begins with https:, http: or file:, without a query";
  throw new PkgError(code, `Cannot use "${url}" for kind = "homebrew": ${expected}`, {
    hint: "It is the address below which internal/packages.TAG.jws.json and formula.jws.json are",
  });
}

function parsed(url: string, code: ErrorCode): IndexAddress {
  try {
    return parseIndexUrl(url.replaceAll("{arch}", "x86_64"));
  } catch (error) {
    if (!(error instanceof PkgError)) throw error;
    const problem = error.message.replace(/^Cannot use "[^"]*": /, "").replace(/^Cannot /, "cannot ");
    throw new PkgError(code, `Cannot use "${url}": ${problem}`, {
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      cause: error,
    });
  }
}

/** Checks the address of a registry's mirror. @throws {PkgError} CONFIG_INVALID */
export function checkMirrorUrl(url: string): void {
  refuseUserInfo(url, "CONFIG_INVALID");
  const found = URL.parse(url);
  const isWeb = found !== null && ["https:", "http:"].includes(found.protocol);
  if (isWeb && found.search === "" && found.hash === "") return;
  const expected = "expected a URL that begins with https: or http:, without a query";
  throw new PkgError("CONFIG_INVALID", `Cannot use "${url}": ${expected}`);
}
