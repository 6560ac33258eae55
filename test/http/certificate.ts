import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** A throw-away self-signed certificate for 127.0.0.1, localhost and a few names under `.example`. */
export function makeCertificate(): Certificate {
  const directory = mkdtempSync(join(tmpdir(), "pkg-certificate-"));
  try {
    const key = join(directory, "key.pem");
    const cert = join(directory, "cert.pem");
    const names = "subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:a.example,DNS:b.example,DNS:registry.example";
    const kind = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
    const args = [...kind, "-subj", "/CN=pkg test", "-addext", names, "-keyout", key, "-out", cert];
    execFileSync("openssl", args, { stdio: "ignore" });
    return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
