import { PkgError } from "../../errors.ts";
import type { AccessLogRequest, ServeRequest } from "../../serve/serve-request.ts";
import type { Context } from "../context.ts";

/** What `registry serve` was called with. */
export interface ServeArguments {
  readonly root: string;
  readonly port: number;
  readonly host: string;
  readonly "tls-cert"?: string | undefined;
  readonly "tls-key"?: string | undefined;
  readonly htpasswd?: string | undefined;
  readonly "anonymous-pull": boolean;
  readonly "read-only": boolean;
  readonly sparse: boolean;
  readonly upstream?: string | undefined;
  readonly "upstream-login": boolean;
  readonly "tag-age": string;
  readonly "max-body"?: string | undefined;
  readonly "max-requests": number;
  readonly "access-log"?: string | undefined;
}

/** @throws {PkgError} USAGE for one without the other */
export function tlsOf({ "tls-cert": certificate, "tls-key": key }: ServeArguments): ServeRequest["tls"] {
  if (certificate === undefined && key === undefined) return null;
  if (certificate !== undefined && key !== undefined) return { certificate, key };
  const missing = key === undefined ? "--tls-key" : "--tls-cert";
  throw new PkgError("USAGE", `Cannot serve https: ${missing} is missing`, { hint: `Add ${missing} FILE` });
}

/** @throws {PkgError} USAGE */
export function accessOf({ htpasswd, "anonymous-pull": anonymousPull }: ServeArguments): ServeRequest["access"] {
  if (htpasswd !== undefined) return { htpasswd, anonymousPull };
  if (!anonymousPull) return null;
  throw new PkgError("USAGE", "Cannot use --anonymous-pull: no password is asked for anyway", {
    hint: "Add --htpasswd FILE, or leave --anonymous-pull out",
  });
}

/** @throws {PkgError} USAGE for --upstream-login alone */
export function upstreamOf(args: ServeArguments): ServeRequest["upstream"] {
  const { upstream: registry, "tag-age": tagAge, "upstream-login": login } = args;
  if (registry !== undefined) return { registry, tagAge, login };
  if (!login) return null;
  throw new PkgError("USAGE", "Cannot use --upstream-login: there is no upstream", { hint: "Add --upstream REGISTRY" });
}

/** @throws {PkgError} USAGE for stdout with --json */
export function accessLogOf({ json, report }: Context, path: string | undefined): AccessLogRequest | null {
  if (path === undefined) return null;
  if (path !== "-") return { kind: "file", path, json };
  if (!json) return { kind: "lines", print: (line) => report.print([line]) };
  throw new PkgError("USAGE", "Cannot write the access log to stdout: with --json it is one document", {
    hint: "Name a file, e.g. --access-log access.jsonl or --access-log /dev/stderr",
  });
}

/** What is said once the registry can be reached: where, how, and what to type next. */
export function servingLines(args: ServeArguments, url: string): readonly string[] {
  const { root, htpasswd, upstream } = args;
  const isOpen = htpasswd === undefined || args["anonymous-pull"];
  const isCache = upstream !== undefined;
  const modes = [
    htpasswd === undefined ? "no password" : `password of ${htpasswd}${isOpen ? " to push" : ""}`,
    url.startsWith("https:") ? "TLS" : "no TLS",
    ...(isCache || args["read-only"] ? ["read-only"] : []),
    ...(isCache ? [`a cache of ${upstream}`] : []),
  ];
  return [
    `Serving ${root} at ${url}; stop with Ctrl-C`,
    `  ${modes.join(", ")}`,
    ...warningsOf(args, url),
    ...nextStep(args, new URL(url).host),
  ];
}

function nextStep({ upstream, "read-only": isReadOnly }: ServeArguments, host: string): readonly string[] {
  if (upstream !== undefined) return [`  Pull: pkg oci pull ${host}/OWNER/NAME:TAG`];
  return [isReadOnly ? `  Pull: pkg oci pull ${host}/NAME:TAG` : `  Push: pkg oci push ${host}/NAME:TAG FILE`];
}

function warningsOf({ htpasswd, host }: ServeArguments, url: string): readonly string[] {
  const isNear = /^(?:127\.|localhost$|::1$)/.test(host);
  if (isNear || url.startsWith("https:")) return [];
  return [
    htpasswd === undefined ? "  Anyone who reaches it can use it" : "  Passwords go over the network unencrypted",
  ];
}
