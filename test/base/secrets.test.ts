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

test("redactForeign() takes a short secret for one where it is a word of its own, what prints our own text never", () => {
  const secrets = createSecrets();
  for (const word of ["linux", "abc", "", null, undefined]) secrets.add(word);
  assert.equal(secrets.redactForeign("linux: x86_64-linux, alinux, abc"), "***: x86_64-***, alinux, abc");
  for (const show of [secrets.redact, secrets.redactKnown])
    assert.equal(show.call(secrets, "linux: x86_64-linux"), "linux: x86_64-linux");
});

test("redact() leaves ordinary words as they are, also when somebody has one as a password", async (t) => {
  const text = "Cannot use registry: the password for localhost:5000 is wrong, 20261128 bytes";
  for (const word of ["registry", "password", "localhost", "wrong", "5000", "20261128"]) {
    await t.test(word, () => {
      const secrets = createSecrets();
      secrets.addAuthorization(`Basic ${Buffer.from(`jane:${word}`).toString("base64")}`);
      assert.equal(secrets.redact(text), text);
      assert.equal(secrets.redactKnown(text), text);
      assert.equal(secrets.redact(`you are jane:${word}`), "you are ***");
      assert.ok(!secrets.redactForeign(text).includes(` ${word} `));
      assert.equal(secrets.redactForeign(`it is ${word}!`), "it is ***!");
    });
  }
});

test("addQuery() remembers what is secret in an address, also a short one", async (t) => {
  const addresses: readonly (readonly [address: string, shown: string])[] = [
    ["https://h/i.json?token=S3cret99&x=main", "https://h/i.json?token=***&x=main"],
    ["https://h/i.json?x=main&token=abc", "https://h/i.json?x=main&***"],
    ["https://h/i.json?sig=a%2Fbcdefgh", "https://h/i.json?sig=***"],
    ["https://h/i.json#access_token=S3cret99", "https://h/i.json#access_token=***"],
    ["https://h/i.json?code=utf8code1&policy=newest123", "https://h/i.json?code=utf8code1&policy=newest123"],
    ["https://h/i.json?ref=mainbranch1", "https://h/i.json?ref=mainbranch1"],
  ];
  for (const [address, shown] of addresses) {
    await t.test(address, () => {
      const secrets = createSecrets();
      secrets.addQuery(address);
      assert.equal(secrets.redactKnown(address), shown);
      assert.equal(secrets.redactKnown(decodeURIComponent(address)), shown);
    });
  }
});

const LOOKS_LIKE: readonly (readonly [text: string, shown: string])[] = [
  ["Authorization: Basic dXNlcjpwYXNz", "Authorization: Basic ***"],
  ["authorization: bearer eyJhbGciOi.abc_-d1", "authorization: bearer ***"],
  ["see jane:pass@10.0.0.1:5000/x", "see ***@10.0.0.1:5000/x"],
  ["see ssh://user:pass@host/x", "see ssh://***@host/x"],
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
  "write to mailto:me@example.com",
  "git+ssh://git@github.com/me/app, ssh://git@host/x",
  "curl:bincache@8.14.1",
];

test("redact() leaves ordinary text as it is", async (t) => {
  for (const text of ORDINARY) {
    await t.test(text, () => {
      assert.equal(createSecrets().redact(text), text);
      assert.equal(createSecrets().redactKnown(text), text);
    });
  }
});

test("redact() takes time that grows with the text, however it is made", () => {
  const secrets = createSecrets();
  secrets.add(PASSWORD);
  for (const part of ["bearer+", "a://", "?token", "https://a@", "&sig=", "auth: ", '"password'])
    assert.equal(typeof secrets.redact(part.repeat(8192 / part.length)), "string");
});
