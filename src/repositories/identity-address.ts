import { parseIndexUrl } from "../config/index-address.ts";
import { formatLocation, withKey } from "../oci/location.ts";

/**
 * True when an index calls itself something else than its address says. That is so for a mirror, and for an index that
 * imitates another one: the keys tell which. An address on this machine's disk says nothing.
 */
export function isElsewhere(identity: string, url: string): boolean {
  const address = parseIndexUrl(url);
  switch (address.kind) {
    case "file":
      return false;
    case "http":
      return identity !== address.url.host && !identity.startsWith(`${address.url.host}/`);
    case "place":
      return (
        address.location.kind === "registry" &&
        formatLocation(withKey(address.location, { tag: null, digest: null })) !== identity
      );
  }
}

/** Says that an index is elsewhere, and what to do about it. */
export function elsewhereNotice(name: string, identity: string, url: string): string {
  return `${name} calls itself "${identity}", and is fetched from "${url}": if that is not a mirror that you know, compare its keys with those that the publisher of "${identity}" announces`;
}
