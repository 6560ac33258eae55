import { BlockList, isIP } from "node:net";
import { type Environment, variable } from "../base/environment.ts";
import { PkgError } from "../errors.ts";
import { isLoopbackHost, literalAddress } from "./addresses.ts";

/** Values as `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` hold them. */
export interface ProxyOptions {
  readonly http: string | null;
  readonly https: string | null;
  readonly noProxy: string;
  /** What names them, for messages: variables, unless it is said otherwise. */
  readonly names?: { readonly http: string; readonly https: string };
}

/** A proxy, and the variable or option that names it. */
export interface NamedProxy {
  readonly url: URL;
  readonly name: string;
}

/**
 * The proxies that an environment names: `HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`, and `ALL_PROXY` for a scheme without
 * one of its own; lower-case names take precedence, as with curl.
 */
export function proxyFromEnvironment(env: Environment): ProxyOptions {
  const read = (...names: readonly string[]) =>
    names
      .flatMap((name) => [name.toLowerCase(), name])
      .map((name) => ({ name, value: variable(env, name) }))
      .find(({ value }) => value !== null);
  const [http, https] = [read("HTTP_PROXY", "ALL_PROXY"), read("HTTPS_PROXY", "ALL_PROXY")];
  return {
    http: http?.value ?? null,
    https: https?.value ?? null,
    noProxy: read("NO_PROXY")?.value ?? "",
    names: { http: http?.name ?? "HTTP_PROXY", https: https?.name ?? "HTTPS_PROXY" },
  };
}

/**
 * The proxy that a request to `url` goes through, or null when it goes straight there, as loopback always does.
 *
 * @throws {PkgError} CONFIG_INVALID when the proxy is not an http or https URL
 */
export function proxyFor(url: URL, options: ProxyOptions): NamedProxy | null {
  const scheme = url.protocol === "https:" ? "https" : "http";
  const value = options[scheme]?.trim() ?? "";
  if (value === "" || isLoopbackHost(url) || isExempt(url, options.noProxy)) return null;
  const name = (options.names ?? { http: "HTTP_PROXY", https: "HTTPS_PROXY" })[scheme];
  return { url: parseProxy(value, name), name };
}

function parseProxy(value: string, name: string): URL {
  const url = URL.parse(value.includes("://") ? value : `http://${value}`);
  if (url !== null && (url.protocol === "http:" || url.protocol === "https:")) return url;
  const isSocks = /^socks/i.test(value);
  const problem = isSocks ? "it speaks SOCKS, which pkg does not" : "it is not an http or https URL";
  throw new PkgError("CONFIG_INVALID", `Cannot use the proxy "${withoutPassword(value)}" (${name}): ${problem}`, {
    hint: isSocks
      ? `Set ${name === name.toLowerCase() ? "https_proxy" : "HTTPS_PROXY"} to an http proxy, such as http://proxy.example:3128; or unset ${name}, or name the host in NO_PROXY`
      : `Set ${name} to something like http://proxy.example:3128`,
  });
}

function withoutPassword(value: string): string {
  return value.replace(/\/\/[^/]*@/, "//");
}

/**
 * True if an entry of `noProxy` (separated by commas or spaces) covers the host: `*`, a name (which covers its
 * subdomains, with or without a leading dot), an address, or a subnet such as `10.0.0.0/8`; all but a subnet may end in
 * `:port`.
 */
export function isExempt(url: URL, noProxy: string): boolean {
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => entry !== "" && covers(entry, url));
}

function covers(entry: string, url: URL): boolean {
  if (entry === "*") return true;
  if (entry.includes("/")) return coversAddress(entry, literalAddress(url));
  const { name, port } = splitPort(entry);
  if (port !== null && port !== effectivePort(url)) return false;
  const host = literalAddress(url) ?? url.hostname;
  const suffix = name.replace(/^\*?\./, "");
  return host === suffix || (isIP(host) === 0 && host.endsWith(`.${suffix}`));
}

function splitPort(entry: string): { name: string; port: string | null } {
  const match = /^\[?([^\]]*?)\]?(?::(\d+))?$/.exec(entry);
  if (match === null || isIP(entry) === 6) return { name: entry, port: null };
  return { name: match[1] ?? entry, port: match[2] ?? null };
}

function effectivePort(url: URL): string {
  if (url.port !== "") return url.port;
  return url.protocol === "https:" ? "443" : "80";
}

function coversAddress(subnet: string, address: string | null): boolean {
  const [network = "", prefix = ""] = subnet.split("/");
  const family = isIP(network);
  if (address === null || family === 0 || isIP(address) !== family) return false;
  const bits = /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1;
  if (bits < 0 || bits > (family === 4 ? 32 : 128)) return false;
  const type = family === 4 ? "ipv4" : "ipv6";
  const list = new BlockList();
  list.addSubnet(network, bits, type);
  return list.check(address, type);
}
