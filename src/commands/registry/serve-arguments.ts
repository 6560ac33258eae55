import { PkgError } from "../../errors.ts";
import type { AccessLogRequest, ServeRequest } from "../../serve/serve-request.ts";
import type { Context } from "../context.ts";
import type { ServeArguments } from "./serve-options.ts";

/**
 * What is to be served, and how.
 *
 * @throws {PkgError} USAGE for an access log to stdout with --json
 */
export function serveRequest(context: Context, args: ServeArguments): ServeRequest {
  const { root, port, host, sparse } = args;
  return {
    ...{ root, port, host, sparse, directory: context.workingDirectory },
    allowHosts: args["allow-host"],
    tls: tlsOf(args),
    access: args.htpasswd === undefined ? null : { htpasswd: args.htpasswd, anonymousPull: args["anonymous-pull"] },
    readOnly: args["read-only"],
    maxBody: args["max-body"] ?? null,
    maxRequests: args["max-requests"],
    upstream: upstreamOf(args),
    accessLog: accessLogOf(context, args["access-log"]),
  };
}

/** The rules make sure that both are given, or neither. */
function tlsOf({ "tls-cert": certificate, "tls-key": key }: ServeArguments): ServeRequest["tls"] {
  return certificate === undefined || key === undefined ? null : { certificate, key };
}

function upstreamOf(args: ServeArguments): ServeRequest["upstream"] {
  const { upstream: registry, "tag-age": tagAge, "upstream-login": login } = args;
  return registry === undefined ? null : { registry, tagAge, login };
}

function accessLogOf({ json, report }: Context, path: string | undefined): AccessLogRequest | null {
  if (path === undefined) return null;
  if (path !== "-") return { kind: "file", path, json };
  if (!json) return { kind: "lines", print: (line) => report.print([line]) };
  throw new PkgError("USAGE", "Cannot write the access log to stdout: with --json it is one document", {
    hint: "Name a file, e.g. --access-log access.jsonl or --access-log /dev/stderr",
  });
}
