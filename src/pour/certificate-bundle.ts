import { existsSync } from "node:fs";

/** Where systems keep the certificates of the authorities that they trust, in one file. */
const BUNDLES = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

/** This machine's certificates, as one file; null where there is none. */
export function certificateBundle(): string | null {
  return BUNDLES.find((path) => existsSync(path)) ?? null;
}
