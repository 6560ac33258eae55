import assert from "node:assert/strict";
import { test } from "node:test";
import { createSecrets } from "../../src/base/secrets.ts";

const PASSWORD = 'S3cret/Pass+w"rd&ü';

test("redact() takes a secret out in every form in which it may come back", async (t) => {
  const base64 = Buffer.from(PASSWORD).toString("base64");
  const forms = {
    plain: PASSWORD,
    percent: encodeURIComponent(PASSWORD),
    "percent in lower case": encodeURIComponent(PASSWORD).replace(/%[0-9A-F]{2}/g, (octet) => octet.toLowerCase()),
    form: new URLSearchParams({ s: PASSWORD }).toString().slice(2),
    base64,
    "base64 without padding": base64.replace(/=+$/, ""),
    base64url: Buffer.from(PASSWORD).toString("base64url"),
    hex: Buffer.from(PASSWORD).toString("hex"),
    JSON: JSON.stringify(PASSWORD).slice(1, -1),
    HTML: PASSWORD.replace("&", "&amp;").replace('"', "&quot;"),
  };
  const secrets = createSecrets();
  secrets.add(PASSWORD);
  for (const [name, form] of Object.entries(forms)) {
    await t.test(name, () => {
      assert.equal(secrets.redact(`you sent ${form}, no?`), "you sent ***, no?");
      assert.equal(secrets.redactKnown(`x${form}y`), "x***y");
    });
  }
});

test("addAuthorization() remembers the header's value, and of Basic what it is made of", () => {
  const secrets = createSecrets();
  const value = Buffer.from("jane:correct horse").toString("base64");
  secrets.addAuthorization(`Basic ${value}`);
  secrets.addAuthorization("Bearer abcdefghijkl");
  secrets.addAuthorization(undefined);
  assert.equal(secrets.redactKnown(`${value} jane:correct horse, correct horse`), "*** ***, ***");
  assert.equal(secrets.redactKnown("abcdefghijkl jane"), "*** jane");
});

test("redact() takes a short secret for one only where it is a word of its own, redactKnown() never", () => {
  const secrets = createSecrets();
  for (const word of ["linux", "abc", "", null, undefined]) secrets.add(word);
  assert.equal(secrets.redact("linux: x86_64-linux, alinux, abc"), "***: x86_64-***, alinux, abc");
  assert.equal(secrets.redactKnown("linux: x86_64-linux"), "linux: x86_64-linux");
});

const LOOKS_LIKE: readonly (readonly [text: string, shown: string])[] = [
  ["Authorization: Basic dXNlcjpwYXNz", "Authorization: Basic ***"],
  ["authorization: bearer eyJhbGciOi.abc_-d1", "authorization: bearer ***"],
  ["see https://user:pa:ss@host/x", "see https://***@host/x"],
  ["see http://token@host:5000/x?a=b", "see http://***@host:5000/x?a=b"],
  [
    "https://h/b?X-Amz-Credential=a%2Fb&X-Amz-Signature=0af3&x=1",
    "https://h/b?X-Amz-Credential=***&X-Amz-Signature=***&x=1",
  ],
  ["https://h/b?se=2026&sig=abc%3D&sp=r", "https://h/b?se=2026&sig=***&sp=r"],
  ["https://h/b?access_token=abc", "https://h/b?access_token=***"],
  ['{"password":"hunter2","user":"jane"}', '{"password":"***","user":"jane"}'],
];

test("redact() takes out what looks like a secret, whoever it belongs to", async (t) => {
  for (const [text, shown] of LOOKS_LIKE) await t.test(text, () => assert.equal(createSecrets().redact(text), shown));
});

const ORDINARY: readonly string[] = [
  'Bearer realm="https://ghcr.io/token",service="ghcr.io"',
  "Basic authentication is required",
  "Cannot use https://host/me/app@sha256:0123: found none",
  "https://registry.example/v2/_catalog?n=1000&last=me%2Fapp",
  'key "RWQ109gKujRqohsA7RERlXFfeJi23EcHN3Dz8TxyPAywa5mLw/fbcbU4"',
  "write to me@example.com",
];

test("redact() leaves ordinary text as it is", async (t) => {
  for (const text of ORDINARY) await t.test(text, () => assert.equal(createSecrets().redact(text), text));
});

test("redact() takes time that grows with the text, however it is made", () => {
  const secrets = createSecrets();
  secrets.add(PASSWORD);
  for (const part of ["bearer+", "a://", "?token", "https://a@", "&sig=", "auth: ", '"password'])
    assert.equal(typeof secrets.redact(part.repeat(8192 / part.length)), "string");
});
