import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { reachedBy, type ServedAt } from "../../src/serve/reached-by.ts";
import { tempDirectory } from "../support/temp-home.ts";

const HTTP: Omit<ServedAt, "url"> = { port: 5000, allowHosts: [], tls: null, addresses: ["192.0.2.7"] };

const CASES: readonly (readonly [url: string, change: Partial<ServedAt>, own: string, elsewhere: string | null])[] = [
  ["http://127.0.0.1:5000", {}, "127.0.0.1:5000", null],
  ["http://localhost:5000", {}, "localhost:5000", null],
  ["http://[::1]:5000", {}, "[::1]:5000", null],
  ["http://0.0.0.0:5000", {}, "127.0.0.1:5000", "192.0.2.7:5000 --plain-http"],
  ["http://[::]:5000", { allowHosts: ["reg.example"] }, "[::1]:5000", "reg.example:5000 --plain-http"],
  ["http://0.0.0.0:5000", { addresses: [] }, "127.0.0.1:5000", null],
  ["http://192.0.2.7:5000", {}, "192.0.2.7:5000 --plain-http", null],
  ["http://myhost:80", { port: 80 }, "myhost:80 --plain-http", null],
];

test("reachedBy() names an address that clients can use, and the options it takes", () => {
  for (const [url, change, own, other] of CASES) {
    const { registry, options, elsewhere } = reachedBy({ url, ...HTTP, ...change });
    const told = elsewhere === null ? null : `${elsewhere.registry}${elsewhere.options}`;
    assert.deepEqual([`${registry}${options}`, told], [own, other], url);
  }
});

test("reachedBy() goes by the names in a certificate, and trusts one that is its own authority", (t) => {
  const directory = tempDirectory(t);
  const [key, cert] = [join(directory, "key.pem"), join(directory, "cert.pem")];
  const subject = ["-subj", "/CN=x", "-addext", "subjectAltName=DNS:*.example.org,DNS:reg.example.org,IP:127.0.0.1"];
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
  execFileSync("openssl", ["req", "-x509", ...curve, "-nodes", "-keyout", key, "-out", cert, ...subject], {
    stdio: "ignore",
  });
  const tls = { certificate: readFileSync(cert, "utf8"), file: "cert.pem" };
  const reached = (url: string, allowHosts: readonly string[] = []) => {
    const { registry, options, elsewhere } = reachedBy({ url, ...HTTP, allowHosts, tls });
    assert.equal(elsewhere, null);
    return `${registry}${options}`;
  };
  assert.equal(reached("https://127.0.0.1:5000"), "127.0.0.1:5000 --no-plain-http --ca-file cert.pem");
  assert.equal(reached("https://192.0.2.7:5000"), "reg.example.org:5000 --ca-file cert.pem");
  assert.equal(reached("https://192.0.2.7:5000", ["b.example.org"]), "b.example.org:5000 --ca-file cert.pem");
  assert.equal(reached("https://a.example.org:5000"), "a.example.org:5000 --ca-file cert.pem");
});
