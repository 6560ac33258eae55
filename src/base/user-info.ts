import { type ErrorCode, PkgError } from "../errors.ts";

/** What precedes "@" in the host of a URL. @see RFC 3986, section 3.2.1 */
const USER_INFO = /^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i;

/** True for a URL with a user name or a password in it. */
export function hasUserInfo(url: string): boolean {
  return USER_INFO.test(normalized(url));
}

/**
 * Refuses an address with a user name or a password in it: addresses are kept in files that others may read, shown, and
 * handed on, and what is in them was never sent.
 *
 * @throws {PkgError} with `code`; the message leaves them out
 */
export function refuseUserInfo(url: string, code: ErrorCode): void {
  if (!hasUserInfo(url)) return;
  throw new PkgError(
    code,
    `Cannot use "${normalized(url).replace(USER_INFO, "$1")}": it holds a user name or a password`,
    {
      hint: 'Leave out what precedes "@"; `pkg login REGISTRY` keeps a password for a registry, readable by you alone',
    },
  );
}

/** URLs are parsed like this (WHATWG URL, "special" schemes), so what is written otherwise must not pass. */
function normalized(url: string): string {
  return url
    .trim()
    .replaceAll("\\", "/")
    .replace(/[\t\r\n]/g, "");
}
