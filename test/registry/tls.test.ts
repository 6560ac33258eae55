import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { suite, test } from "node:test";
import { hasCode } from "../../src/errors.ts";
import { readTlsIdentity } from "../../src/registry/tls.ts";
import { makeCertificate } from "../http/certificate.ts";
import { skipWithout } from "../support/docker-registry.ts";
import { type Cleanup, tempDirectory } from "../support/temp-home.ts";
import { openRegistry } from "./registry-client.ts";

const skip = skipWithout("openssl");
const NOW = Date.now();
const DAY_MS = 24 * 60 * 60 * 1000;

interface Files {
  readonly certificate: string;
  readonly key: string;
}

function makeFiles(t: Cleanup): Files {
  const directory = tempDirectory(t);
  const { cert, key } = makeCertificate();
  const files = { certificate: join(directory, "cert.pem"), key: join(directory, "key.pem") };
  writeFileSync(files.certificate, cert);
  writeFileSync(files.key, key);
  return files;
}

function get(url: string, ca: string | undefined): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const options = { headers: { connection: "close" }, ...(ca === undefined ? {} : { ca }) };
  request(url, options, (response) => resolve(response.resume().statusCode ?? 0))
    .on("error", reject)
    .end();
  return promise;
}

suite("readTlsIdentity()", { skip }, () => {
  test("startRegistry() serves https to those who trust its certificate", async (t) => {
    const files = makeFiles(t);
    const { server } = await openRegistry(t, { tls: await readTlsIdentity(files, NOW) });
    assert.match(server.url, /^https:\/\/127\.0\.0\.1:\d+$/);
    assert.equal(await get(`${server.url}/v2/`, readFileSync(files.certificate, "utf8")), 200);
    await assert.rejects(get(`${server.url}/v2/`, undefined));
    await assert.rejects(fetch(`http://127.0.0.1:${server.port}/v2/`));
  });

  const encrypt = ({ key }: Files) =>
    execFileSync("openssl", ["pkcs8", "-topk8", "-in", key, "-out", `${key}.enc`, "-passout", "pass:x"]) &&
    `${key}.enc`;
  const cases: readonly (readonly [string, (files: Files, other: Files) => Files, RegExp])[] = [
    [
      "the certificate is missing",
      (files) => ({ ...files, certificate: "/nowhere.pem" }),
      /certificate "\/nowhere.pem": .*ENOENT/,
    ],
    ["the key is missing", (files) => ({ ...files, key: "/nowhere.pem" }), /key "\/nowhere.pem": .*ENOENT/],
    ["the key is another's", (files, other) => ({ ...files, key: other.key }), /not the key of/],
    [
      "they are the wrong way round",
      (files) => ({ certificate: files.key, key: files.certificate }),
      /it is not a certificate in PEM form/,
    ],
    [
      "the key is a certificate",
      (files) => ({ ...files, key: files.certificate }),
      /it is not a private key in PEM form/,
    ],
    ["the key is encrypted", (files) => ({ ...files, key: encrypt(files) }), /encrypted/],
  ];
  for (const [what, change, message] of cases) {
    test(`readTlsIdentity() throws CONFIG_INVALID when ${what}`, async (t) => {
      const files = change(makeFiles(t), makeFiles(t));
      await assert.rejects(readTlsIdentity(files, NOW), (error) => {
        assert.ok(hasCode(error, "CONFIG_INVALID"));
        assert.match(error.message, message);
        return true;
      });
    });
  }

  test("readTlsIdentity() throws CONFIG_INVALID when the certificate has ended", async (t) => {
    const files = makeFiles(t);
    await assert.rejects(readTlsIdentity(files, NOW + 3 * DAY_MS), (error) => hasCode(error, "CONFIG_INVALID"));
  });
});
