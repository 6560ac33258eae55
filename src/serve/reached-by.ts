import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { networkInterfaces } from "node:os";
import { isLoopbackRegistry } from "../registry-client/endpoints.ts";

/** How clients reach a registry that is served. */
export interface ReachedBy {
  /** e.g. `http://127.0.0.1:5000` */
  readonly url: string;
  /** What references to its content begin with on this machine: `127.0.0.1:5000`. */
  readonly registry: string;
  /** The options, with a space before each, that `pkg` needs to reach it: ` --plain-http`. */
  readonly options: string;
  /** The same for other machines; null: they reach it in the same way, or not at all. */
  readonly elsewhere: { readonly registry: string; readonly options: string } | null;
}

export interface ServedAt {
  /** Where it listens. */
  readonly url: string;
  readonly port: number;
  /** Names that were given for it. */
  readonly allowHosts: readonly string[];
  /** What https is served with: the text of the certificate, and its file as it was typed; null: http. */
  readonly tls: { readonly certificate: string; readonly file: string } | null;
  /** Addresses of this machine in its networks. */
  readonly addresses?: readonly string[];
}

/** Addresses that mean all of a machine's, and the one at which it reaches itself. */
const WILDCARDS: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "[::]": "[::1]" };

/** How to reach a registry by the address that it listens at, its names, and its certificate. */
export function reachedBy(served: ServedAt): ReachedBy {
  const { url, port, allowHosts, tls } = served;
  const { hostname } = new URL(url);
  const near = WILDCARDS[hostname];
  const withPort = (name: string) => `${name}:${port}`;
  if (tls !== null) {
    const certificate = new X509Certificate(tls.certificate);
    const names = [
      near ?? hostname,
      ...allowHosts,
      ...(near === undefined ? [] : ["localhost"]),
      ...namesIn(certificate),
    ];
    const name = names.find((candidate) => isCertified(certificate, candidate)) ?? near ?? hostname;
    const authority = certificate.issuer === certificate.subject ? ` --ca-file ${tls.file}` : "";
    // Loopback is spoken to in plain http unless that is turned off.
    const scheme = isLoopbackRegistry(withPort(name)) ? " --no-plain-http" : "";
    return { url, registry: withPort(name), options: `${scheme}${authority}`, elsewhere: null };
  }
  const registry = withPort(near ?? hostname);
  const own = { url, registry, options: plainHttp(registry) };
  const [outer] = near === undefined ? [] : [...allowHosts, ...(served.addresses ?? ownAddresses(hostname))];
  if (outer === undefined) return { ...own, elsewhere: null };
  return { ...own, elsewhere: { registry: withPort(outer), options: plainHttp(withPort(outer)) } };
}

function plainHttp(registry: string): string {
  return isLoopbackRegistry(registry) ? "" : " --plain-http";
}

function isCertified(certificate: X509Certificate, name: string): boolean {
  const address = name.replace(/^\[|\]$/g, "");
  return (isIP(address) === 0 ? certificate.checkHost(name) : certificate.checkIP(address)) !== undefined;
}

/** The names in a certificate, without those that stand for many. */
function namesIn({ subjectAltName = "" }: X509Certificate): readonly string[] {
  return [...subjectAltName.matchAll(/DNS:([A-Za-z0-9.-]+)/g)].map(([, name = ""]) => name);
}

/** An address of IPv4, which is the shortest to type; one of IPv6 only where it listens for that. */
function ownAddresses(hostname: string): readonly string[] {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const outer = all.filter(({ internal, address }) => !internal && !address.startsWith("fe80:"));
  const v4 = outer.filter(({ family }) => family === "IPv4").map(({ address }) => address);
  const v6 = outer.filter(({ family }) => family === "IPv6").map(({ address }) => `[${address}]`);
  return hostname === "[::]" ? [...v4, ...v6] : v4;
}
