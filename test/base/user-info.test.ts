import assert from "node:assert/strict";
import { test } from "node:test";
import { hasUserInfo, refuseBareUserInfo, refuseUserInfo } from "../../src/base/user-info.ts";

const WITH: readonly string[] = [
  "https://jane:S3cretPw@host/index.json",
  "https://S3cretPw@host/",
  "https://:S3cretPw@host",
  "HTTP://jane:S3cret@Pw@host:5000/",
  "https:\\\\jane:S3cretPw@host\\x",
  " ht\ttps://jane:S3cretPw@host/",
  "https:///jane:S3cretPw@host/x",
  "https:/jane:S3cretPw@host/x",
  "https:jane:S3cretPw@host/x",
  "oci://jane:S3cretPw@host/me/index",
  "file://jane:S3cretPw@/tmp/x",
];

test("refuseUserInfo() refuses a URL with a user name or a password, and does not repeat it", async (t) => {
  for (const url of WITH) {
    await t.test(url, () => {
      assert.ok(hasUserInfo(url));
      assert.throws(
        () => refuseUserInfo(url, "CONFIG_INVALID"),
        (error) => {
          assert.ok(error instanceof Error && /: it holds a user name or a password$/.test(error.message));
          return !/S3cret|jane/.test(error.message);
        },
      );
    });
  }
});

const NOT_HOSTS: readonly string[] = ["trurl:bincache@8.14.1", "app:1@sha256:0123abcd", "app:latest@sha512:abcd"];

const WITHOUT: readonly string[] = [
  "https://host/@scope/x",
  "https://host/?to=me@example.com",
  "https://host/#a@b",
  "file:///a@b/index.json",
  "file:///tmp/a@b",
  "oci://ghcr.io/me/index@sha256:00",
  "ghcr.io/me/index@sha256:00",
  "oci:dir/a@b",
  "",
];

test("refuseBareUserInfo() refuses a password before a host, and does not repeat it", async (t) => {
  for (const text of ["jane:S3cretPw@ghcr.io/me/app", "jane:S3cretPw@ghcr.io", "jane:@host:5000/me/app:1"]) {
    await t.test(text, () => {
      assert.throws(
        () => refuseBareUserInfo(text, "REFERENCE_INVALID"),
        (error) => error instanceof Error && !/S3cret|jane/.test(error.message),
      );
    });
  }
});

test("refuseUserInfo() accepts every other address", () => {
  for (const url of WITHOUT) refuseUserInfo(url, "CONFIG_INVALID");
  for (const text of [
    ...WITHOUT,
    "ghcr.io/a:1@sha256:00",
    "localhost:5000/a@sha256:00",
    "trurl@8.14",
    "oci:a@b/c",
    ...NOT_HOSTS,
  ])
    refuseBareUserInfo(text, "REFERENCE_INVALID");
});
