import { MAX_PORT } from "../../base/limits.ts";
import type { ValuesOf } from "../declaration.ts";
import { excludes, needs, type OptionRule, wholeNumber } from "../option-rules.ts";
import { ROOT } from "./options.ts";

/** What `pkg registry serve` takes. */
export const SERVE_OPTIONS = {
  root: ROOT,
  port: { type: "number", requiresArg: true, default: 5000, description: "0: any free port" },
  host: { type: "string", requiresArg: true, default: "127.0.0.1", description: "The address to listen on" },
  "allow-host": {
    type: "string",
    array: true,
    nargs: 1,
    default: [] as readonly string[],
    description: "A name that clients reach it by, e.g. through a proxy; can be repeated",
  },
  "tls-cert": { type: "string", requiresArg: true, description: "Serve https with this PEM certificate" },
  "tls-key": { type: "string", requiresArg: true, description: "And this PEM key" },
  htpasswd: { type: "string", requiresArg: true, description: "Ask for a password from this file (bcrypt)" },
  "anonymous-pull": { type: "boolean", default: false, description: "Reading takes no password" },
  "read-only": { type: "boolean", default: false, description: "Refuse every push and delete" },
  sparse: {
    type: "boolean",
    default: false,
    description: "Accept manifests that name blobs or platforms which are not here",
  },
  upstream: {
    type: "string",
    requiresArg: true,
    description: "Be a cache of this registry, e.g. ghcr.io; read-only",
  },
  "upstream-login": {
    type: "boolean",
    default: false,
    description:
      "Use this machine's credentials for the upstream: whoever may read here can read what they give access to",
  },
  "tag-age": {
    type: "string",
    requiresArg: true,
    default: "1m",
    description: "How long before a tag of the upstream is asked for again, e.g. 1m, 0s or never",
  },
  "plain-http": { type: "boolean", description: "Speak http to the upstream" },
  insecure: { type: "boolean", description: "Do not check the upstream's TLS certificate" },
  "max-body": { type: "string", requiresArg: true, description: "Refuse larger blobs, e.g. 10GiB" },
  "max-requests": {
    type: "number",
    requiresArg: true,
    default: 1000,
    description: "Requests answered at a time; more are asked to come back",
  },
  "access-log": {
    type: "string",
    requiresArg: true,
    description: "A line for each request, to a file (of JSON with --json) or to stdout (-)",
  },
} as const;

/** Rules for which of them go together. */
export const SERVE_RULES: readonly OptionRule[] = [
  wholeNumber("port", 0, { to: MAX_PORT }),
  wholeNumber("max-requests", 1),
  ...needs(["tls-cert"], "tls-key"),
  ...needs(["tls-key"], "tls-cert"),
  ...needs(["anonymous-pull"], "htpasswd", "no password is asked for anyway"),
  ...needs(["upstream-login", "tag-age", "plain-http", "insecure"], "upstream", "there is no upstream"),
  excludes("upstream", ["sparse"], "a cache takes no pushes"),
];

/** Those options as they were typed. */
export type ServeArguments = ValuesOf<typeof SERVE_OPTIONS>;
