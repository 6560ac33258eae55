import { parseIndexUrl } from "../config/index-address.ts";
import type { ConfiguredRepository } from "../config/repository.ts";
import { formatLocation } from "../oci/location.ts";

/** What it means that a repository's index is not signed, in one sentence. */
export function unsignedNotice({ name, url, policy }: Pick<ConfiguredRepository, "name" | "url" | "policy">): string {
  const who = `whoever controls ${controlled(url)} decides`;
  return policy.require.includes("signature")
    ? `The index of ${name} is not signed, only its packages are: ${who} which of them, and which versions, are offered`
    : `${name} is not signed: ${who} what is installed from it`;
}

/** What somebody has to control in order to change the index at an address. */
function controlled(url: string): string {
  const address = parseIndexUrl(url);
  switch (address.kind) {
    case "http":
      return address.url.host;
    case "file":
      return address.path;
    case "place":
      return formatLocation(address.location);
  }
}
