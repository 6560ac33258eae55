import { type ErrorCode, PkgError } from "../errors.ts";

/** What precedes "@" in the host of a URL. @see RFC 3986, section 3.2.1 */
const USER_INFO = /^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i;
/** The same for schemes before whose host parsers take any number of slashes (WHATWG URL, "special" schemes). */
const WEB_USER_INFO = /^(https?:)\/*[^/?#]*@/i;
/** What can only be a host, or has a path behind it: not the `8.14` of `trurl:repository@8.14`, nor a digest. */
const HOST =
  /(?:localhost|\[[0-9a-f:.]+\]|(?:[\w-]+\.)+[a-z]{2,}|(?:\d{1,3}\.){3}\d{1,3}|[\w.-]+(?=:\d))(?::\d+)?(?:\/.*)?|[^@/]+\/.*/is;
/** Without a scheme, a password is told by its colon: `name@version` has none. */
const BARE_USER_INFO = new RegExp(`^(?!oci(?:-archive)?:)[^\\s/@:]+:[^\\s/@]*@(${HOST.source})$`, "is");

/** True for a URL with a user name or a password in it. */
export function hasUserInfo(url: string): boolean {
  return USER_INFO.test(normalized(url)) || WEB_USER_INFO.test(normalized(url));
}

/**
 * Refuses an address with a user name or a password in it: addresses are kept in files that others may read, shown, and
 * handed on, and what is in them was never sent.
 *
 * @throws {PkgError} with `code`; the message leaves them out
 */
export function refuseUserInfo(url: string, code: ErrorCode): void {
  if (hasUserInfo(url)) throw holdsUserInfo(withoutUserInfo(url), code);
}

/** As refuseUserInfo(), for what is written without a scheme, such as `jane:PASSWORD@ghcr.io/me/app`. @throws {PkgError} with `code` */
export function refuseBareUserInfo(text: string, code: ErrorCode): void {
  const [, host] = BARE_USER_INFO.exec(text) ?? [];
  if (host !== undefined) throw holdsUserInfo(host, code);
}

/** What was typed, without a user name or a password in it. */
export function withoutUserInfo(text: string): string {
  const [, host] = BARE_USER_INFO.exec(text) ?? [];
  if (host !== undefined) return host;
  return hasUserInfo(text) ? normalized(text).replace(USER_INFO, "$1").replace(WEB_USER_INFO, "$1//") : text;
}

function holdsUserInfo(shown: string, code: ErrorCode): PkgError {
  return new PkgError(code, `Cannot use "${shown}": it holds a user name or a password`, {
    hint: 'Leave out what precedes "@"; `pkg login REGISTRY` keeps a password for a registry, readable by you alone',
  });
}

/** URLs are parsed like this (WHATWG URL, "special" schemes), so what is written otherwise must not pass. */
function normalized(url: string): string {
  return url
    .trim()
    .replaceAll("\\", "/")
    .replace(/[\t\r\n]/g, "");
}
