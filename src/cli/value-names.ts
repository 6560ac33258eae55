import type { DeclaredOption } from "../commands/declaration.ts";

/** What the values of options are called in help, where the option's own name in capitals says too little. */
const NAMES: Readonly<Record<string, string>> = {
  "accept-keys": "KEY",
  "access-log": "FILE",
  "annotation-file": "FILE",
  "allow-name": "NAME",
  "artifact-config": "FILE",
  "artifact-type": "TYPE",
  annotation: "KEY=VALUE",
  attest: "FILE",
  compression: "FORMAT",
  description: "TEXT",
  document: "FILE",
  "expires-in": "DURATION",
  "export-manifest": "FILE",
  from: "SOURCE",
  grace: "DURATION",
  homepage: "URL",
  host: "ADDRESS",
  htpasswd: "FILE",
  "insecure-skip": "CHECK",
  last: "NAME",
  limit: "N",
  manifest: "FILE",
  "max-body": "SIZE",
  "max-requests": "N",
  "media-type": "TYPE",
  "mount-from": "REFERENCE",
  output: "PATH",
  "passphrase-fd": "FD",
  prefix: "REGISTRY/PATH",
  previous: "INDEX",
  provide: "PROGRAM",
  repository: "NAME",
  root: "DIR",
  sbom: "FILE",
  serial: "N",
  sort: "ORDER",
  source: "URL",
  subject: "REFERENCE",
  "tag-age": "DURATION",
  threshold: "N",
  "tls-cert": "FILE",
  "tls-key": "FILE",
  trust: "KEY",
  upstream: "REGISTRY",
  username: "NAME",
  versions: "N",
  without: "REFERENCE",
};

/** How the value of an option is shown in help; null for a switch without one. */
export function valueName(name: string, option: DeclaredOption): string | null {
  if (option.value !== undefined) return option.value;
  if (option.type === "boolean") return option.choices === undefined ? null : "WHEN";
  return NAMES[name] ?? (name.split("-").at(-1) ?? name).toUpperCase();
}
