import { BlockList, isIP, isIPv4 } from "node:net";

/**
 * Where an address leads. `private` is any network that is not the public internet but may be somebody's own (RFC 1918,
 * ULA, shared address space); `forbidden` is what no download should reach: link-local (cloud metadata lives
 * there), unspecified, multicast, reserved.
 */
export type AddressKind = "public" | "private" | "loopback" | "forbidden";

/** How far into this machine's surroundings a request may reach; each level includes the ones before it. */
export type Reach = "public" | "private" | "loopback";

const REACH_ORDER: readonly Reach[] = ["public", "private", "loopback"];

/** True when a request of this reach may talk to an address of this kind. */
export function reaches(reach: Reach, kind: AddressKind): boolean {
  return kind !== "forbidden" && REACH_ORDER.indexOf(kind) <= REACH_ORDER.indexOf(reach);
}

// 198.18.0.0/15 (benchmarks) is left out on purpose: proxies that answer DNS themselves hand it out for public names.
const RANGES: readonly (readonly [Exclude<AddressKind, "public">, "ipv4" | "ipv6", readonly string[]])[] = [
  ["loopback", "ipv4", ["127.0.0.0/8"]],
  ["private", "ipv4", ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "192.0.0.0/24"]],
  ["forbidden", "ipv4", ["0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4"]],
  ["loopback", "ipv6", ["::1/128"]],
  ["private", "ipv6", ["fc00::/7", "fec0::/10"]],
  // ::/8 holds the unspecified address and the old forms that embed IPv4; Teredo (2001::/32) embeds one obscured.
  ["forbidden", "ipv6", ["fe80::/10", "ff00::/8", "100::/64", "2001::/32", "::/8"]],
];

let lists: readonly KindOfList[] | null = null;

interface KindOfList {
  readonly kind: Exclude<AddressKind, "public">;
  readonly family: "ipv4" | "ipv6";
  readonly list: BlockList;
}

/** Made when it is first asked for: most commands look at no address. */
function listsOf(family: "ipv4" | "ipv6"): readonly KindOfList[] {
  lists ??= RANGES.map(([kind, own, subnets]) => ({ kind, family: own, list: blockList(own, subnets) }));
  return lists.filter((entry) => entry.family === family);
}

function blockList(family: "ipv4" | "ipv6", subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [network = "", prefix] = subnet.split("/");
    list.addSubnet(network, Number(prefix), family);
  }
  return list;
}

/**
 * The kind of an IP address; IPv6 forms that carry an IPv4 address (mapped, NAT64, 6to4) have the kind of that
 * address. Anything that is not an IP address is `forbidden`.
 */
export function addressKind(address: string): AddressKind {
  const bare = address.split("%", 1)[0] ?? "";
  const family = isIP(bare);
  if (family === 0) return "forbidden";
  if (family === 4) return kindIn(bare, "ipv4");
  const embedded = embeddedIpv4(bare);
  return embedded === null ? kindIn(bare, "ipv6") : kindIn(embedded, "ipv4");
}

/**
 * The network that an address belongs to, as far as one customer has it to themselves: of IPv6 the first 64 bits, of
 * IPv4 the address itself, also where it is written as IPv6. What is not an address is returned as it is.
 */
export function networkOf(address: string): string {
  const bare = address.split("%", 1)[0] ?? "";
  if (isIP(bare) !== 6) return bare;
  return embeddedIpv4(bare) ?? ipv6Groups(bare).slice(0, 4).join(":");
}

function kindIn(address: string, family: "ipv4" | "ipv6"): AddressKind {
  return listsOf(family).find(({ list }) => list.check(address, family))?.kind ?? "public";
}

function embeddedIpv4(address: string): string | null {
  const groups = ipv6Groups(address);
  const prefix = groups.slice(0, 6).join(":");
  if (prefix === "0:0:0:0:0:65535" || prefix === "100:65435:0:0:0:0") return dotted(groups[6], groups[7]);
  return groups[0] === 0x2002 ? dotted(groups[1], groups[2]) : null;
}

function dotted(high = 0, low = 0): string {
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join(".");
}

/** The eight groups of a valid IPv6 address; the URL parser brings every spelling to one form. */
function ipv6Groups(address: string): readonly number[] {
  const [head = "", tail] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split("::");
  const before = parseGroups(head);
  if (tail === undefined) return before;
  const after = parseGroups(tail);
  return [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
}

function parseGroups(text: string): readonly number[] {
  return text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
}

/** The IP address that a URL's host spells out, or null when the host is a name. */
export function literalAddress(url: URL): string | null {
  const { hostname } = url;
  if (hostname.startsWith("[")) return hostname.slice(1, -1);
  // Looked at first, since what Node asks takes milliseconds, as it compares with IPv6 too.
  return /^[\d.]+$/.test(hostname) && isIPv4(hostname) ? hostname : null;
}

/** True if a URL's host is this machine, which needs no lookup: a loopback address or a `localhost` name. */
export function isLoopbackHost(url: URL): boolean {
  const address = literalAddress(url);
  if (address !== null) return addressKind(address) === "loopback";
  return /(^|\.)localhost\.?$/.test(url.hostname);
}
