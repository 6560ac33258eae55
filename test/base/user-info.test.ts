import assert from "node:assert/strict";
import { test } from "node:test";
import { hasUserInfo, refuseUserInfo } from "../../src/base/user-info.ts";

const WITH: readonly string[] = [
  "https://jane:S3cretPw@host/index.json",
  "https://S3cretPw@host/",
  "https://:S3cretPw@host",
  "HTTP://jane:S3cret@Pw@host:5000/",
  "https:\\\\jane:S3cretPw@host\\x",
  " ht\ttps://jane:S3cretPw@host/",
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

const WITHOUT: readonly string[] = [
  "https://host/@scope/x",
  "https://host/?to=me@example.com",
  "https://host/#a@b",
  "oci://ghcr.io/me/index@sha256:00",
  "ghcr.io/me/index@sha256:00",
  "oci:dir/a@b",
  "",
];

test("refuseUserInfo() accepts every other address", () => {
  for (const url of WITHOUT) refuseUserInfo(url, "CONFIG_INVALID");
});
