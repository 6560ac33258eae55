import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { fileWords } from "../base/foreign-words.ts";
import { PkgError, systemCode } from "../errors.ts";
import { readLocalFile } from "../fs/read-file.ts";

const MAX_PEM_BYTES = 1024 * 1024;

/** The files that https is served with. */
export interface TlsFiles {
  /** A PEM file: the server's certificate, then the chain to a root. */
  readonly certificate: string;
  /** A PEM file that is not encrypted. */
  readonly key: string;
}

/** What https is served with, checked. */
export interface TlsIdentity {
  readonly cert: string;
  readonly key: string;
}

/**
 * Reads the certificate and key that https is served with.
 *
 * @param now milliseconds since 1970
 * @throws {PkgError} CONFIG_INVALID when a file cannot be read or is not PEM, when the key is encrypted or does not
 * belong to the certificate, or when the certificate has expired
 */
export async function readTlsIdentity(files: TlsFiles, now: number): Promise<TlsIdentity> {
  const [cert, key] = await Promise.all([readPem(files.certificate, "certificate"), readPem(files.key, "key")]);
  const certificate = parseCertificate(cert, files.certificate);
  const privateKey = parseKey(key, files.key);
  if (!certificate.checkPrivateKey(privateKey)) {
    throw unusable(`key "${files.key}"`, `it is not the key of certificate "${files.certificate}"`);
  }
  if (now > certificate.validToDate.getTime()) {
    throw unusable(`certificate "${files.certificate}"`, `it expired at ${certificate.validToDate.toISOString()}`);
  }
  return { cert, key };
}

async function readPem(path: string, what: string): Promise<string> {
  try {
    return (await readLocalFile(path, { maxBytes: MAX_PEM_BYTES })).toString("utf8");
  } catch (error) {
    if (error instanceof PkgError) throw unusable(`${what} "${path}"`, "it is not a file, or too large", error);
    throw unusable(
      `${what} "${path}"`,
      `${fileWords(systemCode(error) ?? "")?.reason ?? "it cannot be read"} (${systemCode(error)})`,
      error,
    );
  }
}

function parseCertificate(pem: string, path: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (error) {
    throw unusable(`certificate "${path}"`, "it is not a certificate in PEM form", error);
  }
}

function parseKey(pem: string, path: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    const isEncrypted = /^-----BEGIN ENCRYPTED|^Proc-Type: 4,ENCRYPTED/m.test(pem);
    throw unusable(`key "${path}"`, isEncrypted ? "it is encrypted" : "it is not a private key in PEM form", error);
  }
}

function unusable(what: string, problem: string, cause?: unknown): PkgError {
  return new PkgError("CONFIG_INVALID", `Cannot serve https with ${what}: ${problem}`, {
    hint: "Give PEM files: --tls-cert fullchain.pem --tls-key privkey.pem",
    cause,
  });
}
